import type {
  ChatAssistantMessage,
  ChatCompletionParams,
  ChatMessage,
  ChatStatus,
  CompletionErrorData,
  CompletionTimings,
  ContentPart,
  FinishReason,
  StreamIssue,
  ToolLoopStopReason,
  Usage,
} from '@candor/core'

import type { SavedChat } from './SavedChat.ts'

/** What a user can send: words, parts (words, pictures, sounds, files). */
export type ChatInput = string | ContentPart[]

/** Words with files: pictures, sounds (WAV, MP3) and any others, as a file field or a drop gives them. */
export interface ChatFiles {
  readonly text?: string
  readonly files: Iterable<Blob> | ArrayLike<Blob>
}

/**
 * Parameters of a request, by their wire names: everything but `messages` and `stream`, which the chat sets. For one
 * turn they go over those of the hook; `undefined` takes the hook's away.
 */
export type TurnParams = {
  [Name in keyof ChatCompletionParams as Name extends 'messages' | 'stream' ? never : Name]?:
    | ChatCompletionParams[Name]
    | undefined
}

/**
 * How a turn ended: `finished` (the model answered, or a limit of the tool loop was met: see `ChatState.stopReason`),
 * `stopped` by the user, `failed` (see `ChatState.error`), `cut-off` (the answer ended without saying why),
 * `refused` (nothing was sent or kept: a turn was running, and only `send` can wait, unless `whenBusy` is 'refuse'; the
 * conversation was still being loaded; a message or call does not exist; a file could not be read), `discarded` (the
 * conversation was emptied or replaced, or the input was taken out of the queue).
 */
export type TurnOutcome = 'finished' | 'stopped' | 'failed' | 'cut-off' | 'refused' | 'discarded'

/** What `continue` goes on with. */
export interface ContinueOptions {
  /** The answer. @default the last one */
  messageId?: string
  /** The text to begin with, such as an answer up to one of its tokens. @default all that the answer says */
  prefix?: string
  /** Parameters for this turn. */
  params?: TurnParams
}

/** How a tool call is allowed. */
export interface ApproveOptions {
  /** Whether later calls of the same tool need no approval any more, as long as the chat lives. @default false */
  always?: boolean
  /** Arguments to run with instead of the model's; checked as those are. */
  arguments?: unknown
}

/** When what happened in an answer, in milliseconds, and how fast it was. */
export interface AnswerTimings extends CompletionTimings {
  /**
   * Tokens a second after the first one: (completion_tokens − 1) ÷ (lastTokenMs − firstTokenMs); absent where the
   * server did not count.
   */
  readonly tokensPerSecond?: number
}

/** The messages that follow one message: its branches. */
export interface Branches {
  /** Their ids, oldest first. */
  readonly ids: readonly string[]
  /** The id of the one on the current branch, or last shown when the parent is not on it. */
  readonly shown: string
}

/**
 * The state of one conversation, as one immutable object: what did not change is the same object. Text and status live
 * together, so they cannot disagree.
 */
export interface ChatState {
  /**
   * Every message of every branch, by id. For look-up: a frame of a stream costs the same however long the
   * conversation is, so this object is not rebuilt and `Object.keys` does not list it; `branches` and `messageIds` do.
   */
  readonly messages: { readonly [id: string]: ChatMessage }
  /** The ids of the current branch, first to last. The same array while no message comes or goes. */
  readonly messageIds: readonly string[]
  /** What follows each message, by its id; what starts the conversation, by ''. */
  readonly branches: { readonly [parentId: string]: Branches }
  /** How the conversation stands. */
  readonly status: ChatStatus
  /** Why the last turn failed, with `status: 'error'`. */
  readonly error: CompletionErrorData | null
  /** Why the last turn went no further; `null` while one runs and before the first. */
  readonly stopReason: ToolLoopStopReason | null
  /** What waits to be sent, with `whenBusy: 'queue'`: after the running turn, or held by a stop or a failure. */
  readonly queue: readonly ChatInput[]
  /** Whether the conversation is being loaded from its storage; what is sent meanwhile waits. */
  readonly isRestoring: boolean
  /** Why the conversation could not be kept in its storage, and what to do; `null` while all is well. */
  readonly storageError: string | null
  /** Names of tools that the user allowed once and for all; forgotten with the page. */
  readonly allowedTools: readonly string[]
}

/** Where a conversation's state lives, as a view reads it. */
export interface ChatStateSource {
  /** The state now. */
  readonly getState: () => ChatState
  /**
   * Calls back after each change; returns how to stop that. With the id of a message only after what may be a change of
   * that message, with `null` only after changes of anything but what messages say (a message that comes or goes is
   * one): then a chunk costs the same however many messages are shown. A source may call back more often.
   */
  readonly subscribe: (listener: () => void, messageId?: string | null) => () => void
}

/**
 * Everything that a user can do to a conversation. Stable: the same functions for the life of the chat, and they need
 * no `this`: `const { send, stop } = chat` is fine.
 */
