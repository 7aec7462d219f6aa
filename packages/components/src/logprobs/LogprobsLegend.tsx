'use client'
import { SURPRISAL_LIMITS } from '@candor/core'

import { definePart, usePartElement, type PartComponent } from '../base/definePart.ts'
import { useLogprobsLabels, type LogprobsLabels } from './LogprobsLabels.ts'

export interface LogprobsLegendOwnProps {
  /** Words to change. */
  labels?: Partial<LogprobsLabels>
}

/** What the five marks of the heat map stand for. Renders a `<section>`. */
export const LogprobsLegend: PartComponent<'section', LogprobsLegendOwnProps> = definePart<
  'section',
  LogprobsLegendOwnProps
>('LogprobsLegend', function LogprobsLegend({ labels: ownLabels, ...rest }, ref) {
  const labels = useLogprobsLabels(ownLabels)
  return usePartElement('section', {
    ref,
    rest: {
      children: (
        <>
          <h3 className="candor-logprobs-heading">{labels.legend}</h3>
          <ol className="candor-legend-steps">
            {[...SURPRISAL_LIMITS, undefined].map((below, bin) => (
              <li key={bin} className="candor-legend-step">
                <span aria-hidden="true" className="candor-legend-mark candor-token-mark" data-bin={bin} />
                <span className="candor-legend-label">{labels.legendStep(below)}</span>
              </li>
            ))}
          </ol>
        </>
      ),
      ...rest,
    },
    props: { className: 'candor-logprobs-section candor-legend', 'aria-label': labels.legend },
  })
})
