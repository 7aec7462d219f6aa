export { LogprobsLegend, type LogprobsLegendOwnProps } from './LogprobsLegend.tsx'
export { LogprobsNotice, type LogprobsNoticeOwnProps } from './LogprobsNotice.tsx'
export { LogprobsSummary, type LogprobsSummaryOwnProps } from './LogprobsSummary.tsx'
export { LogprobsTimeline, type LogprobsTimelineOwnProps } from './LogprobsTimeline.tsx'
export {
  defaultLogprobsLabels,
  type LabelledToken,
  type LogprobsAbsence,
  type LogprobsLabels,
} from './LogprobsLabels.ts'
export { TokenAlternatives, type TokenAlternativesOwnProps } from './TokenAlternatives.tsx'
export { TokenHeatmap, type TokenHeatmapOwnProps } from './TokenHeatmap.tsx'
export { UncertainPassages, type UncertainPassagesOwnProps } from './UncertainPassages.tsx'
export { useTokenAlignment, useTokens, type TokensProps } from './useTokenAlignment.ts'
