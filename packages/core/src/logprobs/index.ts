export {
  createChoiceLogprobs,
  tokenSeries,
  type ChoiceLogprobsDraft,
  type LogprobsPart,
} from './choiceLogprobs.ts'
export { tokenCount } from './tokenCount.ts'
export {
  createTokenSeries,
  isFloor,
  usableLogprob,
  type LegacyLogprobs,
  type SeriesToken,
  type SeriesTotals,
  type TokenSeries,
  type TokenSeriesDraft,
} from './TokenSeries.ts'
export {
  tokenAlternatives,
  tokenFigures,
  type EntropyInterval,
  type TokenAlternative,
  type TokenFigures,
} from './tokenFigures.ts'
export { sequenceFigures, type SequenceFigures } from './sequenceFigures.ts'
export {
  alignTokens,
  createTokenAlignment,
  tokenStrip,
  type AlignmentMode,
  type TextUnit,
  type TokenAlignment,
  type TokenAlignmentDraft,
} from './alignTokens.ts'
export { logprobsWarnings, type LogprobsWarning, type LogprobsWarningCode } from './logprobsWarnings.ts'
export { logprobBin, surprisal, surprisalBin, SURPRISAL_LIMITS, type SurprisalBin } from './surprisal.ts'
export { formatBits, formatFigure, formatProbability, visibleToken } from './formatFigures.ts'
export {
  uncertainPassages,
  type UncertainPassage,
  type UncertainPassagesOptions,
} from './uncertainPassages.ts'
export { unitBin, unitSurprisal } from './unitFigures.ts'
