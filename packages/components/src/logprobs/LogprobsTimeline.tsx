'use client'
import { surprisal, visibleToken, type TokenSeries } from '@candor/core'
import { useMemo, useState, type KeyboardEvent, type PointerEvent, type ReactElement } from 'react'

import { definePart, usePartElement, type PartComponent } from '../base/definePart.ts'
import { useLogprobsLabels, type LabelledToken, type LogprobsLabels } from './LogprobsLabels.ts'
import { createTimelineBars, type TimelineBar } from './timelineBars.ts'
import { useTokens, type TokensProps } from './useTokenAlignment.ts'

export interface LogprobsTimelineOwnProps extends TokensProps {
  /** The token that is looked at, by its number in the series; `null` for none. */
  activeIndex?: number | null
  /** Called with the token of the bar that was pressed or reached with the arrow keys; the bars are a picture without it. */
  onActiveIndexChange?: (index: number) => void
  /** Words to change. */
  labels?: Partial<LogprobsLabels>
}

/**
 * A bar for each token, as high as it was surprising; where there are more than can be told apart, a bar for several, by
 * the mean of the most surprising eighth of them.
 * Renders a `<section>`.
 */
export const LogprobsTimeline: PartComponent<'section', LogprobsTimelineOwnProps> = definePart<
  'section',
  LogprobsTimelineOwnProps
>(
  'LogprobsTimeline',
  function LogprobsTimeline(
    { logprobs, part, series: given, activeIndex = null, onActiveIndexChange, labels: ownLabels, ...rest },
    ref,
  ) {
    const labels = useLogprobsLabels(ownLabels)
    const series = useTokens({ logprobs, part, series: given })
    const [draft] = useState(createTimelineBars)
    const bars = useMemo(() => draft.update(series), [draft, series])
    const highest = bars.reduce<TimelineBar | undefined>(
      (most, bar) => (most === undefined || bar.bits > most.bits ? bar : most),
      undefined,
    )
    const summary = labels.timelineSummary(
      series.length,
      highest === undefined ? undefined : labelled(series, highest.token),
    )
    return usePartElement('section', {
      ref,
      rest: {
        children: (
          <>
            <h3 className="candor-logprobs-heading">{labels.timeline}</h3>
            {onActiveIndexChange === undefined || bars.length === 0 ? (
              // A picture of elements, not of pixels.
              // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role
              <div aria-label={summary} className="candor-timeline-bars" role="img">
                <Bars active={activeIndex} bars={bars} />
              </div>
            ) : (
              <BarSlider
                active={activeIndex}
                bars={bars}
                name={summary}
                onChange={onActiveIndexChange}
                valueText={(token) => {
                  const { text, bits } = labelled(series, token)
                  return `“${text}”, ${labels.bits(bits)}`
                }}
              />
            )}
          </>
        ),
        ...rest,
      },
      props: { className: 'candor-logprobs-section candor-timeline', 'aria-label': labels.timeline },
    })
  },
)

interface BarSliderProps {
  bars: readonly TimelineBar[]
  active: number | null
  name: string
  valueText: (token: number) => string
  onChange: (token: number) => void
}

function BarSlider({ bars, active, name, valueText, onChange }: BarSliderProps): ReactElement {
  const at = active === null ? -1 : bars.findIndex(({ from, to }) => from <= active && active < to)
  const value = bars[Math.max(0, at)]

  const steer = (event: KeyboardEvent): void => {
    const isRightToLeft = getComputedStyle(event.currentTarget).direction === 'rtl'
    const onward = isRightToLeft ? 'ArrowLeft' : 'ArrowRight'
    const back = isRightToLeft ? 'ArrowRight' : 'ArrowLeft'
    const moves: { readonly [key: string]: number } = {
      [onward]: at + 1,
      ArrowUp: at + 1,
      [back]: at - 1,
      ArrowDown: at - 1,
      Home: 0,
      End: bars.length - 1,
    }
    const move = moves[event.key]
    if (move === undefined) return
    event.preventDefault()
    const bar = bars[Math.max(0, Math.min(bars.length - 1, move))]
    if (bar !== undefined) onChange(bar.token)
  }
  const press = (event: PointerEvent): void => {
    // The bars of a short answer do not fill the width.
    const boxes = Array.from(event.currentTarget.children, (bar) => bar.getBoundingClientRect())
    const off = boxes.map(({ left, right }) => Math.max(left - event.clientX, event.clientX - right, 0))
    const bar = bars[off.indexOf(Math.min(...off))]
    if (bar !== undefined) onChange(bar.token)
  }
  return (
    <div
      aria-label={name}
      aria-valuemax={Math.max(1, bars.length)}
      aria-valuemin={1}
      aria-valuenow={Math.max(0, at) + 1}
      aria-valuetext={value === undefined ? undefined : valueText(value.token)}
      className="candor-timeline-bars candor-focusable"
      data-pressable=""
      onKeyDown={steer}
      onPointerDown={press}
      onPointerMove={(event) => {
        if (event.buttons === 1) press(event)
      }}
      // A range input has no bars.
      // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role
      role="slider"
      tabIndex={0}
    >
      <Bars active={active} bars={bars} />
    </div>
  )
}

function Bars({ bars, active }: { bars: readonly TimelineBar[]; active: number | null }): ReactElement[] {
  const most = Math.max(least, ...bars.map(({ bits }) => bits))
  return bars.map(({ token, from, to, bits, bin }) => (
    <span
      key={from}
      className="candor-timeline-bar"
      data-active={active !== null && from <= active && active < to ? '' : undefined}
      data-bin={bin}
      data-token={token}
      style={{ blockSize: `${Math.max(lowest, (bits / most) * 100).toFixed(1)}%` }}
    />
  ))
}

/** An answer without doubts has low bars, not ones blown up to the full height. In bits. */
const least = 2
/** A certain token is still a token. In percent of the height. */
const lowest = 2

function labelled(series: TokenSeries, token: number): LabelledToken {
  const text = visibleToken({ token: series.token(token), bytes: series.bytes(token) })
  const bits = surprisal(series.logprob(token))
  return { text: text.replace(/^·/, ''), bits, probability: 2 ** -bits, rank: undefined, rankAtLeast: false }
}
