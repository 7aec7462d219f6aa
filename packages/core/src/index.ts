export type * from './wire.ts'
export type * from './ChatMessage.ts'
export type * from './CompletionSnapshot.ts'
export type { StreamIssue } from './StreamIssue.ts'
export {
  CompletionError,
  type CompletionErrorData,
  type CompletionErrorType,
  type RateLimit,
  type RateLimits,
} from './CompletionError.ts'
export * from './stream/index.ts'
export * from './request/index.ts'
export * from './tools/index.ts'
export {
  createChoiceLogprobs,
  tokenSeries,
  type ChoiceLogprobsDraft,
  type LogprobsPart,
} from './logprobs/choiceLogprobs.ts'
export {
  createTokenSeries,
  isFloor,
  usableLogprob,
  type SeriesToken,
  type SeriesTotals,
  type TokenSeries,
  type TokenSeriesDraft,
} from './logprobs/TokenSeries.ts'
export { tokenAlternatives, tokenFigures } from './logprobs/tokenFigures.ts'
export type { EntropyInterval, TokenAlternative, TokenFigures } from './logprobs/tokenFigures.ts'
export { sequenceFigures, type SequenceFigures } from './logprobs/sequenceFigures.ts'
export { logprobBin, surprisal, surprisalBin, SURPRISAL_LIMITS, type SurprisalBin } from './logprobs/surprisal.ts'
export { formatBits, formatFigure, formatProbability, visibleToken } from './logprobs/formatFigures.ts'
export {
  createJsonParser,
  type JsonError,
  type JsonErrorCode,
  type JsonParser,
  type JsonParserOptions,
  type JsonPath,
} from './json/createJsonParser.ts'
