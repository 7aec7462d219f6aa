import type {
  AudioPart,
  ChatCompletionParams,
  CustomTool,
  FilePart,
  FunctionTool,
  ImagePart,
  JsonSchema,
  RefusalPart,
  ResponseFormat,
  TextPart,
  ToolCall,
  ToolChoice,
} from '../wire.ts'
import type { FromJsonSchema } from './FromJsonSchema.ts'

/** The name of a parameter of the specification. */
export type ParameterName = keyof {
  [Name in keyof ChatCompletionParams as string extends Name ? never : Name]: unknown
}

const nullableBoolean = { type: ['boolean', 'null'] } as const
const nullableText = { type: ['string', 'null'] } as const
const text = { type: 'string' } as const
// No specification states the lower limit and two servers take 0 or −1 for "no limit", so it is advice.
const tokenLimit = { type: ['integer', 'null'], advice: { type: ['integer', 'null'], minimum: 1 } } as const
const moderationMode = {
  type: ['object', 'null'],
  properties: { mode: { enum: ['score', 'block'] } },
  required: ['mode'],
} as const
const name = {
  type: 'string',
  pattern: '^[a-zA-Z0-9_-]{1,64}$',
  hint: 'a name of 1 to 64 letters, digits, _ and -',
} as const
const namedFunction = {
  type: 'object',
  properties: {
    type: { const: 'function' },
    function: { type: 'object', properties: { name: text }, required: ['name'] },
  },
  required: ['type', 'function'],
} as const
const namedCustom = {
  type: 'object',
  properties: {
    type: { const: 'custom' },
    custom: { type: 'object', properties: { name: text }, required: ['name'] },
  },
  required: ['type', 'custom'],
} as const

/** Marks the end of a stretch of the prompt that the server should cache. */
const prompt_cache_breakpoint = {
  type: 'object',
  properties: { mode: { const: 'explicit' }, ttl: { enum: ['30m', '12h'] } },
  required: ['mode'],
} as const

const textPart = {
  type: 'object',
  properties: { type: { const: 'text' }, text, prompt_cache_breakpoint },
  required: ['type', 'text'],
} as const

const parts = {
  text: textPart,
  image_url: {
    type: 'object',
    properties: {
      type: { const: 'image_url' },
      image_url: {
        type: 'object',
        properties: {
          url: {
            type: 'string',
            pattern: '^(https?://|data:)',
            hint: 'an http(s) address or a data: URL',
          },
          detail: { enum: ['auto', 'low', 'high', 'original'] },
        },
        required: ['url'],
      },
      prompt_cache_breakpoint,
    },
    required: ['type', 'image_url'],
  },
  input_audio: {
    type: 'object',
    properties: {
      type: { const: 'input_audio' },
      input_audio: {
        type: 'object',
        properties: {
          data: {
            type: 'string',
            pattern: '^(?!data:)',
            hint: 'the bytes as base64, without `data:` before it',
          },
          format: { enum: ['wav', 'mp3'] },
        },
        required: ['data', 'format'],
      },
      prompt_cache_breakpoint,
    },
    required: ['type', 'input_audio'],
  },
  file: {
    type: 'object',
    properties: {
      type: { const: 'file' },
      file: { type: 'object', properties: { file_data: text, file_id: text, filename: text } },
      prompt_cache_breakpoint,
    },
    required: ['type', 'file'],
  },
  refusal: {
    type: 'object',
    properties: { type: { const: 'refusal' }, refusal: text },
    required: ['type', 'refusal'],
  },
} as const

