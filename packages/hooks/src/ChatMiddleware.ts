import type {
  ChatAssistantMessage,
  ChatClient,
  ChatCompletionParams,
  CompletionEvent,
  ToolCall,
  ToolRun,
} from '@candor/core'

/** The request that a middleware is made for. */
export interface RequestInfo {
  /** The conversation's id. */
  readonly chatId: string
  /** Counts the requests of one turn from 0. */
  readonly step: number
  /** The server. */
  readonly client: ChatClient
}

/** What follows one request from its making to the end of the tools that its answer asked for. */
export interface RequestFollower {
  /**
   * Takes the request before it is checked and sent and may return another, such as one without names. What it throws
   * fails the turn: a request that could not be redacted must not go out.
   */
  onRequest?: (
    request: ChatCompletionParams,
  ) => ChatCompletionParams | void | Promise<ChatCompletionParams | void>
  /** Called with each event. What it throws does not reach the stream. */
  onEvent?: (event: CompletionEvent) => void
  /** Called when the answer has ended, however it ended, with one message for each choice. */
  onEnd?: (answers: readonly ChatAssistantMessage[]) => void
  /** Called with each change of a tool's run; the last one has ended. */
  onToolRun?: (call: ToolCall, run: ToolRun) => void
}

/**
 * Logging, redaction, tracing: called once for each request, so that what belongs to one request (a span, a start time)
 * lives in a closure.
 *
 * @example
 * const log: ChatMiddleware = ({ step }) => ({ onEnd: ([answer]) => console.log(step, answer?.finishReason) })
 */
export type ChatMiddleware = (info: RequestInfo) => RequestFollower
