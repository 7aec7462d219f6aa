import type {
  ChatMessage,
  ChatStatus,
  ChatCompletionParams,
  CompletionErrorData,
  ContentPart,
} from '@candor/core'

/** What a user can send: words, parts (words, pictures, sounds, files). */
export type ChatInput = string | ContentPart[]

/** Parameters for one turn, over those of the hook. */
export type TurnParams = Partial<Omit<ChatCompletionParams, 'messages' | 'stream'>>

/**
 * The state of one conversation, as one immutable object: what did not change is the same object. Text and status live
 * together, so they cannot disagree.
 */
export interface ChatState {
  /** Every message of every branch, by id. */
  readonly messages: { readonly [id: string]: ChatMessage }
  /** The ids of the current branch, first to last. The same array while no message comes or goes. */
  readonly messageIds: readonly string[]
  /** How the conversation stands. */
  readonly status: ChatStatus
  /** Why the last turn failed, with `status: 'error'`. */
  readonly error: CompletionErrorData | null
  /** What waits to be sent after the running turn, with `whenBusy: 'queue'`. */
  readonly queue: readonly ChatInput[]
}

/** Where a conversation's state lives, as a view reads it. */
export interface ChatStateSource {
  /** The state now. */
  getState(): ChatState
  /** Calls back after each change; returns how to stop that. */
  subscribe(listener: () => void): () => void
}

/** Everything that a user can do to a conversation. Stable: the same functions for the life of the chat. */
export interface ChatActions {
  /**
   * Adds a user message to the current branch and asks for the answer. While a turn runs it queues or refuses, as
   * `whenBusy` says. Resolves when the turn has ended, however it ended; never rejects.
   */
  send(input: ChatInput, params?: TurnParams): Promise<void>
  /** Stops the running turn and keeps what arrived. Nothing happens when none runs. */
  stop(): void
  /** Asks again after an error, a cut-off or an interruption: the failed answer stays as a sibling if it has content. */
  retry(params?: TurnParams): Promise<void>
  /** Asks for another answer beside the given one (default: the last answer). */
  regenerate(messageId?: string, params?: TurnParams): Promise<void>
  /** Sends a changed user message as a sibling of the given one. */
  edit(messageId: string, input: ChatInput, params?: TurnParams): Promise<void>
  /** Shows the branch that the given message stands on. */
  selectBranch(messageId: string): void
  /** Allows a tool call that waits for approval. */
  approveToolCall(toolCallId: string): void
  /** Denies a tool call that waits for approval; the model is told the reason. */
  denyToolCall(toolCallId: string, reason?: string): void
  /** Gives the result of a tool call that waits for the user. */
  provideToolResult(toolCallId: string, result: unknown): void
  /** Empties the conversation; a running turn is stopped. */
  reset(): void
}

/** A conversation: what `useChatCompletion` and `useToolLoop` return and `<Chat chat={chat} />` takes. */
export interface ChatHandle extends ChatActions {
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
}
