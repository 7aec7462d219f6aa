import type { ChatAssistantMessage, ChatStatus } from '@candor/core'

import { hasEnded, isWaiting } from './answerMessage.ts'
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
  const runs = Object.values(answer.toolRuns)
  if (runs.some(isWaiting)) return 'waiting-for-tools'
  // Its calls have ended and nobody was told: the page was closed between the two.
  return runs.length > 0 && runs.every(hasEnded) && answer.status === 'finished' ? 'interrupted' : 'idle'
}
