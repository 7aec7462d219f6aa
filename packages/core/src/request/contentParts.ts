import type { AudioPart, FilePart, ImagePart, PromptCacheBreakpoint, TextPart, ToolMessage } from '../wire.ts'

/** What every content part may have beside its content. */
export interface PartOptions {
  /** Marks the end of a stretch of the prompt that the server should cache. */
  cacheBreakpoint?: PromptCacheBreakpoint
}

/** How a picture is looked at. */
export interface ImagePartOptions extends PartOptions {
  /** How closely; more detail costs more tokens. @default the server's own, usually `auto` */
  detail?: 'auto' | 'low' | 'high' | 'original'
}

/** Words as a content part. */
export function textPart(text: string, options: PartOptions = {}): TextPart {
  return { type: 'text', text, ...breakpointOf(options) }
}

/** A picture by its address (http, https or data:). The server fetches it; several local ones do not. */
export function imagePart(source: string | URL, options?: ImagePartOptions): ImagePart
/** A picture from a `File` or `Blob`, as a data: URL. Throws where it is no picture. */
export function imagePart(source: Blob, options?: ImagePartOptions): Promise<ImagePart>
export function imagePart(
  source: string | URL | Blob,
  options: ImagePartOptions = {},
): ImagePart | Promise<ImagePart> {
  const part = (url: string): ImagePart => ({
    type: 'image_url',
    image_url: { url, ...(options.detail !== undefined && { detail: options.detail }) },
    ...breakpointOf(options),
  })
  if (!(source instanceof Blob)) return part(String(source))
  if (!source.type.startsWith('image/')) {
    throw new TypeError(
      `A picture cannot be made of ${describeBlob(source)}. Give a File or Blob whose type begins with image/.`,
    )
  }
  return dataURL(source).then(part)
}

const AUDIO_FORMATS: { readonly [type: string]: AudioPart['input_audio']['format'] } = {
  'audio/wav': 'wav',
  'audio/wave': 'wav',
  'audio/x-wav': 'wav',
  'audio/vnd.wave': 'wav',
  'audio/mpeg': 'mp3',
  'audio/mp3': 'mp3',
}

/** A sound from a `File` or `Blob` of WAV or MP3. Throws on other types: no server takes them. */
export async function audioPart(source: Blob, options: PartOptions = {}): Promise<AudioPart> {
  const format = AUDIO_FORMATS[source.type.split(';')[0]?.toLowerCase() ?? '']
  if (format === undefined) {
    throw new TypeError(
      `A sound cannot be sent as ${describeBlob(source)}. Servers take WAV and MP3: convert it first.`,
    )
  }
  return {
    type: 'input_audio',
    input_audio: { data: await base64(source), format },
    ...breakpointOf(options),
  }
}

/** What a file part may have. */
export interface FilePartOptions extends PartOptions {
  /** The name that the model is told. @default the `File`'s own */
  filename?: string
}

/** A file that was uploaded before, by its id. */
export function filePart(source: { readonly fileId: string }, options?: FilePartOptions): FilePart
/** A `File` or `Blob` (a PDF, say) within the request, as a data: URL. */
export function filePart(source: Blob, options?: FilePartOptions): Promise<FilePart>
export function filePart(
  source: Blob | { readonly fileId: string },
  options: FilePartOptions = {},
): FilePart | Promise<FilePart> {
  if (!(source instanceof Blob)) {
    const { filename } = options
    return {
      type: 'file',
      file: { file_id: source.fileId, ...(filename !== undefined && { filename }) },
      ...breakpointOf(options),
    }
  }
  const filename = options.filename ?? ('name' in source ? String(source.name) : undefined)
  return dataURL(source).then((file_data) => ({
    type: 'file',
    file: { file_data, ...(filename !== undefined && { filename }) },
    ...breakpointOf(options),
  }))
}

/**
 * The answer to a tool call from a value: text as it is, text parts as they are, anything else as JSON; nothing
 * (`undefined`) as `Done.`, since some chat templates cannot place an empty answer. Throws what JSON cannot say.
 */
export function toolMessage(toolCallId: string, value: unknown): ToolMessage {
  const content = typeof value === 'string' || isTextParts(value) ? value : (JSON.stringify(value) ?? 'Done.')
  return { role: 'tool', tool_call_id: toolCallId, content }
}

function isTextParts(value: unknown): value is TextPart[] {
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.every(
      (part: unknown) => typeof part === 'object' && part !== null && 'type' in part && part.type === 'text',
    )
  )
}

function breakpointOf({ cacheBreakpoint }: PartOptions): { prompt_cache_breakpoint?: PromptCacheBreakpoint } {
  return cacheBreakpoint === undefined ? {} : { prompt_cache_breakpoint: cacheBreakpoint }
}

function describeBlob(blob: Blob): string {
  const kind = blob.type === '' ? 'a file of unknown type' : blob.type
  return 'name' in blob ? `${kind} (${String(blob.name)})` : kind
}

async function dataURL(blob: Blob): Promise<string> {
  return `data:${blob.type || 'application/octet-stream'};base64,${await base64(blob)}`
}

async function base64(blob: Blob): Promise<string> {
  const bytes = new Uint8Array(await blob.arrayBuffer())
  let text = ''
  // A multiple of three bytes encodes without padding; more arguments than this overflow the stack in some engines.
  const step = 3 * 8192
  for (let start = 0; start < bytes.length; start += step) {
    text += btoa(String.fromCharCode(...bytes.subarray(start, start + step)))
  }
  return text
}
