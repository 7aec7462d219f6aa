import type {
  AnyTool,
  ChatClient,
  ChatMessage,
  CompletionErrorData,
  CompletionEvent,
  EndpointProfile,
  RequestMessage,
  ToolChoice,
  ToolLoopLimits,
} from '@candor/core'

import type { TurnOutcome, TurnParams } from './ChatHandle.ts'
import type { ChatMiddleware } from './ChatMiddleware.ts'
import type { ChatStorage } from './ChatStorage.ts'

/** What a conversation needs to know. Changed options count from the next request on; a running one keeps its own. */
export interface ChatOptions {
  /** The server, from `createClient`. */
  client: ChatClient
  /** Parameters of every request, by their wire names; `model` at least, where the server wants one. */
  request?: TurnParams
  /**
   * The conversation's id. Two components with one id show one conversation below a `<CandorProvider keepChats>`, else
   * each has its own. @default one of its own
   */
  id?: string
  /** What the server accepts and refuses. @default what every server accepts */
  profile?: EndpointProfile
  /** How the conversation begins: instructions, or an earlier conversation. Read once. @default [] */
  initialMessages?: readonly (RequestMessage | ChatMessage)[]
  /**
   * What the model is told before every request, as a system message; unlike one in `initialMessages` it can be
   * changed while the conversation goes on, and is no part of it. @default none
   */
  instructions?: string
  /**
   * Where the conversation is kept, under its `id`: `localStorageChats()`, `indexedDbChats()` or one of your own. The
   * same object in every render. @default nowhere
   */
  storage?: ChatStorage
  /**
   * What `send` does while a turn runs: send it after that turn, unless that is stopped or fails (then it is held until
   * the user goes on), or refuse it. @default 'queue'
   */
  whenBusy?: 'queue' | 'refuse'
  /** What changes or follows every request, the first one outermost. @default [] */
  middleware?: readonly ChatMiddleware[]
  /** Called with each chunk and each note of a stream, as it comes. What it throws does not reach the stream. */
  onEvent?: (event: CompletionEvent) => void
  /** Called when a turn has ended, however it ended, with the messages of the current branch. */
  onFinish?: (outcome: TurnOutcome, messages: readonly ChatMessage[]) => void
  /** Called when a turn has failed. */
  onError?: (error: CompletionErrorData) => void
}

/**
 * Which tool calls the user must allow: those whose tool says so (`needsApproval`), all, none, or those for which a
 * function of the tool and the checked arguments says so.
 */
export type ApprovalPolicy =
  | 'by-tool'
  | 'always'
  | 'never'
  | ((tool: AnyTool, args: unknown) => boolean | Promise<boolean>)

/** What a conversation with tools needs to know. */
export interface ToolLoopOptions extends ChatOptions, ToolLoopLimits {
  /** What the model may call. */
  tools: readonly AnyTool[]
  /**
   * Which tool the model may, must or must not call: one value, or a function of the step (0 is the first request of a
   * turn). `(step) => (step === 0 ? 'required' : 'none')` is for models too small to choose. @default the server's own
   */
  toolChoice?: ToolChoice | ((step: number) => ToolChoice | undefined)
  /** Which calls the user must allow. @default 'by-tool' */
  approval?: ApprovalPolicy
  /** How many tools run at once; 1 where `parallel_tool_calls` is false. @default 4 */
  maxParallel?: number
  /** Milliseconds after which a tool is given up, for tools that do not say. @default no limit */
  toolTimeoutMs?: number
}

/** The options of either kind of conversation, as the code that runs both sees them. */
export type AnyChatOptions = ChatOptions & Partial<ToolLoopOptions>
