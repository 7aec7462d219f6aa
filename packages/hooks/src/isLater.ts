import type { ChatAssistantMessage, ChatMessage, ToolCall } from '@candor/core'

import { hasEnded } from './answerMessage.ts'

/**
 * Which of two states of one message is the later one: an answer grows, ends, and then its tools run. An answer that
 * looked interrupted when it was loaded may still be streaming in another tab.
 */
export function isLater(message: ChatMessage, than: ChatMessage): boolean {
  if (message.role !== 'assistant' || than.role !== 'assistant') return false
  return progressOf(message) > progressOf(than)
}

function progressOf({ status, toolRuns, choice, reasoning }: ChatAssistantMessage): number {
  const stage = status === 'submitted' ? 0 : status === 'interrupted' ? 1 : status === 'streaming' ? 2 : 3
  const endedRuns = Object.values(toolRuns).filter(hasEnded).length
  const { content, refusal, tool_calls = [] } = choice.message
  const text = [content, refusal, ...tool_calls.map(argumentsOf)].join('')
  const length = stage === 3 ? 0 : reasoning.length + text.length
  return stage * 1e9 + endedRuns * 1e6 + Math.min(length, 1e6 - 1)
}

function argumentsOf(call: ToolCall): string {
  return call.type === 'custom' ? call.custom.input : call.function.arguments
}