const tools = {
  function: {
    type: 'object',
    properties: {
      type: { const: 'function' },
      function: {
        type: 'object',
        properties: {
          name,
          description: { type: 'string', advice: { maxLength: 1024, type: 'string' } },
          parameters: { type: 'object' },
          strict: nullableBoolean,
        },
        required: ['name'],
      },
    },
    required: ['type', 'function'],
  },
  custom: {
    type: 'object',
    properties: {
      type: { const: 'custom' },
      custom: {
        type: 'object',
        properties: {
          name,
          description: text,
          format: {
            anyOf: [
              { type: 'object', properties: { type: { const: 'text' } }, required: ['type'] },
              {
                type: 'object',
                properties: {
                  type: { const: 'grammar' },
                  grammar: {
                    type: 'object',
                    properties: { definition: text, syntax: { enum: ['lark', 'regex'] } },
                    required: ['definition', 'syntax'],
                  },
                },
                required: ['type', 'grammar'],
              },
            ],
          },
        },
        required: ['name'],
      },
    },
    required: ['type', 'custom'],
  },
} as const

const called = { type: 'string', hint: 'the name of the tool that was called' } as const
const callId = { type: 'string', minLength: 1, hint: 'the id that its answer refers to' } as const
const toolCall = {
  anyOf: [
    {
      type: 'object',
      properties: {
        id: callId,
        type: { const: 'function' },
        function: {
          type: 'object',
          properties: {
            name: called,
            arguments: { type: 'string', hint: 'the JSON as text: JSON.stringify(value)' },
          },
          required: ['name', 'arguments'],
        },
      },
      required: ['id', 'type', 'function'],
    },
    {
      type: 'object',
      properties: {
        id: callId,
        type: { const: 'custom' },
        custom: {
          type: 'object',
          properties: { name: called, input: text },
          required: ['name', 'input'],
        },
      },
      required: ['id', 'type', 'custom'],
    },
  ],
  hint: 'an object with `id`, `type` and what was called',
} as const
const spoken = {
  type: ['object', 'null'],
  properties: { id: text },
  required: ['id'],
  hint: 'an object with the `id` of an earlier spoken answer, or null',
} as const

// Without `content`, which depends on the role and takes kinds of parts that only some servers know.
const messages = {
  developer: { type: 'object', properties: { name: text } },
  system: { type: 'object', properties: { name: text } },
  user: { type: 'object', properties: { name: text } },
  assistant: {
    type: 'object',
    properties: {
      name: text,
      refusal: nullableText,
      audio: spoken,
      tool_calls: { type: 'array', items: toolCall, minItems: 1, hint: 'at least one call, or leave it out' },
    },
  },
  tool: {
    type: 'object',
    properties: {
      tool_call_id: { type: 'string', minLength: 1, hint: 'the id of the tool call that it answers' },
    },
    required: ['tool_call_id'],
  },
} as const

