import { createTokenSeries } from '@candor/core'
import type { ReactElement } from 'react'

import { describePart } from '../fixtures/describePart.tsx'
import { packingLogprobs, packingText } from './fixtures/packing.ts'
import { LogprobsLegend } from './LogprobsLegend.tsx'
import { LogprobsNotice } from './LogprobsNotice.tsx'
import { LogprobsSummary } from './LogprobsSummary.tsx'
import { LogprobsTimeline } from './LogprobsTimeline.tsx'
import { TokenAlternatives } from './TokenAlternatives.tsx'
import { TokenHeatmap } from './TokenHeatmap.tsx'
import { UncertainPassages } from './UncertainPassages.tsx'

// The props of a part depend on its tag; what is passed here every tag takes.
// oxlint-disable-next-line typescript/no-explicit-any
type Loose = any

const logprobs = packingLogprobs
const series = createTokenSeries(logprobs.content ?? []).snapshot()

const parts: readonly [name: string, className: string, element: (props: Loose) => ReactElement][] = [
  [
    'TokenHeatmap',
    'candor-heatmap',
    (props) => <TokenHeatmap logprobs={logprobs} text={packingText} {...props} />,
  ],
  [
    'TokenAlternatives',
    'candor-alternatives',
    (props) => <TokenAlternatives index={14} series={series} {...props} />,
  ],
  ['LogprobsLegend', 'candor-legend', (props) => <LogprobsLegend {...props} />],
  ['LogprobsTimeline', 'candor-timeline', (props) => <LogprobsTimeline logprobs={logprobs} {...props} />],
  [
    'LogprobsSummary',
    'candor-logprobs-summary',
    (props) => <LogprobsSummary logprobs={logprobs} {...props} />,
  ],
  [
    'UncertainPassages',
    'candor-logprobs-section',
    (props) => <UncertainPassages logprobs={logprobs} text={packingText} {...props} />,
  ],
  ['LogprobsNotice', 'candor-logprobs-notice', (props) => <LogprobsNotice logprobs={logprobs} {...props} />],
]

for (const [name, className, element] of parts) describePart({ name, className, element })
