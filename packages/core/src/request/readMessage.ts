import type {
  AudioPart,
  CompletionMessage,
  FilePart,
  ImagePart,
  RequestMessage,
  ToolMessage,
} from '../wire.ts'
import { isObject } from './checkJson.ts'

/** A message of a request or of an answer. */
export type AnyMessage = RequestMessage | CompletionMessage

/** A part of a message's content, of whatever kind: servers have kinds of their own. */
export interface AnyPart {
  readonly type: string
  readonly [field: string]: unknown
}

/** The words of a message: its text, or its text parts together; '' where it has none. */
export function messageText(message: { readonly content?: unknown }): string {
  return messageParts(message)
    .map((part) => (part.type === 'text' && typeof part.text === 'string' ? part.text : ''))
    .join('')
}

/** The content of a message as parts, in order: text that stands alone is one text part, null is none. */
export function messageParts(message: { readonly content?: unknown }): AnyPart[] {
  const { content } = message
  if (typeof content === 'string') return content === '' ? [] : [{ type: 'text', text: content }]
  return Array.isArray(content) ? content.filter(isPart) : []
}

function isPart(part: unknown): part is AnyPart {
  return isObject(part) && typeof part.type === 'string'
}

/** What a tool answered, as a value: parsed where it is JSON, else the text itself. */
export function toolMessageValue(message: ToolMessage): unknown {
  const text = messageText(message)
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/**
 * The bytes of a part that carries them (a picture or file as a data: URL, a sound), with their type; `null` where they
 * lie elsewhere (a web address, an uploaded file). Throws where the base64 is broken.
 */
export function partBlob(part: ImagePart | AudioPart | FilePart): Blob | null {
  switch (part.type) {
    case 'image_url':
      return dataBlob(part.image_url.url)
    case 'file':
      return part.file.file_data === undefined ? null : dataBlob(part.file.file_data)
    case 'input_audio': {
      const { data, format } = part.input_audio
      return new Blob([decodeBase64(data)], { type: format === 'mp3' ? 'audio/mpeg' : 'audio/wav' })
    }
    default: {
      const unknown: never = part
      return unknown
    }
  }
}

function dataBlob(url: string): Blob | null {
  const [, header = '', data] = /^data:([^,]*),(.*)$/s.exec(url) ?? []
  if (data === undefined) return null
  const type = header.replace(/;base64$/i, '')
  const isBase64 = /;base64$/i.test(header)
  return new Blob([isBase64 ? decodeBase64(data) : decodeURIComponent(data)], { type })
}

function decodeBase64(data: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(data), (character) => character.charCodeAt(0))
}