const parameters = {
  messages: { type: 'array', minItems: 1 },
  model: { type: 'string', minLength: 1, hint: 'the id of a model' },
  audio: {
    type: ['object', 'null'],
    properties: {
      format: { type: 'string', known: ['wav', 'aac', 'mp3', 'flac', 'opus', 'pcm16'] },
      voice: {
        anyOf: [text, { type: 'object', properties: { id: text }, required: ['id'] }],
        hint: 'the name of a voice, or { id }',
      },
    },
    required: ['format', 'voice'],
  },
  frequency_penalty: { type: ['number', 'null'], minimum: -2, maximum: 2, default: 0 },
  logit_bias: {
    type: ['object', 'null'],
    propertyNames: { pattern: '^\\d+$', hint: 'a token id as a decimal number' },
    additionalProperties: {
      type: 'number',
      minimum: -100,
      maximum: 100,
      advice: { type: 'integer', minimum: -100, maximum: 100 },
    },
    hint: 'an object of token id → -100 to 100, or null',
    default: null,
  },
  logprobs: { ...nullableBoolean, default: false },
  max_completion_tokens: tokenLimit,
  max_tokens: tokenLimit,
  metadata: {
    type: ['object', 'null'],
    maxProperties: 16,
    propertyNames: { maxLength: 64, type: 'string' },
    additionalProperties: { type: 'string', maxLength: 512 },
    hint: 'an object of at most 16 texts (keys of at most 64 characters, values of at most 512), or null',
  },
  modalities: {
    type: ['array', 'null'],
    items: { enum: ['text', 'audio'] },
    hint: 'a list of "text" and "audio", or null',
    default: ['text'],
  },
  moderation: {
    type: ['object', 'null'],
    properties: {
      model: text,
      policy: {
        type: ['object', 'null'],
        properties: { input: moderationMode, output: moderationMode },
      },
    },
    required: ['model'],
  },
  n: { type: ['integer', 'null'], minimum: 1, maximum: 128, default: 1 },
  parallel_tool_calls: { type: 'boolean', default: true },
  prediction: {
    type: ['object', 'null'],
    properties: {
      type: { const: 'content' },
      content: { anyOf: [text, { type: 'array', items: textPart }], hint: 'a text, or a list of text parts' },
    },
    required: ['type', 'content'],
  },
  presence_penalty: { type: ['number', 'null'], minimum: -2, maximum: 2, default: 0 },
  prompt_cache_key: nullableText,
  prompt_cache_options: {
    type: 'object',
    properties: { mode: { enum: ['implicit', 'explicit'] }, ttl: { enum: ['30m'] } },
  },
  prompt_cache_retention: { enum: ['in_memory', '24h', null] },
  reasoning_effort: {
    type: ['string', 'null'],
    known: ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max', null],
    default: 'medium',
  },
  response_format: {
    anyOf: [
      { type: 'object', properties: { type: { const: 'text' } }, required: ['type'] },
      { type: 'object', properties: { type: { const: 'json_object' } }, required: ['type'] },
      {
        type: 'object',
        properties: {
          type: { const: 'json_schema' },
          json_schema: {
            type: 'object',
            properties: { name, description: text, schema: { type: 'object' }, strict: nullableBoolean },
            required: ['name'],
          },
        },
        required: ['type', 'json_schema'],
      },
    ],
    hint: '{ type: "text" }, { type: "json_object" } or { type: "json_schema", json_schema: { name, schema } }',
    default: { type: 'text' },
  },
  safety_identifier: { ...nullableText, advice: { ...nullableText, maxLength: 128 } },
  seed: {
    type: ['integer', 'null'],
    hint: 'a whole number from -2^63 to 2^63-1 (beyond ±(2^53-1) as a bigint or a decimal string), or null',
  },
  service_tier: {
    type: ['string', 'null'],
    known: ['auto', 'default', 'flex', 'scale', 'priority', 'fast', null],
    default: 'auto',
  },
  stop: {
    anyOf: [text, { type: 'array', items: text, minItems: 1, maxItems: 4 }, { type: 'null' }],
    hint: 'a text, a list of 1 to 4 texts, or null',
  },
  store: { ...nullableBoolean, default: false },
  stream: { ...nullableBoolean, default: false },
  stream_options: {
    type: ['object', 'null'],
    properties: { include_usage: { type: 'boolean' }, include_obfuscation: { type: 'boolean' } },
  },
  temperature: { type: ['number', 'null'], minimum: 0, maximum: 2, default: 1 },
  tool_choice: {
    anyOf: [
      { type: 'string', enum: ['none', 'auto', 'required'] },
      namedFunction,
      namedCustom,
      {
        type: 'object',
        properties: {
          type: { const: 'allowed_tools' },
          allowed_tools: {
            type: 'object',
            properties: {
              mode: { enum: ['auto', 'required'] },
              tools: { type: 'array', items: { type: 'object' } },
            },
            required: ['mode', 'tools'],
          },
        },
        required: ['type', 'allowed_tools'],
      },
    ],
    hint: '"none", "auto", "required", or an object with `type` "function", "custom" or "allowed_tools"',
    default: 'auto',
  },
  tools: { type: 'array', minItems: 1, hint: 'a list of at least 1 tool, or leave it out' },
  top_logprobs: { type: ['integer', 'null'], minimum: 0, maximum: 20 },
  top_p: { type: ['number', 'null'], minimum: 0, maximum: 1, default: 1 },
  user: text,
  verbosity: { type: ['string', 'null'], known: ['low', 'medium', 'high', null], default: 'medium' },
  web_search_options: {
    type: 'object',
    properties: {
      search_context_size: { enum: ['low', 'medium', 'high'], default: 'medium' },
      user_location: {
        type: ['object', 'null'],
        properties: {
          type: { const: 'approximate' },
          approximate: {
            type: 'object',
            properties: { city: text, country: text, region: text, timezone: text },
          },
        },
        required: ['type', 'approximate'],
      },
    },
  },
} as const

