import type { Annotation, ChatMessage, ToolCall, ToolRun } from '@candor/core'

/** What a message shows, in reading order. A closed union: what it does not know arrives as `unknown`, never as nothing. */
export type MessagePart =
  | { type: 'reasoning'; text: string; streaming: boolean; durationMs?: number }
  | { type: 'text'; text: string; markdown: boolean; streaming: boolean }
  | { type: 'refusal'; text: string; streaming: boolean }
  | { type: 'image'; url: string }
  | { type: 'audio'; url: string; transcript?: string }
  | { type: 'file'; name: string }
  | { type: 'tool-call'; call: ToolCall; run?: ToolRun }
  | { type: 'annotations'; annotations: readonly Annotation[] }
  | { type: 'unknown'; name: string; value: unknown }

/** The fields that `ChatAssistantMessage.reasoning` was gathered from. */
const reasoningFields = new Set([
  'reasoning',
  'reasoning_content',
  'reasoning_details',
  'thinking',
  'thinking_blocks',
])
const knownFields = new Set([
  'role',
  'content',
  'refusal',
  'tool_calls',
  'annotations',
  'audio',
  'name',
  'tool_call_id',
])

const argumentsStreaming: ToolRun = { status: 'arguments-streaming' }

/** Takes a message apart. */
export function messageParts(message: ChatMessage): MessagePart[] {
  return message.role === 'assistant' ? answerParts(message) : contentParts(message.message)
}

function contentParts(message: Exclude<ChatMessage, { role: 'assistant' }>['message']): MessagePart[] {
  const { content } = message
  const parts: MessagePart[] =
    typeof content === 'string'
      ? [{ type: 'text', text: content, markdown: false, streaming: false }]
      : content.map((part): MessagePart => {
          switch (part.type) {
            case 'text':
              return { type: 'text', text: part.text, markdown: false, streaming: false }
            case 'image_url':
              return { type: 'image', url: part.image_url.url }
            case 'input_audio':
              return { type: 'audio', url: audioUrl(part.input_audio.format, part.input_audio.data) }
            case 'file':
              return { type: 'file', name: part.file.filename ?? part.file.file_id ?? '' }
            default: {
              const unknown: { type?: string } = part satisfies never
              return { type: 'unknown', name: unknown.type ?? 'part', value: part }
            }
          }
        })
  return [...parts, ...unknownFields(message)]
}

function answerParts(answer: Extract<ChatMessage, { role: 'assistant' }>): MessagePart[] {
  const { message } = answer.choice
  const streaming = answer.status === 'streaming'
  const isOpen = streaming || answer.status === 'submitted'
  const { content, refusal } = message
  const calls = message.tool_calls ?? []
  const hasText = content !== null && content !== ''
  const hasRefusal = refusal !== null && refusal !== undefined && refusal !== ''
  const stillThinking = streaming && !hasText && !hasRefusal && calls.length === 0

  const parts: MessagePart[] = []
  if (answer.reasoning !== '') {
    parts.push({ type: 'reasoning', text: answer.reasoning, streaming: stillThinking })
  }
  if (hasText) {
    const writing = streaming && !hasRefusal && calls.length === 0
    parts.push({ type: 'text', text: content, markdown: true, streaming: writing })
  }
  if (hasRefusal) parts.push({ type: 'refusal', text: refusal, streaming: streaming && calls.length === 0 })
  if (message.audio !== null && message.audio !== undefined) {
    const { data, transcript } = message.audio
    parts.push({ type: 'audio', url: audioUrl('wav', data), transcript })
  }
  for (const call of calls) {
    const run = answer.toolRuns[call.id] ?? (isOpen ? argumentsStreaming : undefined)
    parts.push({ type: 'tool-call', call, ...(run === undefined ? {} : { run }) })
  }
  const annotations = message.annotations ?? []
  if (annotations.length > 0) parts.push({ type: 'annotations', annotations })
  return [...parts, ...unknownFields(message)]
}

/** A field that a server added. One without content says nothing; an image among them is shown as one. */
function unknownFields(message: object): MessagePart[] {
  return Object.entries(message).flatMap(([name, value]: [string, unknown]): MessagePart[] => {
    const isEmpty =
      value === null ||
      value === undefined ||
      value === '' ||
      (typeof value === 'object' && Object.keys(value).length === 0)
    if (isEmpty || knownFields.has(name) || reasoningFields.has(name)) return []
    if (name === 'images' && Array.isArray(value)) {
      return value.map((image: { image_url?: { url?: unknown } }): MessagePart => {
        const url = image?.image_url?.url
        return typeof url === 'string' ? { type: 'image', url } : { type: 'unknown', name, value: image }
      })
    }
    return [{ type: 'unknown', name, value }]
  })
}

const audioUrl = (format: string, data: string): string =>
  `data:audio/${format === 'mp3' ? 'mpeg' : format};base64,${data}`

/** The words of a message as text, for copying: what was said, not what was thought. */
export function messageText(message: ChatMessage): string {
  return messageParts(message)
    .flatMap((part) => (part.type === 'text' || part.type === 'refusal' ? [part.text] : []))
    .join('\n\n')
}
