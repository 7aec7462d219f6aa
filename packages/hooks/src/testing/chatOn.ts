import type { ChatAssistantMessage, ChatMessage } from '@candor/core'
import type { QueryClient } from '@tanstack/react-query'

import type { ChatState } from '../ChatHandle.ts'
import type { AnyChatOptions } from '../ChatOptions.ts'
import { createChat, type ChatController } from '../createChat.ts'
import { selectMessages } from '../selectMessages.ts'
import type { ScriptedServer } from './createScriptedServer.ts'

/** A chat with ways to look at it. */
export interface WatchedChat extends ChatController {
  state(): ChatState
  /** The current branch, a line for each message. */
  lines(): string[]
  /** The last answer. */
  answer(): ChatAssistantMessage
}

/** A chat on a scripted server. */
export function chatOn(
  server: ScriptedServer,
  options: Partial<AnyChatOptions> = {},
  queryClient?: QueryClient,
): WatchedChat {
  const chat = createChat({ client: server.client, request: { model: 'scripted' }, ...options }, queryClient)
  const messages = (): readonly ChatMessage[] => selectMessages(chat.store.getState())
  return {
    ...chat,
    state: chat.store.getState,
    lines: () => messages().map(lineOf),
    answer() {
      const answer = messages().findLast((message) => message.role === 'assistant')
      if (answer?.role !== 'assistant') throw new Error('There is no answer yet.')
      return answer
    },
  }
}

/** A message as one line: `user: Hello`, `assistant (finished): Hi`. */
function lineOf(message: ChatMessage): string {
  if (message.role !== 'assistant') {
    const { content } = message.message
    return `${message.role}: ${typeof content === 'string' ? content : JSON.stringify(content)}`
  }
  const { content, tool_calls } = message.choice.message
  const calls = (tool_calls ?? []).map((call) => `[${call.id}: ${message.toolRuns[call.id]?.status ?? '?'}]`)
  return [`assistant (${message.status}):`, content ?? '', ...calls].filter(Boolean).join(' ')
}

/** Resolves as soon as the state is as wanted. */
export function until(chat: ChatController, isThere: (state: ChatState) => boolean): Promise<ChatState> {
  return new Promise((resolve) => {
    const look = (): void => {
      if (!isThere(chat.store.getState())) return
      unsubscribe()
      resolve(chat.store.getState())
    }
    const unsubscribe = chat.store.subscribe(look)
    look()
  })
}

/** Sends a question and answers it. */
export async function answered(
  server: ScriptedServer,
  chat: ChatController,
  input: string,
  answer: string,
): Promise<void> {
  const turn = chat.actions.send(input)
  ;(await server.next()).answer(answer)
  await turn
}
