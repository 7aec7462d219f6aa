import type { TurnParams } from './ChatHandle.ts'
import type { AnyChatOptions } from './ChatOptions.ts'

/**
 * The parameters of one request, without its messages and the conversation's own tools: those of the turn over those of
 * the conversation. `step` counts the requests of the turn from 0.
 */
export function mergedParams(
  options: AnyChatOptions,
  step: number,
  turnParams: TurnParams | undefined,
): TurnParams {
  const { request, tools = [], toolChoice, maxTokens = Infinity, profile } = options
  const choice = typeof toolChoice === 'function' ? toolChoice(step) : toolChoice
  const isChosen = tools.length > 0 && choice !== undefined
  // Most servers count only when they are asked to, and a limit of tokens is none without a count.
  const isCounted = maxTokens < Infinity && profile?.parameters?.stream_options?.support !== 'refused'
  return {
    ...(isCounted && { stream_options: { include_usage: true } }),
    ...request,
    ...(isChosen && { tool_choice: choice }),
    ...turnParams,
  }
}
