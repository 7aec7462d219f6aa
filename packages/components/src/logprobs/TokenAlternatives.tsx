'use client'
import {
  surprisalBin,
  tokenFigures,
  unitSurprisal,
  visibleToken,
  type TokenAlternative,
  type TokenSeries,
  type TopLogprob,
} from '@candor/core'
import { useState, type ReactElement, type ReactNode } from 'react'

import { definePart, usePartElement, type PartComponent } from '../base/definePart.ts'
import { useLogprobsLabels, type LogprobsLabels } from './LogprobsLabels.ts'

export interface TokenAlternativesOwnProps {
  /** The tokens of the answer. */
  series: TokenSeries
  /** The token that the alternatives are of. */
  index: number
  /** The token after the last one of the same character, when several tokens wrote one. @default index + 1 */
  to?: number
  /** How many alternatives are shown at first; the token itself always is. @default 5 */
  maxRows?: number
  /**
   * Called when the reader wants the answer to go on from this place with another token, as the server listed it. The
   * rows are buttons only when this is given.
   */
  onBranch?: ((top: TopLogprob, index: number) => void) | undefined
  /** Words to change. */
  labels?: Partial<LogprobsLabels>
}

/**
 * What else could stand at a token's place: each alternative with a bar and its probability, and how much is with all
 * others. Renders a `<div>`.
 */
export const TokenAlternatives: PartComponent<'div', TokenAlternativesOwnProps> = definePart<
  'div',
  TokenAlternativesOwnProps
>(
  'TokenAlternatives',
  function TokenAlternatives(
    { series, index, to = index + 1, maxRows = 5, onBranch, labels: ownLabels, ...rest },
    ref,
  ) {
    const labels = useLogprobsLabels(ownLabels)
    const [chosenPart, setChosenPart] = useState(0)
    const [openList, setOpenList] = useState<number>()
    const shown = Math.min(index + chosenPart, to - 1)
    const figures = tokenFigures(series, shown)
    const rows = openList === shown ? figures.alternatives : likeliest(figures.alternatives, maxRows)
    const hidden = figures.alternatives.filter((alternative) => !rows.includes(alternative))
    const others = figures.residual + hidden.reduce((sum, { probability }) => sum + (probability || 0), 0)
    const bound = Math.min(
      figures.residual,
      ...figures.alternatives.map(({ probability }) => probability || 1),
    )
    const canBranch = onBranch !== undefined && rows.some((row) => isOther(row))
    const partToken = { token: series.token(shown), bytes: series.bytes(shown) }
    const isOneToken = to - index === 1
    const facts = labels.facts({
      text: visibleToken(partToken),
      probability: figures.probability,
      bits: figures.surprisal,
      bitsAtLeast: figures.surprisalAtLeast,
      rank: figures.rank,
      rankAtLeast: figures.rankAtLeast,
    })

    return usePartElement('div', {
      ref,
      rest: {
        children: (
          <>
            <div className="candor-alternatives-head">
              <TokenChip token={isOneToken ? partToken : joined(series, index, to)} />
              <span className="candor-alternatives-facts">
                {isOneToken
                  ? facts
                  : labels.bits(unitSurprisal(series, { start: 0, end: 0, from: index, to }))}
              </span>
            </div>
            {!isOneToken && (
              <Parts
                chosen={shown - index}
                facts={facts}
                label={labels.parts(to - index)}
                onChoose={setChosenPart}
                tokens={Array.from({ length: to - index }, (_, part) => ({
                  token: series.token(index + part),
                  bytes: series.bytes(index + part),
                }))}
              />
            )}
            <ul className="candor-alternatives-rows">
              {rows.map((row, at) => (
                <Row
                  key={`${shown} ${at}`}
                  bound={bound}
                  labels={labels}
                  onBranch={
                    onBranch !== undefined && isOther(row)
                      ? () => onBranch(wireTop(series, shown, row), shown)
                      : undefined
                  }
                  row={row}
                />
              ))}
              {others >= 0 && series.alternativeCount(shown) > 0 && (
                <li className="candor-alternative" data-others="">
                  <span className="candor-alternative-token">
                    {hidden.length > 0 ? (
                      <button
                        className="candor-alternatives-more candor-focusable"
                        onClick={() => setOpenList(shown)}
                        type="button"
                      >
                        {labels.others}{' '}
                        <span className="candor-alternatives-count">{labels.more(hidden.length)}</span>
                      </button>
                    ) : (
                      labels.others
                    )}
                  </span>
                  <Bar probability={others} />
                  <span className="candor-alternative-figure">{labels.probability(others)}</span>
                </li>
              )}
            </ul>
            {canBranch && (
              <p className="candor-alternatives-hint">
                <span aria-hidden="true">↳ </span>
                {labels.branch}
              </p>
            )}
          </>
        ),
        ...rest,
      },
      props: { className: 'candor-alternatives' },
    })
  },
)