export interface ChatActions {
  /**
   * Adds a user message to the current branch and asks for the answer. While a turn runs it queues or refuses, as
   * `whenBusy` says. Resolves when the turn has ended, however it ended; never rejects. A file that cannot be read is
   * told in `error`, and the whole is refused.
   */
  readonly send: (input: ChatInput | ChatFiles, params?: TurnParams) => Promise<TurnOutcome>
  /**
   * Stops the running turn and keeps what arrived; what waits in the queue is held until the user goes on, by `send` or
   * `sendQueued`, or by a turn that ends well. Nothing else happens when no turn runs.
   */
  readonly stop: () => void
  /** Sends what a stop or a failure holds in the queue, one after another. */
  readonly sendQueued: () => void
  /** Asks again after an error, a cut-off or an interruption: the failed answer stays as a sibling if it has content. */
  readonly retry: (params?: TurnParams) => Promise<TurnOutcome>
  /** Asks for another answer beside the given one (default: the last answer). */
  readonly regenerate: (messageId?: string, params?: TurnParams) => Promise<TurnOutcome>
  /** Sends a changed user message as a sibling of the given one. */
  readonly edit: (messageId: string, input: ChatInput, params?: TurnParams) => Promise<TurnOutcome>
  /**
   * Lets the model go on with a half-written answer, as a sibling that begins with what the answer says, or with the
   * given text. Fails where the chat's `profile` knows no way to do so.
   */
  readonly continue: (options?: ContinueOptions) => Promise<TurnOutcome>
  /** Shows the branch that the given message stands on. */
  readonly selectBranch: (messageId: string) => void
  /** Goes on with another choice of an answer (default: the last one), by its `choice.index`. */
  readonly selectChoice: (index: number, messageId?: string) => void
  /** Allows a tool call that waits for approval: this once or for all later calls of the tool, as asked or changed. */
  readonly approveToolCall: (toolCallId: string, options?: ApproveOptions) => void
  /** Denies a tool call that waits for approval; the model is told the reason. */
  readonly denyToolCall: (toolCallId: string, reason?: string) => void
  /** Gives the result of a tool call that waits for the user. */
  readonly provideToolResult: (toolCallId: string, result: unknown) => void
  /** Asks for approval of a tool again that was allowed for all calls. */
  readonly disallowTool: (toolName: string) => void
  /**
   * Runs a call of the current branch again that has ended, with the model's arguments or changed ones, and goes on
   * from its result. The former run stays as a sibling. The user's wish counts as approval.
   */
  readonly retryToolCall: (toolCallId: string, args?: unknown) => Promise<TurnOutcome>
  /** Takes an input out of the queue before it is sent, by its place in `ChatState.queue`. */
  readonly unqueue: (index: number) => void
  /** Empties the conversation, back to its initial messages; a running turn is stopped. */
  readonly reset: () => void
  /** The conversation as plain JSON with a version. */
  readonly toJSON: () => SavedChat
  /** Replaces the conversation by a saved one; a running turn is stopped. Throws for a version that it does not know. */
  readonly load: (saved: SavedChat) => void
}

/** A conversation: what `useChatCompletion` and `useToolLoop` return and `<Chat chat={chat} />` takes. */
export interface ChatHandle extends ChatActions {
  /** The conversation's id: the last part of its turns' key among the mutations of TanStack Query. */
  readonly id: string
  /** What can be done, as one object: the same for the life of the chat. */
  readonly actions: ChatActions
  /** Where the state lives: for views that subscribe to a single message. The same object for the life of the chat. */
  readonly store: ChatStateSource
  /** The messages of the current branch. Reading it re-renders the caller with every frame of a stream. */
  readonly messages: readonly ChatMessage[]
  /** The ids of the current branch. */
  readonly messageIds: readonly string[]
  /** How the conversation stands. */
  readonly status: ChatStatus
  /** Why the last turn failed. */
  readonly error: CompletionErrorData | null
  /** Why the last turn went no further; `null` while one runs and before the first. */
  readonly stopReason: ToolLoopStopReason | null
  /** What waits to be sent: after the running turn, or held by a stop or a failure (see `sendQueued`). */
  readonly queue: readonly ChatInput[]
  /** The last answer of the current branch; `null` when there is none. Changes with every frame of a stream. */
  readonly answer: ChatAssistantMessage | null
  /** All choices of the last answer, itself among them, by their index. */
  readonly choices: readonly ChatAssistantMessage[]
  /** What the server counted for the last answer; `null` while it has not. */
  readonly usage: Usage | null
  /** The times of the last answer; `null` when there is none. */
  readonly timings: AnswerTimings | null
  /** Why the last answer ended, as the server said it; `null` while it has not. */
  readonly finishReason: FinishReason | null
  /** In what the server deviated from the protocol in the last answer. */
  readonly issues: readonly StreamIssue[]
}
