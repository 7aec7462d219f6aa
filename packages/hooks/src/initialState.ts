import type { ChatAssistantMessage, ChatMessage, RequestMessage } from '@candor/core'

import type { ChatState } from './ChatHandle.ts'
import { emptyChat, reduceChat } from './reduceChat.ts'

/**
 * A conversation that begins with the given messages. Ids count from 0 and times are unknown (0), so that a server and
 * a browser that render the same beginning agree.
 */
export function initialState(messages: readonly (RequestMessage | ChatMessage)[]): ChatState {
  let parentId: string | null = null
  const nodes = messages.map((message, index): ChatMessage => {
    const node = 'id' in message ? message : chatMessage(message, `initial-${index}`, parentId)
    parentId = node.id
    return node
  })
  return nodes.length === 0 ? emptyChat : reduceChat(emptyChat, { type: 'messages-add', messages: nodes })
}

function chatMessage(message: RequestMessage, id: string, parentId: string | null): ChatMessage {
  const node = { id, parentId, createdAt: 0 }
  switch (message.role) {
    case 'system':
    case 'developer':
      return { ...node, role: message.role, message }
    case 'user':
      return { ...node, role: 'user', message }
    case 'tool':
      return { ...node, role: 'tool', message }
    case 'assistant': {
      const { content, refusal, audio: _, ...fields } = message
      const answer: ChatAssistantMessage = {
        ...node,
        role: 'assistant',
        choice: {
          index: 0,
          message: {
            ...fields,
            content: typeof content === 'string' || content == null ? (content ?? null) : textOf(content),
            refusal: refusal ?? null,
          },
          logprobs: null,
          finish_reason: 'stop',
        },
        reasoning: '',
        status: 'finished',
        finishReason: 'stop',
        model: '',
        timings: { startedAt: 0 },
        issues: [],
        envelope: {},
        toolRuns: {},
      }
      return answer
    }
    default: {
      const unknown: never = message
      return unknown
    }
  }
}

function textOf(parts: readonly { text?: string; refusal?: string }[]): string {
  return parts.map((part) => part.text ?? part.refusal ?? '').join('')
}
