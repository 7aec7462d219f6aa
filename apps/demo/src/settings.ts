import type { ChatCompletionParams, EndpointProfile, JsonSchema, ResponseFormat } from '@candor/core'

/** The form of the answers: words, any JSON object, or JSON of the schema that was typed. */
export type AnswerFormat = 'text' | 'json_object' | 'json_schema'

/** The numeric parameters. */
export type FigureName = 'n' | 'temperature' | 'top_p' | 'seed' | 'max_tokens' | 'top_logprobs'

/** Figures by name. One that is absent is the connection's own default; `null` leaves the parameter out. */
export type Figures = { readonly [name in FigureName]?: number | null }

/** What the reader can set for a thread. */
export interface Settings {
  figures: Figures
  /** Texts at which the answer ends. */
  stop: readonly string[]
  /** Instructions, sent before the conversation; `''` sends none. */
  system: string
  logprobs: boolean
  tools: boolean
  format: AnswerFormat
  /** A JSON Schema as it was typed, valid or not; used with `json_schema`. */
  schema: string
}

export const EXAMPLE_SCHEMA = `{
  "type": "object",
  "properties": {
    "name": { "type": "string" },
    "age": { "type": "integer" },
    "city": { "type": "string" }
  },
  "required": ["name", "age", "city"],
  "additionalProperties": false
}`

export const INITIAL_SETTINGS: Settings = {
  figures: {},
  stop: [],
  system: '',
  logprobs: true,
  tools: false,
  format: 'text',
  schema: EXAMPLE_SCHEMA,
}

/**
 * At a higher temperature half of this model's answers go astray in their first words. Left alone it can also write
 * until its context is full, and it is the reader's own processor that writes.
 */
export const EMBEDDED_DEFAULTS: Figures = { temperature: 0, max_tokens: 256, top_logprobs: 5 }

/** Other servers know best what they start from, and some refuse a temperature; so only the alternatives are asked for. */
export const ENDPOINT_DEFAULTS: Figures = { top_logprobs: 5 }

/** Where the default is 0: choices of one request would all be the same. */
const CHOICES_TEMPERATURE = 0.8

/** The figure that will be sent; `undefined` when none will. */
export function figure(settings: Settings, defaults: Figures, name: FigureName): number | undefined {
  const chosen = settings.figures[name]
  if (chosen !== undefined) return chosen ?? undefined
  const byDefault = defaults[name] ?? undefined
  const areAlike = name === 'temperature' && byDefault === 0 && (settings.figures.n ?? 1) > 1
  return areAlike ? CHOICES_TEMPERATURE : byDefault
}

/** Why the typed schema cannot be sent, in one sentence; `undefined` when it can. */
export function schemaProblem(schema: string): string | undefined {
  try {
    const value: unknown = JSON.parse(schema)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return undefined
    return 'A schema is a JSON object, such as {"type": "object"}.'
  } catch (error) {
    return `This is not JSON yet: ${error instanceof Error ? error.message : String(error)}.`
  }
}

function responseFormat(settings: Settings): ResponseFormat | undefined {
  if (settings.format === 'text') return undefined
  if (settings.format === 'json_object') return { type: 'json_object' }
  // While the schema is half typed, any JSON is nearer to what was meant than plain words.
  if (schemaProblem(settings.schema) !== undefined) return { type: 'json_object' }
  const schema: JsonSchema = JSON.parse(settings.schema)
  return { type: 'json_schema', json_schema: { name: 'answer', strict: true, schema } }
}

/** The parameters of a thread's requests, by their wire names: what was set, and nothing else. */
export function requestParams(
  settings: Settings,
  defaults: Figures,
  profile: EndpointProfile | undefined,
): Partial<Omit<ChatCompletionParams, 'messages' | 'stream' | 'model'>> {
  const params: Partial<ChatCompletionParams> = {}
  const limit =
    profile?.rename?.max_tokens === 'max_completion_tokens' ? 'max_completion_tokens' : 'max_tokens'
  const n = figure(settings, defaults, 'n')
  const temperature = figure(settings, defaults, 'temperature')
  const topP = figure(settings, defaults, 'top_p')
  const seed = figure(settings, defaults, 'seed')
  const maxTokens = figure(settings, defaults, 'max_tokens')
  const topLogprobs = figure(settings, defaults, 'top_logprobs')
  const format = responseFormat(settings)
  if (n !== undefined) params.n = n
  if (temperature !== undefined) params.temperature = temperature
  if (topP !== undefined) params.top_p = topP
  if (seed !== undefined) params.seed = seed
  if (maxTokens !== undefined) params[limit] = maxTokens
  if (settings.stop.length > 0) params.stop = [...settings.stop]
  if (settings.logprobs && !refusesLogprobs(profile)) {
    params.logprobs = true
    if (topLogprobs !== undefined) params.top_logprobs = topLogprobs
  }
  if (format !== undefined) params.response_format = format
  if (reportsUsage(profile)) params.stream_options = { include_usage: true }
  return params
}

/** Whether the server is known to count an answer's tokens when it is asked to. One that is not known may refuse. */
function reportsUsage(profile: EndpointProfile | undefined): boolean {
  const support = profile?.parameters?.stream_options?.support
  return profile !== undefined && support !== 'refused' && support !== 'ignored'
}

/** Whether the server answers a request for logprobs with an error. */
export function refusesLogprobs(profile: EndpointProfile | undefined): boolean {
  return profile?.parameters?.logprobs?.support === 'refused'
}

/** The instructions to send: what was typed, and the word JSON where JSON mode would be refused without it. */
export function instructions(settings: Settings): string {
  const needsTheWord = settings.format === 'json_object' && !/json/i.test(settings.system)
  return [settings.system.trim(), needsTheWord ? 'Answer in JSON.' : ''].filter(Boolean).join('\n\n')
}
