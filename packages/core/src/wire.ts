/**
 * The API's own JSON, as sent and as received, with its own snake_case names: types only.
 *
 * Open where servers are open: every response object also carries the unknown fields that a server added, and every
 * closed set of the specification that servers extend (`finish_reason`, `service_tier`) accepts other strings.
 */

/** A string with known values that the editor completes, open to those that only one server knows. */
export type Open<Known extends string> = Known | (string & {})

/** Any JSON value, as `JSON.parse` returns it. */
export type JsonValue = string | number | boolean | null | JsonValue[] | { [key: string]: JsonValue }

// ---------------------------------------------------------------------------------------------------------------------
// Request: messages
// ---------------------------------------------------------------------------------------------------------------------

/** Marks the end of a stretch of the prompt that the server should cache. */
export interface PromptCacheBreakpoint {
  mode: 'explicit'
  ttl?: '30m' | '12h'
}

/** Words. */
export interface TextPart {
  type: 'text'
  text: string
  prompt_cache_breakpoint?: PromptCacheBreakpoint
}

/** A picture, by web address or as a `data:` URL. */
export interface ImagePart {
  type: 'image_url'
  image_url: { url: string; detail?: 'auto' | 'low' | 'high' | 'original' }
  prompt_cache_breakpoint?: PromptCacheBreakpoint
}

/** A sound, base64-encoded. */
export interface AudioPart {
  type: 'input_audio'
  input_audio: { data: string; format: 'wav' | 'mp3' }
  prompt_cache_breakpoint?: PromptCacheBreakpoint
}

/** A file, inline as base64 (`file_data`) or by the id of an upload (`file_id`). */
export interface FilePart {
  type: 'file'
  file: { file_data?: string; file_id?: string; filename?: string }
  prompt_cache_breakpoint?: PromptCacheBreakpoint
}

/** What the model said instead of answering, played back in an assistant message. */
export interface RefusalPart {
  type: 'refusal'
  refusal: string
}

/** A part that a user message may hold. */
export type ContentPart = TextPart | ImagePart | AudioPart | FilePart

/** Instructions, for models that know the `developer` role. */
export interface DeveloperMessage {
  role: 'developer'
  content: string | TextPart[]
  name?: string
}

/** Instructions, for models that know only the `system` role. */
export interface SystemMessage {
  role: 'system'
  content: string | TextPart[]
  name?: string
}

/** What the user said. */
export interface UserMessage {
  role: 'user'
  content: string | ContentPart[]
  name?: string
}

/** A function that the model asked for; `arguments` is JSON as text, as the model wrote it, valid or not. */
export interface FunctionToolCall {
  id: string
  type: 'function'
  function: { name: string; arguments: string }
}

/** A custom tool that the model asked for; `input` is free text. */
export interface CustomToolCall {
  id: string
  type: 'custom'
  custom: { name: string; input: string }
}

/** One tool call of an assistant message. */
export type ToolCall = FunctionToolCall | CustomToolCall

/**
 * What the model said, sent back as history. Fields beyond these (`reasoning_content`, `reasoning_details`, …) pass,
 * since some servers refuse the next turn without them.
 */
export interface AssistantMessage {
  role: 'assistant'
  content?: string | (TextPart | RefusalPart)[] | null
  refusal?: string | null
  name?: string
  audio?: { id: string } | null
  tool_calls?: ToolCall[]
}

/** The result of one tool call. */
export interface ToolMessage {
  role: 'tool'
  content: string | TextPart[]
  tool_call_id: string
}

/** One message of a request. */
export type RequestMessage = DeveloperMessage | SystemMessage | UserMessage | AssistantMessage | ToolMessage

// ---------------------------------------------------------------------------------------------------------------------
// Request: tools and formats
// ---------------------------------------------------------------------------------------------------------------------

/** A JSON Schema, as the server takes it. */
export type JsonSchema = { [key: string]: unknown }

/** A function that the model may call. */
export interface FunctionTool {
  type: 'function'
  function: { name: string; description?: string; parameters?: JsonSchema; strict?: boolean | null }
}

/** A tool that takes free text, optionally bound by a grammar. */
export interface CustomTool {
  type: 'custom'
  custom: {
    name: string
    description?: string
    format?: { type: 'text' } | { type: 'grammar'; grammar: { definition: string; syntax: 'lark' | 'regex' } }
  }
}

/** A tool of a request. */
export type Tool = FunctionTool | CustomTool

