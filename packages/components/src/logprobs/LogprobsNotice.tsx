'use client'
import { logprobsWarnings, sequenceFigures } from '@candor/core'

import { definePart, usePartElement, type PartComponent } from '../base/definePart.ts'
import { useLogprobsLabels, type LogprobsAbsence, type LogprobsLabels } from './LogprobsLabels.ts'
import { useTokenAlignment, useTokens, type TokensProps } from './useTokenAlignment.ts'

export interface LogprobsNoticeOwnProps extends TokensProps {
  /** The text of the answer, to say where tokens and text differ. */
  text?: string
  /**
   * The temperature that the probabilities are of, where that is known. It need not be the one that was asked for:
   * llama.cpp reports those of temperature 1, whatever the tokens were drawn with.
   */
  temperature?: number | undefined
  /** Why there are none, when there are none. @default 'not-sent' */
  absence?: LogprobsAbsence
  /** Whether more is coming: what may still turn out well is not complained of. @default false */
  streaming?: boolean
  /** Words to change. */
  labels?: Partial<LogprobsLabels>
}

/** Why there are no probabilities; or what they mean, and what makes them worth less. Renders a `<div>`. */
export const LogprobsNotice: PartComponent<'div', LogprobsNoticeOwnProps> = definePart<
  'div',
  LogprobsNoticeOwnProps
>(
  'LogprobsNotice',
  function LogprobsNotice(
    {
      logprobs,
      part,
      series: given,
      text,
      temperature,
      absence = 'not-sent',
      streaming = false,
      labels: ownLabels,
      ...rest
    },
    ref,
  ) {
    const labels = useLogprobsLabels(ownLabels)
    const series = useTokens({ logprobs, part, series: given })
    const alignment = useTokenAlignment(series, text ?? '')
    const isAbsent = series.length === 0
    const warnings =
      isAbsent || streaming ? [] : logprobsWarnings(series, text === undefined ? undefined : alignment)
    return usePartElement('div', {
      ref,
      rest: {
        children: isAbsent ? (
          streaming ? null : (
            <p>{labels.absence[absence]}</p>
          )
        ) : (
          <>
            {warnings.length > 0 && (
              <ul className="candor-logprobs-warnings">
                {warnings.map(({ code, count }) => (
                  <li key={code} data-code={code}>
                    {labels.warning[code](count)}
                  </li>
                ))}
              </ul>
            )}
            <p>{labels.meaning(sequenceFigures(series).alternatives, temperature)}</p>
          </>
        ),
        ...rest,
      },
      state: { absent: isAbsent, warnings: warnings.length > 0 },
      props: { className: 'candor-logprobs-notice' },
    })
  },
)
