import type { ChatAssistantMessage, ChatMessage, ToolRun } from '@candor/core'

import { hasEnded, isWaiting } from './answerMessage.ts'
import type { ChatState } from './ChatHandle.ts'
import { emptyChat, reduceChat } from './reduceChat.ts'
import { standingOf } from './standingOf.ts'

/** A conversation as plain JSON: what `toJSON` returns, `load` takes and storages keep. */
export interface SavedChat {
  /** The form of this object. Later forms read earlier ones. */
  readonly version: 1
  /** Every message of every branch, parents before children. */
  readonly messages: readonly ChatMessage[]
  /** Which of a message's branches is shown, by the parent's id; the last one where nothing is said. */
  readonly shown: { readonly [parentId: string]: string }
}

/** A conversation as plain JSON. */
export function saveChat(state: ChatState): SavedChat {
  const messages: ChatMessage[] = []
  const add = (parentId: string): void => {
    for (const id of state.branches[parentId]?.ids ?? []) messages.push(state.messages[id]!)
  }
  add('')
  // What is added here is visited too: that is how the next generation comes in.
  for (const message of messages) add(message.id)
  return { version: 1, messages, shown: shownBranches(state) }
}

/** Which branches are shown, where it is not the last one. */
export function shownBranches({ branches }: ChatState): SavedChat['shown'] {
  const others = Object.entries(branches).filter(([, { ids, shown }]) => ids.at(-1) !== shown)
  return Object.fromEntries(others.map(([parentId, { shown }]) => [parentId, shown]))
}

/**
 * A conversation as it was saved. What was going on then is over: an answer that was still coming is interrupted, a
 * tool that was still running is aborted. Calls that waited for the user wait again. Throws for a form that it does
 * not know.
 */
export function restoreChat(saved: SavedChat): ChatState {
  if (saved.version !== 1) {
    throw new Error(
      `This conversation was saved in form ${String(saved.version)}, which this version of the app cannot read; it reads form 1. Reload the page to get the newest version.`,
    )
  }
  const messages = inTree(saved.messages).map((message) =>
    message.role === 'assistant' ? interrupted(message) : message,
  )
  let state = reduceChat(emptyChat, { type: 'messages-add', messages })
  const shownIds = Object.values(saved.shown)
  state = reduceChat(state, { type: 'branches-show', messageIds: shownIds })
  return { ...state, ...standingOf(state) }
}

/** The messages that have a place in the tree: in a file that was changed by hand, one may stand in its own past. */
function inTree(messages: readonly ChatMessage[]): ChatMessage[] {
  const ids = new Set<string | null>([null])
  return messages.filter(({ id, parentId }) => !ids.has(id) && ids.has(parentId) && ids.add(id))
}

function interrupted(answer: ChatAssistantMessage): ChatAssistantMessage {
  const isOpen = answer.status === 'submitted' || answer.status === 'streaming'
  const toolRuns = Object.fromEntries(
    Object.entries(answer.toolRuns).map(([id, run]): [string, ToolRun] => [
      id,
      isOpen ? cutOff(run) : kept(run),
    ]),
  )
  return { ...answer, ...(isOpen && { status: 'interrupted' }), toolRuns }
}

function kept(run: ToolRun): ToolRun {
  return hasEnded(run) || isWaiting(run) ? run : cutOff(run)
}

function cutOff(run: ToolRun): ToolRun {
  if (hasEnded(run)) return run
  const { progress: _progress, ...rest } = run
  const errorText = 'The page was closed before the call ended; its result is not known.'
  return { ...rest, status: 'aborted', errorText }
}
