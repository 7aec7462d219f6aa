'use client'
import { uncertainPassages, type UncertainPassagesOptions } from '@candor/core'
import { useMemo } from 'react'

import { definePart, usePartElement, type PartComponent } from '../base/definePart.ts'
import { useLogprobsLabels, type LogprobsLabels } from './LogprobsLabels.ts'
import { useTokenAlignment, useTokens, type TokensProps } from './useTokenAlignment.ts'

export interface UncertainPassagesOwnProps extends TokensProps, UncertainPassagesOptions {
  /** The text of the answer. */
  text: string
  /** The token that is looked at: its passage is marked. */
  activeIndex?: number | null
  /** Called with the token of the passage that was chosen; passages are no buttons without it. */
  onSelectToken?: (index: number) => void
  /** Words to change. */
  labels?: Partial<LogprobsLabels>
}

/** The words at which the model wavered most, with the words around them. Renders a `<section>`. */
export const UncertainPassages: PartComponent<'section', UncertainPassagesOwnProps> = definePart<
  'section',
  UncertainPassagesOwnProps
>(
  'UncertainPassages',
  function UncertainPassages(
    {
      text,
      logprobs,
      part,
      series: given,
      threshold,
      maxItems,
      activeIndex = null,
      onSelectToken,
      labels: ownLabels,
      ...rest
    },
    ref,
  ) {
    const labels = useLogprobsLabels(ownLabels)
    const series = useTokens({ logprobs, part, series: given })
    const alignment = useTokenAlignment(series, text)
    const passages = useMemo(
      () =>
        uncertainPassages(series, alignment, {
          ...(threshold === undefined ? {} : { threshold }),
          ...(maxItems === undefined ? {} : { maxItems }),
        }),
      [series, alignment, threshold, maxItems],
    )
    return usePartElement('section', {
      ref,
      rest: {
        children: (
          <>
            <h3 className="candor-logprobs-heading">{labels.passages}</h3>
            {passages.length === 0 ? (
              // Of no tokens nothing can be said.
              series.length > 0 && <p className="candor-passages-none">{labels.noPassages(threshold ?? 1)}</p>
            ) : (
              <ol className="candor-passages">
                {passages.map(({ token, before, word, after, bits, atLeast }) => {
                  const content = (
                    <>
                      <span className="candor-passage-text" dir="auto">
                        {before}
                        <strong>{visibleBlanks(word)}</strong>
                        {after}
                      </span>
                      <span className="candor-passage-bits">
                        {atLeast ? labels.bitsAtLeast(bits) : labels.bits(bits)}
                      </span>
                    </>
                  )
                  return (
                    <li key={token}>
                      {onSelectToken === undefined ? (
                        <span className="candor-passage">{content}</span>
                      ) : (
                        <button
                          aria-current={token === activeIndex ? 'true' : undefined}
                          className="candor-passage candor-focusable"
                          onClick={() => onSelectToken(token)}
                          type="button"
                        >
                          {content}
                        </button>
                      )}
                    </li>
                  )
                })}
              </ol>
            )}
          </>
        ),
        ...rest,
      },
      props: { className: 'candor-logprobs-section', 'aria-label': labels.passages },
    })
  },
)

/** A line break would break the line of the list. */
function visibleBlanks(word: string): string {
  return word.trim() === '' ? word.replaceAll('\n', '↵').replaceAll(' ', '·') : word
}
