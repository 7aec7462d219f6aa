import type { TurnParams } from './ChatHandle.ts'
import type { AnyChatOptions } from './ChatOptions.ts'

/** Where in a turn a request is made. */
export interface TurnStep {
  /** Counts the requests of the turn from 0. */
  step: number
  /** Parameters of this turn, over those of the conversation. */
  params: TurnParams | undefined
}

/** The parameters of one request, without its messages and the conversation's own tools. */
export function mergedParams(options: AnyChatOptions, { step, params }: TurnStep): TurnParams {
  const { request, tools = [], toolChoice } = options
  const choice = typeof toolChoice === 'function' ? toolChoice(step) : toolChoice
  const isChosen = tools.length > 0 && choice !== undefined
  return { ...request, ...(isChosen && { tool_choice: choice }), ...params }
}
