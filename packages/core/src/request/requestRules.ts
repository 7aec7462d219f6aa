import { isObject } from './checkJson.ts'
import { saysJson } from './checkMessages.ts'
import type { EndpointProfile } from './EndpointProfile.ts'
import type { ParameterName } from './parameters.ts'
import type { RequestIssue } from './RequestIssue.ts'

type Params = { readonly [Name in ParameterName]?: unknown }

/** A rule that binds parameters to one another. */
export interface RequestRule {
  /** The parameter at which a breach is reported. */
  readonly path: ParameterName
  readonly code: string
  readonly level: RequestIssue['level'] | ((profile: EndpointProfile | undefined) => RequestIssue['level'])
  /** Whether the parameters break it. */
  readonly isBroken: (params: Params) => boolean
  readonly problem: string
  readonly hint: string
}

/** Absent, or null where the specification takes null for absent. */
function isSet(value: unknown): boolean {
  return value !== undefined && value !== null
}

/** Every rule of the specification that binds parameters to one another; the documentation lists them from here. */
export const REQUEST_RULES: readonly RequestRule[] = [
  {
    path: 'top_logprobs',
    code: 'needs-other',
    level: 'error',
    isBroken: (params) => isSet(params.top_logprobs) && params.logprobs !== true,
    problem: '`top_logprobs` stands without `logprobs`.',
    hint: 'It needs `logprobs: true`.',
  },
  {
    path: 'stream_options',
    code: 'needs-other',
    level: 'error',
    isBroken: (params) => isSet(params.stream_options) && params.stream !== true,
    problem: '`stream_options` stands without a stream.',
    hint: 'It needs `stream: true`.',
  },
  {
    path: 'tool_choice',
    code: 'needs-other',
    level: 'error',
    isBroken: (params) => isSet(params.tool_choice) && params.tools === undefined,
    problem: '`tool_choice` stands without tools.',
    hint: 'It needs `tools`.',
  },
  {
    path: 'parallel_tool_calls',
    code: 'needs-other',
    level: 'error',
    isBroken: (params) => isSet(params.parallel_tool_calls) && params.tools === undefined,
    problem: '`parallel_tool_calls` stands without tools.',
    hint: 'It needs `tools`.',
  },
  {
    path: 'audio',
    code: 'needs-other',
    level: 'error',
    isBroken: (params) => asksForAudio(params) && !isSet(params.audio),
    problem: '`modalities` asks for audio, and nothing says how it should sound.',
    hint: 'It needs `audio: { format, voice }`.',
  },
  {
    path: 'audio',
    code: 'needs-other',
    level: 'warning',
    isBroken: (params) => isSet(params.audio) && !asksForAudio(params),
    problem: '`audio` says how the answer should sound, and `modalities` does not ask for sound.',
    hint: "It takes `modalities: ['text', 'audio']`.",
  },
  {
    path: 'max_tokens',
    code: 'not-together',
    level: 'warning',
    isBroken: (params) => isSet(params.max_tokens) && isSet(params.max_completion_tokens),
    problem: '`max_tokens` stands beside `max_completion_tokens`, which is its newer name.',
    hint: 'Give one of them: OpenAI refuses both.',
  },
  {
    path: 'temperature',
    code: 'not-together',
    level: 'warning',
    isBroken: (params) => isSet(params.temperature) && isSet(params.top_p),
    problem: '`temperature` and `top_p` both narrow what is drawn, so the effect of either is hard to tell.',
    hint: 'Change one of them.',
  },
  {
    path: 'metadata',
    code: 'needs-other',
    level: 'warning',
    isBroken: (params) => isSet(params.metadata) && params.store !== true,
    problem: '`metadata` is kept with a stored completion, and this one is not stored.',
    hint: 'OpenAI ties it to `store: true`.',
  },
  {
    path: 'messages',
    code: 'json-not-mentioned',
    level: (profile) => (profile?.jsonModeNeedsTheWord === false ? 'warning' : 'error'),
    isBroken: ({ response_format: format, messages }) =>
      isObject(format) && format.type === 'json_object' && Array.isArray(messages) && !saysJson(messages),
    problem: 'JSON mode is on, and no message says "JSON": the model would write blanks until it is cut off.',
    hint: 'Say in a message that the answer must be JSON.',
  },
  {
    path: 'prompt_cache_options',
    code: 'unusual',
    level: 'warning',
    isBroken: ({ messages }) => countBreakpoints(messages) > 4,
    problem: 'More than 4 content parts have a `prompt_cache_breakpoint`.',
    hint: 'At most 4 are written for one request.',
  },
  {
    path: 'store',
    code: 'unusual',
    level: 'warning',
    isBroken: ({ store, messages }) => store === true && hasLargePicture(messages),
    problem: 'A picture of more than 8 MB is not kept with a stored completion.',
    hint: 'Make it smaller, or give its address.',
  },
]

const MAX_STORED_BYTES = 8 * 1024 * 1024

function hasLargePicture(messages: unknown): boolean {
  return partsOf(messages).some((part) => {
    const url = isObject(part.image_url) ? part.image_url.url : undefined
    // Base64 takes four characters for three bytes.
    return typeof url === 'string' && url.startsWith('data:') && url.length * 0.75 > MAX_STORED_BYTES
  })
}

function partsOf(messages: unknown): { [field: string]: unknown }[] {
  if (!Array.isArray(messages)) return []
  return messages.flatMap((message: unknown) =>
    isObject(message) && Array.isArray(message.content) ? message.content.filter(isObject) : [],
  )
}

function asksForAudio({ modalities }: Params): boolean {
  return Array.isArray(modalities) && modalities.includes('audio')
}

function countBreakpoints(messages: unknown): number {
  return partsOf(messages).filter((part) => isSet(part.prompt_cache_breakpoint)).length
}
