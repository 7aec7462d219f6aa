import type { ChoiceLogprobs } from '../wire.ts'
import type { LogprobsPart } from './choiceLogprobs.ts'
import type { TokenSeries } from './TokenSeries.ts'

/**
 * Where a `ChoiceLogprobs` of our own making keeps its series, so that no view has to take its lists apart again. Not
 * enumerable, so that nobody sees it; a WeakMap costs more than all of the rest when a snapshot is made for each frame.
 */
export const seriesBehind: unique symbol = Symbol('series')

export type SeriesByPart = { [part in LogprobsPart]?: TokenSeries }

/**
 * How many tokens of one part of a message have logprobs; 0 where none came. Neither builds the wire's lists nor needs
 * what reads them: a view asks this before it loads the heat map.
 */
export function tokenCount(
  logprobs: ChoiceLogprobs | null | undefined,
  part: LogprobsPart = 'content',
): number {
  if (typeof logprobs !== 'object' || logprobs === null) return 0
  const behind: SeriesByPart | undefined = Reflect.get(logprobs, seriesBehind)
  if (behind !== undefined) return behind[part]?.length ?? 0
  const list = logprobs[part] ?? (part === 'content' ? logprobs['tokens'] : undefined)
  return Array.isArray(list) ? list.length : 0
}
