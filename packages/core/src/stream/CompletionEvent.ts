import type { StreamIssue } from '../StreamIssue.ts'
import type { ChatCompletionChunk, FinishReason } from '../wire.ts'
import type { Retry } from './openStream.ts'

/** The head of the server's answer. */
export interface ResponseHead {
  /** HTTP status. */
  readonly status: number
  /** What the page may see of the headers, by lower-case name; `readRateLimits` reads those that tell what is left to spend. */
  readonly headers: { readonly [name: string]: string }
  /** The id under which the server logged the request, when it told one. */
  readonly requestId?: string
  /** How many requests it took: 1 without a retry. */
  readonly attempts: number
}

/**
 * What happens while an answer comes in, in order. A `chunk` event is the server's record as it came; the events after
 * it say what it added to the answer, the same for every server. `choice` is the choice's index.
 */
export type CompletionEvent =
  /** The request is about to be sent again. */
  | { readonly type: 'retry'; readonly retry: Retry }
  /** The head came: the server has taken the request. */
  | { readonly type: 'response-start'; readonly response: ResponseHead }
  /** A comment came: no data, but a sign of life (often while a model loads or a prompt is read). */
  | { readonly type: 'heartbeat'; readonly text: string }
  /** A record came. `number` counts from 0; `atMs` is since the request was sent. */
  | {
      readonly type: 'chunk'
      readonly chunk: ChatCompletionChunk
      readonly number: number
      readonly atMs: number
    }
  /** Text was added to the answer. */
  | { readonly type: 'text-delta'; readonly choice: number; readonly text: string }
  /** Thinking was added. */
  | { readonly type: 'reasoning-delta'; readonly choice: number; readonly text: string }
  /** Words were added with which the model declines to answer. */
  | { readonly type: 'refusal-delta'; readonly choice: number; readonly text: string }
  /** A tool call began; its name may still be incomplete. `position` is its place in `tool_calls`. */
  | {
      readonly type: 'tool-call-start'
      readonly choice: number
      readonly position: number
      readonly id: string
      readonly name: string
    }
  /** Arguments (of a custom tool: input) were added to a tool call. */
  | {
      readonly type: 'tool-call-delta'
      readonly choice: number
      readonly position: number
      readonly text: string
    }
  /** A choice said why it ended; a few servers go on after that, or say it again. */
  | { readonly type: 'choice-end'; readonly choice: number; readonly finishReason: FinishReason }
  /** The server deviated from the protocol, for the first time in this way. What only the end shows is in the snapshot. */
  | { readonly type: 'issue'; readonly issue: StreamIssue }
