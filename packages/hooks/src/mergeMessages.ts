import type { ChatState } from './ChatHandle.ts'
import type { ThreadChange } from './ChatStorage.ts'
import { addBranch, copyBranches, removeBranch, settle, shownIds } from './messageTree.ts'
import { isQuiet } from './reduceChat.ts'
import { standingOf } from './standingOf.ts'

/**
 * A conversation with what another tab wrote: new messages come beside ours, not shown where something is; known ones
 * take the place of ours. Removed ones go unless something follows them.
 */
export function mergeMessages(state: ChatState, change: ThreadChange): ChatState {
  const messages = settle(state.messages)
  const branches = copyBranches(state.branches)
  // Children come after their parents, so from the end.
  for (const id of change.removedIds.toReversed()) {
    const message = messages[id]
    if (message === undefined || branches[id] !== undefined) continue
    delete messages[id]
    removeBranch(branches, message)
  }
  for (const message of change.messages) {
    const isKnown = message.id in messages
    if (!isKnown && message.parentId !== null && !(message.parentId in messages)) continue
    messages[message.id] = message
    if (!isKnown) addBranch(branches, message, false)
  }
  const merged = { ...state, messages, branches, messageIds: shownIds(branches) }
  return isQuiet(state) ? { ...merged, ...standingOf(merged) } : merged
}
