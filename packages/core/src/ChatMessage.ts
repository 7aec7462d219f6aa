import type { CompletionEnding, CompletionTimings } from './CompletionSnapshot.ts'
import type { CompletionErrorData } from './CompletionError.ts'
import type { StreamIssue } from './StreamIssue.ts'
import type {
  Choice,
  DeveloperMessage,
  FinishReason,
  SystemMessage,
  ToolMessage as WireToolMessage,
  Usage,
  UserMessage as WireUserMessage,
} from './wire.ts'

/**
 * A conversation's messages as a chat holds them and a view shows them: the wire's own message, and beside it what a
 * screen needs. Plain data; a message that did not change is the same object.
 */

interface MessageNode {
  /** Stable within the conversation, never the server's id (servers repeat theirs). */
  readonly id: string
  /** The message before it; `null` for the first. Messages with the same parent are siblings: branches. */
  readonly parentId: string | null
  /** Unix milliseconds. */
  readonly createdAt: number
}

/** Instructions. */
export interface ChatInstructionMessage extends MessageNode {
  readonly role: 'system' | 'developer'
  readonly message: SystemMessage | DeveloperMessage
}

/** What the user said. */
export interface ChatUserMessage extends MessageNode {
  readonly role: 'user'
  readonly message: WireUserMessage
}

/**
 * How an answer stands on screen: `submitted` is before the first token, `interrupted` is an answer that a reload cut
 * off, the others are `CompletionEnding`'s.
 */
export type AnswerStatus = 'submitted' | 'streaming' | 'interrupted' | Exclude<CompletionEnding, 'open'>

/** One choice of one answer, while it streams and after. */
export interface ChatAssistantMessage extends MessageNode {
  readonly role: 'assistant'
  /** The choice in the wire's own shape: message, logprobs, finish_reason, unknown fields. */
  readonly choice: Choice
  /** What the answers of one request share: its choices. */
  readonly turnId?: string
  /**
   * The text that the answer was asked to go on from. It stands at the start of `choice.message.content`, though the
   * server did not write it here; its tokens stand at the start of `choice.logprobs` as far as they are known, its
   * thinking at the start of `reasoning`. Usage and timings are of what came after it.
   */
  readonly prefill?: string
  /** The thinking, gathered from its many spellings; '' when none. */
  readonly reasoning: string
  /** How the answer stands. */
  readonly status: AnswerStatus
  /** Why it ended, as the server said it; `null` while it has not. */
  readonly finishReason: FinishReason | null
  /** The model that answered, as the server named it (else as it was asked for). */
  readonly model: string
  /** The seed that was asked for, when one was. */
  readonly seed?: string
  /** What was counted, of the whole answer (all choices). */
  readonly usage?: Usage
  /** When what happened. */
  readonly timings: CompletionTimings
  /** Everything in which the server deviated from the protocol. */
  readonly issues: readonly StreamIssue[]
  /** The failure, if it failed. */
  readonly error?: CompletionErrorData
  /** Fields of the answer that are neither choice nor usage (`id`, `system_fingerprint`, `timings`, …), as they came. */
  readonly envelope: { readonly [serverField: string]: unknown }
  /** How each of its tool calls stands, by `tool_call.id`. */
  readonly toolRuns: { readonly [toolCallId: string]: ToolRun }
}

/** The result of a tool call, as the model reads it. */
export interface ChatToolMessage extends MessageNode {
  readonly role: 'tool'
  readonly message: WireToolMessage
}

/** A message of a conversation. */
export type ChatMessage = ChatInstructionMessage | ChatUserMessage | ChatAssistantMessage | ChatToolMessage

/**
 * How a tool call stands:
 * - `arguments-streaming`: the model is still writing its arguments;
 * - `waiting-for-approval`: the user must allow or deny it;
 * - `waiting-for-result`: the user must provide the result;
 * - `running`;
 * - `done`, `failed` (the tool threw), `invalid` (arguments are not what the tool takes), `unknown` (no such tool),
 *   `denied`, `timed-out`, `aborted`: ended; each has a result that the model was or will be told.
 */
export type ToolRunStatus =
  | 'arguments-streaming'
  | 'waiting-for-approval'
  | 'waiting-for-result'
  | 'running'
  | 'done'
  | 'failed'
  | 'invalid'
  | 'unknown'
  | 'denied'
  | 'timed-out'
  | 'aborted'

/** One tool call's run. */
export interface ToolRun {
  readonly status: ToolRunStatus
  /** The arguments as a value: partial while they stream, absent when they are not JSON. */
  readonly arguments?: unknown
  /** What the tool returned, as the app gave it. */
  readonly result?: unknown
  /** What went wrong, in the reader's terms; the model was told the same. */
  readonly errorText?: string
  /** How far a running tool is, as it reports: 0 to 1, and words. */
  readonly progress?: { readonly fraction?: number; readonly text?: string }
  /** Unix milliseconds at which the tool began to run. */
  readonly startedAt?: number
  /** How long it ran, in milliseconds. */
  readonly durationMs?: number
}

/** How a conversation stands. */
export type ChatStatus = 'idle' | 'submitted' | 'streaming' | 'waiting-for-tools' | 'error' | 'interrupted'