/** Which tool the model may, must or must not call. */
export type ToolChoice =
  | 'none'
  | 'auto'
  | 'required'
  | { type: 'function'; function: { name: string } }
  | { type: 'custom'; custom: { name: string } }
  | {
      type: 'allowed_tools'
      allowed_tools: { mode: 'auto' | 'required'; tools: { [key: string]: unknown }[] }
    }

/** The form that the answer must have. */
export type ResponseFormat =
  | { type: 'text' }
  | { type: 'json_object' }
  | {
      type: 'json_schema'
      json_schema: { name: string; description?: string; schema?: JsonSchema; strict?: boolean | null }
    }

// ---------------------------------------------------------------------------------------------------------------------
// Request: the body
// ---------------------------------------------------------------------------------------------------------------------

/** Every current parameter of `POST /v1/chat/completions`, by its wire name. Unknown ones pass through untouched. */
export interface ChatCompletionParams {
  /** The conversation so far, at least one message. */
  messages: RequestMessage[]
  /** The model's id, as `GET /v1/models` lists it. */
  model: string
  /** Sound that the answer should be spoken with; needs `modalities` with `audio`. */
  audio?: {
    format: Open<'wav' | 'aac' | 'mp3' | 'flac' | 'opus' | 'pcm16'>
    voice: string | { id: string }
  } | null
  /** −2 to 2: lowers the odds of tokens by how often they stood before. @default 0 */
  frequency_penalty?: number | null
  /** Token id (as a decimal string) → −100 to 100, added to its logit. */
  logit_bias?: { [tokenId: string]: number } | null
  /** Whether to send the log probability of each token. @default false */
  logprobs?: boolean | null
  /** 0 to 20 alternatives for each token; needs `logprobs`. */
  top_logprobs?: number | null
  /** The most tokens to write, reasoning included. */
  max_completion_tokens?: number | null
  /** The older name of `max_completion_tokens`, and the only one that many servers know. */
  max_tokens?: number | null
  /** Up to 16 pairs kept with the stored completion. */
  metadata?: { [key: string]: string } | null
  /** What kinds of output to write. @default ['text'] */
  modalities?: ('text' | 'audio')[] | null
  /** Whether and how to score or block input and output. */
  moderation?: {
    model: string
    policy?: {
      input?: { mode: 'score' | 'block' } | null
      output?: { mode: 'score' | 'block' } | null
    } | null
  } | null
  /** How many choices to write, 1 to 128. @default 1 */
  n?: number | null
  /** Whether the model may ask for several tools at once; needs `tools`. @default true */
  parallel_tool_calls?: boolean
  /** Text that much of the answer will repeat, to write it faster. */
  prediction?: { type: 'content'; content: string | TextPart[] } | null
  /** −2 to 2: lowers the odds of tokens that stood before at all. @default 0 */
  presence_penalty?: number | null
  /** Groups requests that share a prompt, for the cache. */
  prompt_cache_key?: string | null
  /** How the prompt is cached. */
  prompt_cache_options?: { mode?: 'implicit' | 'explicit'; ttl?: '30m' }
  /** How long a cached prompt is kept; deprecated for `prompt_cache_options`. */
  prompt_cache_retention?: 'in_memory' | '24h' | null
  /** How long to think before answering, of what the model offers. */
  reasoning_effort?: Open<'none' | 'minimal' | 'low' | 'medium' | 'high' | 'xhigh' | 'max'> | null
  /** The form of the answer: text, any JSON, or JSON of a schema. */
  response_format?: ResponseFormat
  /** A stable, hashed id of the end user. */
  safety_identifier?: string | null
  /** Makes sampling repeatable as far as the server can. 64 bits: beyond ±2^53 as a bigint or a decimal string. */
  seed?: number | bigint | string | null
  /** Which tier serves the request. */
  service_tier?: Open<'auto' | 'default' | 'flex' | 'scale' | 'priority' | 'fast'> | null
  /** Up to 4 texts at which the answer ends; they are not part of it. */
  stop?: string | string[] | null
  /** Whether the server keeps the completion. @default false */
  store?: boolean | null
  /** Whether the answer comes in pieces. Always sent, since gateways disagree about its default. */
  stream?: boolean | null
  /** What else a stream carries; only with `stream: true`. */
  stream_options?: { include_usage?: boolean; include_obfuscation?: boolean } | null
  /** 0 to 2: how freely tokens are drawn. @default 1 */
  temperature?: number | null
  /** Which tool the model may, must or must not call. */
  tool_choice?: ToolChoice
  /** What the model may call; leave out rather than send an empty list. */
  tools?: Tool[]
  /** 0 to 1: draw only from the likeliest tokens that together have this probability. @default 1 */
  top_p?: number | null
  /** The end user's id; deprecated for `safety_identifier` and `prompt_cache_key`. */
  user?: string
  /** How long-winded the answer is. */
  verbosity?: Open<'low' | 'medium' | 'high'> | null
  /** Lets the model search the web, where it can. */
  web_search_options?: {
    search_context_size?: 'low' | 'medium' | 'high'
    user_location?: {
      type: 'approximate'
      approximate: { city?: string; country?: string; region?: string; timezone?: string }
    } | null
  }
  /** Parameters of one server only (`top_k`, `min_p`, `chat_template_kwargs`, …) pass through as they are. */
  [serverParameter: string]: unknown
}

