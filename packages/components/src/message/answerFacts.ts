import { tokenCount, type ChatAssistantMessage } from '@candor/core'

/** The figures of an answer; what is not known is absent. */
export interface AnswerFacts {
  /** Milliseconds from the request to the first token. */
  firstTokenMs?: number
  /** Tokens a second: those after the first over the time from the first to the last. */
  tokensPerSecond?: number
  /** As the server counted them; before it did, those whose probabilities came. */
  tokens?: number
}

/** Less than this, in milliseconds, is one delivery of a buffering server and says nothing about speed. */
const SHORTEST_SPAN_MS = 50

export interface AnswerFactsOptions {
  /**
   * Whether the request had further choices: what the server counted is then of all of them, or of one of the others,
   * and is not said of this one. @default false
   */
  isOneOfSeveral?: boolean
}

export function answerFacts(
  { usage, choice, timings }: ChatAssistantMessage,
  { isOneOfSeveral = false }: AnswerFactsOptions = {},
): AnswerFacts {
  const counted = tokenCount(choice.logprobs) || undefined
  const tokens = (isOneOfSeveral ? undefined : usage?.completion_tokens) ?? counted
  const { firstTokenMs, lastTokenMs } = timings
  const span = firstTokenMs === undefined || lastTokenMs === undefined ? 0 : lastTokenMs - firstTokenMs
  const isMeasured = tokens !== undefined && tokens > 1 && span >= SHORTEST_SPAN_MS
  return {
    ...(firstTokenMs === undefined ? {} : { firstTokenMs }),
    ...(isMeasured ? { tokensPerSecond: ((tokens - 1) / span) * 1000 } : {}),
    ...(tokens === undefined ? {} : { tokens }),
  }
}
