import type { ChoiceLogprobs, TokenLogprob } from '../wire.ts'
import { seriesBehind, type SeriesByPart } from './tokenCount.ts'
import {
  createTokenSeries,
  readLegacy,
  setOwn,
  type TokenSeries,
  type TokenSeriesDraft,
} from './TokenSeries.ts'

/** Which part of a message the tokens are of: what the model said, or its refusal. */
export type LogprobsPart = 'content' | 'refusal'

/** The logprobs of one choice, chunk by chunk. */
export interface ChoiceLogprobsDraft {
  /**
   * Adds the `logprobs` of one chunk, in time proportional to its entries. Lists are concatenated (those of the older
   * shape too), other unknown fields keep their last value that is not null.
   */
  append(logprobs: ChoiceLogprobs | null | undefined): void
  /**
   * The logprobs so far, in the wire's shape; null while none came. Immutable, the same object until something is added,
   * and cheap at any length: `content` and `refusal` are built when they are first read.
   */
  snapshot(): ChoiceLogprobs | null
}

/** Gathers the `logprobs` of one choice from its chunks, without loss and without keeping the parsed objects. */
export function createChoiceLogprobs(): ChoiceLogprobsDraft {
  const drafts: { [part in LogprobsPart]?: TokenSeriesDraft } = {}
  const nulls: Set<LogprobsPart> = new Set()
  /** Lists in it are copies, which grow. */
  const unknownFields: Map<string, unknown> = new Map()
  let current: ChoiceLogprobs | null = null
  let changed = false

  return {
    append(logprobs) {
      if (typeof logprobs !== 'object' || logprobs === null) return
      changed = true
      if (isLegacy(logprobs)) (drafts.content ??= createTokenSeries()).appendLegacy(logprobs)
      for (const field in logprobs) {
        const value: unknown = logprobs[field]
        if (field === 'content' || field === 'refusal') {
          if (Array.isArray(value)) (drafts[field] ??= createTokenSeries()).append(value)
          else if (value === null) nulls.add(field)
        } else {
          const before = unknownFields.get(field)
          if (!Array.isArray(value)) {
            if (value !== null || before === undefined) unknownFields.set(field, value)
          } else if (Array.isArray(before)) for (const item of value) before.push(item)
          else unknownFields.set(field, value.slice())
        }
      }
    },
    snapshot() {
      if (!changed) return current
      changed = false
      const content = drafts.content?.snapshot()
      const refusal = drafts.refusal?.snapshot()
      const series: SeriesByPart = {}
      if (content !== undefined) series.content = content
      if (refusal !== undefined) series.refusal = refusal
      const next = {
        get content() {
          return content?.entries() ?? null
        },
      } as ChoiceLogprobs
      for (const [field, value] of unknownFields) {
        setOwn(next, field, Array.isArray(value) ? value.slice() : value)
      }
      if (refusal !== undefined) {
        Object.defineProperty(next, 'refusal', { get: () => refusal.entries(), enumerable: true })
      } else if (nulls.has('refusal')) next.refusal = null
      Object.defineProperty(next, seriesBehind, { value: series })
      current = next
      return current
    },
  }
}

/** Series of lists that came as plain objects, by the first entry, which stays the same object while a list grows. */
const seriesOfLists: WeakMap<TokenLogprob, { draft: TokenSeriesDraft; last: TokenLogprob }> = new WeakMap()

const seriesOfLegacy: WeakMap<ChoiceLogprobs, TokenSeries> = new WeakMap()

/**
 * The tokens of one part of a choice's logprobs, whatever shape they came in; `undefined` when there are none.
 * Calling it again with a list that has grown costs only the new entries.
 */
export function tokenSeries(
  logprobs: ChoiceLogprobs | null | undefined,
  part: LogprobsPart = 'content',
): TokenSeries | undefined {
  if (typeof logprobs !== 'object' || logprobs === null) return undefined
  const behind: SeriesByPart | undefined = Reflect.get(logprobs, seriesBehind)
  if (behind !== undefined) return behind[part]
  const list = logprobs[part]
  if (Array.isArray(list)) return seriesOfList(list)
  if (part === 'content' && isLegacy(logprobs)) {
    let series = seriesOfLegacy.get(logprobs)
    if (series === undefined) {
      const draft = createTokenSeries()
      draft.appendLegacy(logprobs)
      series = draft.snapshot()
      seriesOfLegacy.set(logprobs, series)
    }
    return series
  }
  return undefined
}

function seriesOfList(list: readonly TokenLogprob[]): TokenSeries | undefined {
  const first = list[0]
  const last = list.at(-1)
  if (first === undefined || last === undefined) return createTokenSeries().snapshot()
  if (typeof first !== 'object' || typeof last !== 'object') return createTokenSeries(list).snapshot()
  const known = seriesOfLists.get(first)
  if (
    known !== undefined &&
    known.draft.length <= list.length &&
    list[known.draft.length - 1] === known.last
  ) {
    if (known.draft.length < list.length) {
      known.draft.append(list.slice(known.draft.length))
      known.last = last
    }
    return known.draft.snapshot()
  }
  const draft = createTokenSeries(list)
  seriesOfLists.set(first, { draft, last })
  return draft.snapshot()
}

function isLegacy(logprobs: ChoiceLogprobs): boolean {
  return (
    !Array.isArray(logprobs.content) && Array.isArray(logprobs['tokens']) && readLegacy(logprobs).length > 0
  )
}