// ---------------------------------------------------------------------------------------------------------------------
// Response
// ---------------------------------------------------------------------------------------------------------------------

/** One alternative for a token, or the token itself. */
export interface TopLogprob {
  /** The token as text; escape text or U+FFFD where it is only part of a character. */
  token: string
  /** Natural logarithm of the probability; ≤ −1000 stands for "not among those reported". */
  logprob: number
  /** Its UTF-8 bytes, where the server tells them. */
  bytes?: number[] | null
  /** Its id in the vocabulary, where the server tells it (llama.cpp, vLLM). */
  id?: number
  [serverField: string]: unknown
}

/** A token of the answer with its alternatives. */
export interface TokenLogprob extends TopLogprob {
  /** The likeliest tokens at this place; may be empty, unsorted, longer or shorter than asked, without the token itself. */
  top_logprobs?: TopLogprob[]
}

/** The tokens of one choice, as far as they came. */
export interface ChoiceLogprobs {
  content: TokenLogprob[] | null
  refusal?: TokenLogprob[] | null
  [serverField: string]: unknown
}

/** Why a choice ended. */
export type FinishReason = Open<'stop' | 'length' | 'tool_calls' | 'content_filter' | 'function_call'>

/** What was counted. Never recomputed: servers differ in what a total includes. */
export interface Usage {
  prompt_tokens: number
  completion_tokens: number
  total_tokens: number
  completion_tokens_details?: { [detail: string]: number | null } | null
  prompt_tokens_details?: { [detail: string]: number | null } | null
  [serverField: string]: unknown
}

/** A source that the answer cites. */
export interface Annotation {
  type: Open<'url_citation'>
  url_citation?: {
    url: string
    title?: string
    start_index?: number
    end_index?: number
    [serverField: string]: unknown
  }
  [serverField: string]: unknown
}

/** A spoken answer. */
export interface CompletionAudio {
  id: string
  data: string
  expires_at: number
  transcript: string
}

/** What a choice said. */
export interface CompletionMessage {
  role: 'assistant'
  content: string | null
  refusal: string | null
  tool_calls?: ToolCall[]
  annotations?: Annotation[]
  audio?: CompletionAudio | null
  [serverField: string]: unknown
}

/** One of the `n` answers. */
export interface Choice {
  index: number
  message: CompletionMessage
  logprobs: ChoiceLogprobs | null
  finish_reason: FinishReason | null
  [serverField: string]: unknown
}

/** An answer, streamed or not: the same shape either way. While it streams, it is as far as it came. */
export interface ChatCompletion {
  id: string
  object: 'chat.completion'
  /** Unix seconds. */
  created: number
  model: string
  choices: Choice[]
  usage?: Usage
  service_tier?: string | null
  system_fingerprint?: string | null
  [serverField: string]: unknown
}

/** A piece of a tool call. */
export interface ToolCallDelta {
  index?: number
  id?: string | null
  type?: string | null
  function?: { name?: string | null; arguments?: string | JsonValue } | null
  custom?: { name?: string | null; input?: string | null } | null
  [serverField: string]: unknown
}

/** What one chunk adds to a choice. */
export interface ChoiceDelta {
  role?: string | null
  content?: string | null | { type: string; [key: string]: unknown }[]
  refusal?: string | null
  tool_calls?: ToolCallDelta[] | null
  [serverField: string]: unknown
}

/** One choice within a chunk. */
export interface ChunkChoice {
  index?: number
  delta?: ChoiceDelta | null
  finish_reason?: string | null
  logprobs?: ChoiceLogprobs | null
  [serverField: string]: unknown
}

/** One record of a stream, as it came: nothing in it can be taken for granted. */
export interface ChatCompletionChunk {
  id?: string
  object?: string
  created?: number
  model?: string
  choices?: ChunkChoice[] | null
  usage?: Usage | null
  [serverField: string]: unknown
}

/** One entry of `GET /v1/models`. */
export interface Model {
  id: string
  object?: string
  created?: number
  owned_by?: string
  [serverField: string]: unknown
}
