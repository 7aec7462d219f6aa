import type { JsonSchema } from '../wire.ts'
import type { StrictSchemaLimits } from './checkStrictSchema.ts'
import type { ParameterName } from './parameters.ts'

/** What a server makes of one parameter, where it is not what the specification says. */
export interface ParameterFact {
  /**
   * - `refused`: it answers with an error;
   * - `ignored`: it answers as if the parameter were not there, without a word;
   * - `limited`: it takes only what `schema` says;
   * - `wider`: it takes all that `schema` says, also beyond the specification;
   * - `deprecated`: it works, and something else is meant to replace it.
   */
  readonly support: 'refused' | 'ignored' | 'limited' | 'wider' | 'deprecated'
  /** Why, or what to do instead, in one sentence. */
  readonly reason: string
  /** What it takes, with `limited` and `wider`. */
  readonly schema?: JsonSchema
  /** Another parameter whose value makes this void, such as `thinking` that is switched off. */
  readonly unless?: { readonly parameter: string; readonly schema: JsonSchema }
}

/** How a server is made to continue a half-written answer. */
export type PrefillDialect =
  /** The last message is the assistant's, without any mark. */
  | { readonly style: 'trailing' }
  /** The last message is the assistant's, with `continue_final_message: true, add_generation_prompt: false` beside. */
  | { readonly style: 'body-flags' }
  /** The last message is the assistant's, marked with `prefix: true` (or `partial`), at `baseURL` if one is named. */
  | { readonly style: 'message-flag'; readonly flag: 'prefix' | 'partial'; readonly baseURL?: string }
  /** It cannot. */
  | { readonly style: 'none' }

/** Roles in the order of a conversation, as a server's chat template wants them. Each breach is a warning. */
export interface SequenceFacts {
  /** Roles that the last message may have (an assistant message marked for prefill always may). */
  readonly lastRoles?: readonly string[]
  /** No user message right after a tool message. */
  readonly noUserAfterTool?: boolean
  /** User and assistant take turns. */
  readonly alternating?: boolean
  /** One system message at most, and at the beginning. */
  readonly oneLeadingSystem?: boolean
  /** Not two assistant messages at the end. */
  readonly noTwoTrailingAssistants?: boolean
}

/** What a server makes of messages. */
export interface MessageFacts {
  /** Roles that it does not know, and the role that it takes instead. */
  readonly roles?: { readonly [role: string]: string }
  /** Fields of assistant messages beyond the specification's that it wants back, such as `reasoning_content`. */
  readonly keep?: readonly string[]
  /** Fields of tool calls beyond the specification's that it wants back, such as `extra_content`. */
  readonly keepOnToolCalls?: readonly string[]
  /** Fields of the specification that it refuses, with the reason. */
  readonly refused?: { readonly [field: string]: string }
  /** What it makes of fields that neither the specification nor `keep` names. @default 'ignored' */
  readonly unknownFields?: 'refused' | 'ignored'
  /** Kinds of content parts that it takes beyond the specification's. */
  readonly parts?: readonly string[]
  /** Kinds of content parts of the specification that it refuses, with the reason. */
  readonly refusedParts?: { readonly [kind: string]: string }
  /** It takes pictures only as `data:` URLs. */
  readonly imagesAsDataOnly?: boolean
  /** It refuses `content: null` beside tool calls and wants `''`. */
  readonly emptyContentAsText?: boolean
  /** The form that the ids of tool calls must have. */
  readonly toolCallId?: { readonly pattern: string; readonly hint: string }
  /** The order of roles that it wants. */
  readonly sequence?: SequenceFacts
}

/**
 * What one kind of server accepts, refuses and ignores, as plain data that anyone can write. `Extra` types the
 * parameters that only this server knows. What is left out is as the specification says.
 */
export interface EndpointProfile<Extra extends object = object> {
  /** A short stable name: `openai`, `vllm`, … */
  readonly id: string
  /** The name as people write it: `OpenAI`, `vLLM`, … */
  readonly name: string
  /** Where the server is found when the app does not say: everything before `path`. */
  readonly baseURL?: string
  /** The path after the base; `{model}` stands for the request's model. @default '/chat/completions' */
  readonly path?: string
  /** Query parameters of every request, such as Azure's `api-version`. */
  readonly query?: { readonly [name: string]: string }
  /** The header that carries the key, and what stands before it. @default Authorization: Bearer … */
  readonly auth?: { readonly header: string; readonly prefix: string }
  /** The environment variable in which people keep the key. @default 'API_KEY' */
  readonly keyVariable?: string

  /** Parameters that it calls otherwise: the specification's name → its own. */
  readonly rename?: { readonly [Name in ParameterName]?: string }
  /** Parameters of the specification that it treats otherwise. */
  readonly parameters?: { readonly [Name in ParameterName]?: ParameterFact }
  /** The same for some models only: the first pattern (a regular expression) that fits the model's id counts. */
  readonly models?: readonly {
    readonly pattern: string
    readonly parameters: { readonly [Name in ParameterName]?: ParameterFact }
  }[]
  /** Parameters that it knows beyond the specification's, each as JSON Schema. */
  readonly extraParameters?: { readonly [Name in keyof Extra]-?: JsonSchema }
  /** What it makes of parameters that nobody knows. @default 'ignored' */
  readonly unknownParameters?: 'refused' | 'ignored'
  /** Parameters that it refuses together, with the reason. */
  readonly conflicts?: readonly { readonly parameters: readonly string[]; readonly reason: string }[]

  /** What it makes of messages. */
  readonly messages?: MessageFacts
  /** How it is made to continue a half-written answer. @default none that is known */
  readonly prefill?: PrefillDialect
  /** Whether it refuses `json_object` when no message says "JSON". @default true */
  readonly jsonModeNeedsTheWord?: boolean
  /** What it makes of strict schemas: an `error` where it is known to refuse as OpenAI does. @default a warning */
  readonly strictSchema?: { readonly level: 'error' | 'warning'; readonly limits?: StrictSchemaLimits }
}
