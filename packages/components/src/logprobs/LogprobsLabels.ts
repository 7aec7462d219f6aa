'use client'
import { formatBits, formatProbability, type LogprobsWarningCode } from '@candor/core'
import { useMemo } from 'react'

import { useLabels } from '../LabelsProvider.tsx'

/** Why there are no probabilities. */
export type LogprobsAbsence =
  /** They were not asked for. */
  | 'not-requested'
  /** They were asked for, and the server sent none. */
  | 'not-sent'
  /** They were asked for, and the server refuses them in such a request. */
  | 'refused'
  /** The answer is a tool call, for which the server sends none. */
  | 'tool-call'

/** A token as labels speak of it. */
export interface LabelledToken {
  /** Its text as it can be seen or said. */
  text: string
  /** 0 to 1; NaN where there is no figure. */
  probability: number
  /** In bits; NaN where there is no figure. */
  bits: number
  /** The least that it can be, in bits, where there is only "less likely than those listed". */
  bitsAtLeast?: number | undefined
  /** 1 for the likeliest; `undefined` when no alternatives came. */
  rank: number | undefined
  /** Whether the rank says only "this or further down". */
  rankAtLeast: boolean
}

/** Every word that the views of probabilities show or say. */
export interface LogprobsLabels {
  /** The name of the heat map. */
  heatmap: string
  /** The name of the list of alternatives. */
  alternatives: (token: string) => string
  /** "rank 2 · 2.9 bits". */
  facts: (token: LabelledToken) => string
  bits: (bits: number) => string
  /** Where only a lower bound is known. */
  bitsAtLeast: (bits: number) => string
  probability: (probability: number) => string
  /** Of a token whose figure is only "less likely than those listed". */
  below: (probability: number) => string
  /** What is not listed, together. */
  others: string
  /** Opens the rest of a long list. */
  more: (count: number) => string
  branch: string
  /** Said after a token that the answer can go on with. */
  branchWith: string
  /** Over the parts of a character that several tokens wrote. */
  parts: (count: number) => string
  /** Said for a token of nothing: the end of the answer. */
  end: string
  /** Said for characters that cannot be heard. */
  spoken: { readonly [character: string]: string }
  /** Said when the cursor comes to a token. */
  announcement: (token: LabelledToken, next: LabelledToken | undefined) => string
  legend: string
  /** Under a step of the legend, with its upper limit in bits; `undefined` for the last. */
  legendStep: (below: number | undefined) => string
  timeline: string
  /** What the timeline shows, in words. */
  timelineSummary: (tokens: number, highest: LabelledToken | undefined) => string
  summary: string
  tokens: string
  perplexity: string
  bitsPerToken: string
  notTopPick: string
  passages: string
  /** Said when no word was as surprising as this, in bits. */
  noPassages: (threshold: number) => string
  /** What the figures mean. */
  meaning: (alternatives: number, temperature: number | undefined) => string
  absence: Record<LogprobsAbsence, string>
  warning: Record<LogprobsWarningCode, (count: number) => string>
}

const count = (value: number, one: string, many: string): string =>
  `${value.toLocaleString('en-US')} ${value === 1 ? one : many}`

