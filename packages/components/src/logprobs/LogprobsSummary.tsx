'use client'
import { formatFigure, sequenceFigures } from '@candor/core'

import { definePart, usePartElement, type PartComponent } from '../base/definePart.ts'
import { useLogprobsLabels, type LogprobsLabels } from './LogprobsLabels.ts'
import { useTokens, type TokensProps } from './useTokenAlignment.ts'

export interface LogprobsSummaryOwnProps extends TokensProps {
  /** Words to change. */
  labels?: Partial<LogprobsLabels>
}

/** How many tokens, their perplexity, bits a token, and how many were not the likeliest. Renders a `<dl>`. */
export const LogprobsSummary: PartComponent<'dl', LogprobsSummaryOwnProps> = definePart<
  'dl',
  LogprobsSummaryOwnProps
>(
  'LogprobsSummary',
  function LogprobsSummary({ logprobs, part, series: given, labels: ownLabels, ...rest }, ref) {
    const labels = useLogprobsLabels(ownLabels)
    const series = useTokens({ logprobs, part, series: given })
    const { tokens, perplexity, bitsPerToken, notTopPick, alternatives } = sequenceFigures(series)
    const figures: [name: string, figure: string][] = [
      [labels.tokens, tokens.toLocaleString('en-US')],
      [labels.perplexity, formatFigure(perplexity)],
      [labels.bitsPerToken, formatFigure(bitsPerToken)],
      // Without alternatives nobody knows.
      [labels.notTopPick, alternatives === 0 ? formatFigure(Number.NaN) : notTopPick.toLocaleString('en-US')],
    ]
    return usePartElement('dl', {
      ref,
      rest: {
        children: figures.map(([name, figure]) => (
          <div key={name} className="candor-logprobs-figure">
            <dt>{name}</dt>
            <dd>{figure}</dd>
          </div>
        )),
        ...rest,
      },
      props: { className: 'candor-logprobs-summary', 'aria-label': labels.summary },
    })
  },
)