interface RowProps {
  row: TokenAlternative
  /** What a token without a figure is less likely than. */
  bound: number
  labels: LogprobsLabels
  onBranch: (() => void) | undefined
}

function Row({ row, bound, labels, onBranch }: RowProps): ReactElement {
  const content = (
    <>
      <span className="candor-alternative-token">
        <TokenChip token={row} />
      </span>
      <Bar probability={row.probability} />
      <span className="candor-alternative-figure">
        {Number.isNaN(row.probability) ? labels.below(bound) : labels.probability(row.probability)}
      </span>
      {onBranch !== undefined && (
        <span aria-hidden="true" className="candor-alternative-arrow">
          ↳
        </span>
      )}
    </>
  )
  return (
    <li
      className="candor-alternative"
      data-bin={
        row.chosen && !Number.isNaN(row.probability) ? surprisalBin(-Math.log2(row.probability)) : undefined
      }
      data-chosen={row.chosen ? '' : undefined}
    >
      {onBranch === undefined ? (
        content
      ) : (
        <button className="candor-alternative-branch candor-focusable" onClick={onBranch} type="button">
          {content}
          <span className="candor-visually-hidden">{labels.branchWith}</span>
        </button>
      )}
    </li>
  )
}

interface PartsProps {
  tokens: readonly { token: string; bytes: Uint8Array }[]
  chosen: number
  /** Of the chosen one. */
  facts: string
  label: string
  onChoose: (part: number) => void
}

/** The tokens that wrote one character together, each with alternatives of its own. */
function Parts({ tokens, chosen, facts, label, onChoose }: PartsProps): ReactElement {
  return (
    <fieldset className="candor-alternatives-parts">
      <legend className="candor-alternatives-parts-label">{label}</legend>
      {tokens.map((token, part) => (
        <button
          key={part}
          aria-pressed={part === chosen}
          className="candor-alternatives-part candor-focusable"
          onClick={() => onChoose(part)}
          type="button"
        >
          {visibleToken(token)}
        </button>
      ))}
      <span className="candor-alternatives-facts">{facts}</span>
    </fieldset>
  )
}

/** The character that several tokens wrote; where the last one has the bytes of all (llama.cpp), that one. */
function joined(series: TokenSeries, from: number, to: number): { token: string; bytes: Uint8Array } {
  const bytes: number[] = []
  for (let token = from; token < to; token++) bytes.push(...series.bytes(token))
  const all = { token: '', bytes: Uint8Array.from(bytes) }
  const last = { token: series.token(to - 1), bytes: series.bytes(to - 1) }
  return isWholeText(all.bytes) ? all : last
}

function isWholeText(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return true
  } catch {
    return false
  }
}

function TokenChip({ token }: { token: { token: string; bytes: Uint8Array } }): ReactNode {
  return (
    <bdi className="candor-token-chip" title={token.bytes.length === 0 ? undefined : bytesTitle(token.bytes)}>
      {visibleToken(token)}
    </bdi>
  )
}

function Bar({ probability }: { probability: number }): ReactElement {
  return (
    <span aria-hidden="true" className="candor-alternative-bar">
      <span style={{ inlineSize: `${((probability || 0) * 100).toFixed(2)}%` }} />
    </span>
  )
}

function likeliest(alternatives: readonly TokenAlternative[], maxRows: number): TokenAlternative[] {
  const first = alternatives.slice(0, maxRows)
  const chosen = alternatives.find((alternative) => alternative.chosen)
  return chosen === undefined || first.includes(chosen) ? first : [...first.slice(0, -1), chosen]
}

function isOther({ chosen, listedAt }: TokenAlternative): boolean {
  return !chosen && listedAt !== undefined
}

/** The alternative as the server sent it. */
function wireTop(
  series: TokenSeries,
  index: number,
  { listedAt, token, logprob }: TokenAlternative,
): TopLogprob {
  return series.entry(index).top_logprobs?.[listedAt ?? -1] ?? { token, logprob }
}

const bytesTitle = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(' ')
