'use client'
import {
  createTokenAlignment,
  createTokenSeries,
  tokenSeries,
  tokenStrip,
  type ChoiceLogprobs,
  type LogprobsPart,
  type TokenAlignment,
  type TokenSeries,
} from '@candor/core'
import { useMemo, useState } from 'react'

/** Where the tokens of a view come from: a choice's logprobs as the wire has them, or a series made before. */
export interface TokensProps {
  /** `choice.logprobs`. A list that has grown since the last render is read from where it ended. */
  logprobs?: ChoiceLogprobs | null | undefined
  /** Which part of them. @default 'content' */
  part?: LogprobsPart | undefined
  /** The tokens, in place of `logprobs`. */
  series?: TokenSeries | undefined
}

const noTokens: TokenSeries = createTokenSeries().snapshot()

/** The tokens of a view; an empty series when there are none. */
export function useTokens({ logprobs, part = 'content', series }: TokensProps): TokenSeries {
  return useMemo(() => series ?? tokenSeries(logprobs, part) ?? noTokens, [logprobs, part, series])
}

/** Where the tokens stand in the text, brought up to date with what was added since the last render. */
export function useTokenAlignment(series: TokenSeries, text: string): TokenAlignment {
  // A cache that only the same tokens and the same text find, so rendering twice or not at all changes nothing.
  const [draft] = useState(createTokenAlignment)
  return useMemo(() => draft.align(series, text), [draft, series, text])
}

/** As `useTokenAlignment`, but tokens that are of no text stand on one of their own, once it is sure that none comes. */
export function useShownAlignment(series: TokenSeries, text: string, streaming: boolean): TokenAlignment {
  const alignment = useTokenAlignment(series, text)
  const apart = alignment.mode === 'detached' && !streaming && series.length > 0
  return useMemo(
    () => (apart && text === '' ? tokenStrip(series) : alignment),
    [apart, text, series, alignment],
  )
}
