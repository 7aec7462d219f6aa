import type { ChatMessage, ContentPart } from '@candor/core'

/** A message without the bytes of its pictures, sounds and files; words say what stood there. */
export function withoutFiles(message: ChatMessage): ChatMessage {
  if (message.role === 'user' && Array.isArray(message.message.content)) {
    const parts = message.message.content
    const light = parts.map(withoutBytes)
    return light.every((part, place) => part === parts[place])
      ? message
      : { ...message, message: { ...message.message, content: light } }
  }
  if (message.role === 'assistant' && message.choice.message.audio?.data) {
    const { choice } = message
    const audio = { ...message.choice.message.audio, data: '' }
    return { ...message, choice: { ...choice, message: { ...choice.message, audio } } }
  }
  return message
}

function withoutBytes(part: ContentPart): ContentPart {
  switch (part.type) {
    case 'text':
      return part
    case 'image_url':
      return part.image_url.url.startsWith('data:') ? placeholder('picture') : part
    case 'input_audio':
      return placeholder('sound')
    case 'file':
      return part.file.file_data === undefined ? part : placeholder(part.file.filename ?? 'file')
    default: {
      const unknown: never = part
      return unknown
    }
  }
}

function placeholder(what: string): ContentPart {
  return { type: 'text', text: `[${what}: not kept in this browser]` }
}