/** The words in English. */
export const defaultLogprobsLabels: LogprobsLabels = {
  heatmap: 'Answer with token probabilities',
  alternatives: (token) => `What else could stand for “${token}”`,
  facts: ({ rank, rankAtLeast, bits, bitsAtLeast }) =>
    [
      rank === undefined ? '' : rankAtLeast ? `rank ${rank} or lower` : `rank ${rank}`,
      bitsAtLeast !== undefined
        ? `≥ ${formatBits(bitsAtLeast)} bits`
        : Number.isNaN(bits)
          ? ''
          : `${formatBits(bits)} bits`,
    ]
      .filter((fact) => fact !== '')
      .join(' · '),
  bits: (bits) => `${formatBits(bits)} bits`,
  bitsAtLeast: (bits) => `≥ ${formatBits(bits)} bits`,
  probability: formatProbability,
  below: (probability) =>
    probability > 0.0001 ? `<${formatProbability(probability)}` : formatProbability(0),
  others: 'others',
  more: (more) => `${more} more`,
  branch: 'continue from here with another token',
  branchWith: 'continue with it',
  parts: (parts) => `${parts} tokens make this character`,
  end: 'end of the answer',
  spoken: { ' ': 'space', '\n': 'new line', '\t': 'tab', '\r': 'carriage return', '\u00a0': 'fixed space' },
  announcement: ({ text, probability, rank }, next) =>
    [
      `“${text}”`,
      Number.isNaN(probability) ? 'no figure' : formatProbability(probability),
      ...(rank === undefined ? [] : [`rank ${rank}`]),
    ].join(', ') +
    (next === undefined
      ? ''
      : `; ${rank === 1 ? 'next' : 'likeliest'} “${next.text}” ${formatProbability(next.probability)}`),
  legend: 'Surprisal, bits',
  legendStep: (below) => (below === undefined ? 'more' : `< ${String(below).replace(/^0/, '')}`),
  timeline: 'Along the answer',
  timelineSummary: (tokens, highest) =>
    highest === undefined
      ? 'No figures yet'
      : `Surprisal of ${count(tokens, 'token', 'tokens')}, highest ${formatBits(highest.bits)} bits at “${highest.text}”`,
  summary: 'Figures of the answer',
  tokens: 'tokens',
  perplexity: 'perplexity',
  bitsPerToken: 'bits a token',
  notTopPick: 'not the top pick',
  passages: 'Where it wavered',
  noPassages: (threshold) =>
    threshold === 1
      ? 'Nowhere: every word had better than even odds.'
      : `No word was as surprising as ${threshold} bits.`,
  meaning: (alternatives, temperature) =>
    `The model's probability for each token given the text before it` +
    (alternatives === 0 ? '' : `, from ${count(alternatives, 'alternative', 'alternatives')}`) +
    (temperature === undefined ? '' : ` at temperature ${temperature}`) +
    '. It says how sure the model was of the word, not whether the sentence is true.',
  absence: {
    'not-requested': 'Token probabilities were not asked for. Turn logprobs on and ask again.',
    'not-sent': 'Token probabilities were asked for, but this server sent none.',
    refused: 'This server sends no token probabilities for such a request.',
    'tool-call': 'This server sends no token probabilities for tool calls.',
  },
  warning: {
    floor: (tokens) =>
      `${count(tokens, 'token has', 'tokens have')} no figure, only “less likely than those listed”. The means leave ${tokens === 1 ? 'it' : 'them'} out.`,
    'not-a-logprob': (tokens) =>
      `${count(tokens, 'figure is', 'figures are')} above zero, so ${tokens === 1 ? 'it is' : 'they are'} no log ${tokens === 1 ? 'probability' : 'probabilities'}. They are left out.`,
    'all-certain': () =>
      'This server calls every token certain, as some do at temperature 0. The figures say nothing.',
    'no-alternatives': () => 'No alternatives came. Ask for top_logprobs to see them.',
    'lost-text': (tokens) =>
      `${count(tokens, 'token came', 'tokens came')} without text: this server loses parts of characters when it sends probabilities.`,
    unplaced: (tokens) =>
      `${count(tokens, 'token is', 'tokens are')} not in the text: held back, or of the model's thinking.`,
    uncovered: (characters) =>
      `${count(characters, 'character', 'characters')} of the text came without tokens.`,
    detached: () => 'These tokens are not of this text, so they stand apart from it.',
  },
}

/** The words in force: the component's own, over those of the nearest provider, over English. */
export function useLogprobsLabels(own?: Partial<LogprobsLabels>): LogprobsLabels {
  const { logprobs } = useLabels()
  return useMemo(() => ({ ...defaultLogprobsLabels, ...logprobs, ...own }), [logprobs, own])
}
