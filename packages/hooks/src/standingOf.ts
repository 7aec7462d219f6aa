import type { ChatAssistantMessage, ChatStatus } from '@candor/core'

import { isWaiting } from './answerMessage.ts'
import type { ChatState } from './ChatHandle.ts'

/** How a conversation stands in which nothing runs. */
export function standingOf(state: ChatState): Pick<ChatState, 'status' | 'error'> {
  const leaf = state.messages[state.messageIds.at(-1) ?? '']
  if (leaf?.role !== 'assistant') return { status: 'idle', error: null }
  if (leaf.status === 'error' || leaf.status === 'timed-out') {
    return { status: 'error', error: leaf.error ?? null }
  }
  return { status: quietStatus(leaf), error: null }
}

function quietStatus(answer: ChatAssistantMessage): ChatStatus {
  if (answer.status === 'interrupted' || answer.status === 'cut-off') return 'interrupted'
  return Object.values(answer.toolRuns).some(isWaiting) ? 'waiting-for-tools' : 'idle'
}