/**
 * Every parameter of the specification as JSON Schema: the one source of its checks and of its page in the
 * documentation; a type test holds it to the types in `wire.ts`. Three keywords are ours: `known` lists the values that
 * OpenAI knows where servers have others, `advice` is a narrower schema whose violation is a warning, `hint` says in
 * words what the schema says.
 *
 * JSON Schema rather than zod: zod/mini takes 8.6 kB gzipped for this table, four times what it takes so; the checker of
 * tool arguments, which is here anyway, reads this table as well.
 */
export const PARAMETERS: { readonly [Name in ParameterName]: JsonSchema } = parameters satisfies Unless<Drift>

/** What each kind of content part must look like, by its `type`. */
export const PARTS: { readonly [type: string]: JsonSchema } = parts satisfies Unless<KindDrift>

/** What a tool must look like, by its `type`. */
export const TOOLS: { readonly [type: string]: JsonSchema } = tools

/** What a message must look like beside its content, by its `role`. */
export const MESSAGES: { readonly [role: string]: JsonSchema } = messages

/** Whether the specification has a parameter of this name. */
export function isParameterName(key: string): key is ParameterName {
  return Object.hasOwn(PARAMETERS, key)
}

// The table does not compile unless it accepts what the types say and the types say what it accepts. Messages and tools
// are checked by their kind, `seed` has two forms that JSON does not, and a type cannot say "any JSON" both ways.
type Filled<Value> = Value extends string
  ? string extends Value
    ? string
    : Value
  : Value extends readonly unknown[]
    ? Filled<Value[number]>[]
    : Value extends object
      ? { [Key in keyof Value]-?: Filled<Exclude<Value[Key], undefined>> }
      : Value
type Accepts<Given, Wanted> = [Given] extends [Wanted] ? true : false
type Agree<Left, Right> =
  Accepts<Filled<Left>, Filled<Right>> extends true ? Accepts<Filled<Right>, Filled<Left>> : false
type Checked = Exclude<ParameterName, 'messages' | 'tools' | 'seed' | 'response_format' | 'tool_choice'>
type Drift = {
  [Name in Checked]: Agree<
    FromJsonSchema<(typeof parameters)[Name]>,
    Exclude<ChatCompletionParams[Name], undefined>
  > extends true
    ? never
    : Name
}[Checked]
type Kinds = {
  text: Agree<FromJsonSchema<(typeof parts)['text']>, TextPart>
  image_url: Agree<FromJsonSchema<(typeof parts)['image_url']>, ImagePart>
  input_audio: Agree<FromJsonSchema<(typeof parts)['input_audio']>, AudioPart>
  file: Agree<FromJsonSchema<(typeof parts)['file']>, FilePart>
  refusal: Agree<FromJsonSchema<(typeof parts)['refusal']>, RefusalPart>
  toolCall: Agree<FromJsonSchema<typeof toolCall>, ToolCall>
  function: Accepts<FromJsonSchema<(typeof tools)['function']>, FunctionTool>
  custom: Agree<FromJsonSchema<(typeof tools)['custom']>, CustomTool>
  response_format: Accepts<FromJsonSchema<(typeof parameters)['response_format']>, ResponseFormat>
  tool_choice: Accepts<FromJsonSchema<(typeof parameters)['tool_choice']>, ToolChoice>
}
type KindDrift = { [Kind in keyof Kinds]: Kinds[Kind] extends true ? never : Kind }[keyof Kinds]
type Unless<Drifted> = [Drifted] extends [never] ? unknown : Drifted
