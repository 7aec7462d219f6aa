import type { Contender, Round, Scenario } from './Scenario.ts'

/** What was measured of one contender at one size. */
export interface Cell {
  readonly size: number
  /** Milliseconds of this thread's processor time, or megabytes: one a run, in the order of the runs; empty when it was left out as too slow. */
  readonly runs: readonly number[]
  readonly median: number
  /** Half the distance between the quartiles, as a share of the median. */
  readonly spread: number
  /** The median by that of the first contender. */
  readonly ratio: number
}

/** What was measured of one contender. */
export interface Row {
  readonly contender: string
  readonly note: string | undefined
  readonly cells: readonly Cell[]
  /** How much more a unit of work costs at each size than at the one before: 1 is linear, 2 at twice the size quadratic. */
  readonly growth: readonly number[]
}

/** What was measured of one scenario. */
export interface Result {
  readonly scenario: string
  readonly title: string
  readonly unit: string
  readonly measures: Scenario['measures']
  readonly rows: readonly Row[]
}

/** How long to measure. */
export interface Effort {
  /** Milliseconds for each contender at each size. One that takes longer for a single run is run once. */
  readonly budgetMs: number
  /** Runs that count, even where they take longer than the budget. */
  readonly minRuns: number
  /** Runs that are enough, even where the budget has room for more. */
  readonly maxRuns: number
  /** A contender that would take longer than this for one run, if it were quadratic, is left out at the next size. */
  readonly patienceMs: number
}

/** Processor time is counted in ticks of up to 4 ms: what is shorter is repeated until it is this long. */
const shortestMs = 25

/**
 * Runs all contenders of a scenario in turn, again and again, in one process: what disturbs the machine disturbs all of
 * them.
 */
export async function measure(
  scenario: Scenario,
  effort: Effort,
  onProgress: (text: string) => void,
): Promise<Result> {
  const rows = new Map<string, { note: string | undefined; cells: Cell[] }>()
  for (const size of scenario.sizes) {
    const round = scenario.prepare(size)
    const fast = round.contenders.filter(({ name }) => {
      const before = rows.get(name)?.cells.at(-1)
      if (before === undefined || scenario.measures === 'heap') return true
      return before.runs.length > 0 && before.median * (size / before.size) ** 2 <= effort.patienceMs
    })
    const fit = { ...round, contenders: fast }
    const tell = (text: string): void => onProgress(`${scenario.name} ${size}: ${text}`)
    // The shortest texts come first, so there the compiler still has everything to learn.
    const warmUps = rows.size === 0 ? 5 : 1
    const runs =
      scenario.measures === 'heap'
        ? await weighAll(fit, effort, tell)
        : await timeAll(fit, warmUps, effort, tell)
    const base = median(runs.get(round.contenders[0]?.name ?? '') ?? [])
    for (const { name, note } of round.contenders) {
      const row = rows.get(name) ?? { note, cells: [] }
      rows.set(name, row)
      const figures = runs.get(name) ?? []
      const ratio = median(figures) / base
      row.cells.push({ size, runs: figures, median: median(figures), spread: spread(figures), ratio })
    }
  }
  return {
    scenario: scenario.name,
    title: scenario.title,
    unit: scenario.unit,
    measures: scenario.measures,
    rows: Array.from(rows, ([contender, { note, cells }]) => ({
      contender,
      note,
      cells,
      growth: growth(cells),
    })),
  }
}

/** The times of each contender, by its name. */
async function timeAll(
  { contenders, check }: Round,
  warmUps: number,
  effort: Effort,
  onProgress: (text: string) => void,
): Promise<Map<string, number[]>> {
  const runs = new Map(contenders.map(({ name }): [string, number[]] => [name, []]))
  const repeats = new Map<Contender, number>()
  const waiting = new Set(contenders)
  for (let round = 0; waiting.size > 0; round++) {
    for (const contender of rotate(contenders, round)) {
      if (!waiting.has(contender)) continue
      onProgress(`${contender.name}, run ${round}`)
      const times = repeats.get(contender) ?? 1
      const { result, milliseconds } = await runTimes(contender, times)
      check(result, contender)
      repeats.set(contender, Math.ceil(shortestMs / Math.max(milliseconds, shortestMs / 1000)))
      const figures = runs.get(contender.name)!
      // So slow that it stays the only one: no compiler makes up for that.
      const isOnly = milliseconds > effort.budgetMs
      if (round >= warmUps || isOnly) figures.push(milliseconds)
      const isOverBudget = figures.length * times * milliseconds > effort.budgetMs
      if (isOnly || figures.length >= (isOverBudget ? effort.minRuns : effort.maxRuns))
        waiting.delete(contender)
    }
  }
  return runs
}

/** The weights of each contender's result, by its name. */
async function weighAll(
  { contenders, check }: Round,
  { minRuns }: Effort,
  onProgress: (text: string) => void,
): Promise<Map<string, number[]>> {
  const runs = new Map(contenders.map(({ name }): [string, number[]] => [name, []]))
  // The first round also weighs what is compiled and cached once.
  for (let round = 0; round <= minRuns; round++) {
    for (const contender of contenders) {
      onProgress(`${contender.name}, run ${round}`)
      const { result, megabytes } = await weigh(contender)
      check(result, contender)
      if (round > 0) runs.get(contender.name)!.push(megabytes)
    }
  }
  return runs
}

/** Runs so many times without a pause; `milliseconds` is for one of them. */
async function runTimes(
  contender: Contender,
  times: number,
): Promise<{ result: unknown; milliseconds: number }> {
  // A full collection would also throw away the shapes of objects that compiled code relies on, and with them the code:
  // each run would begin slow, and the more code a contender has, the slower.
  collect({ type: 'minor' })
  const started = process.threadCpuUsage()
  let result: unknown
  for (let time = 0; time < times; time++) result = await contender.run()
  const { user, system } = process.threadCpuUsage(started)
  return { result, milliseconds: (user + system) / 1000 / times }
}

/** What the result holds when everything else is collected, typed arrays included. */
async function weigh(contender: Contender): Promise<{ result: unknown; megabytes: number }> {
  const before = collectedBytes()
  const result = await contender.run()
  return { result, megabytes: (collectedBytes() - before) / 1e6 }
}

function collectedBytes(): number {
  collect({ type: 'major' })
  collect({ type: 'major' })
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

function collect(options: { type: 'minor' | 'major' }): void {
  if (globalThis.gc === undefined)
    throw new Error('Run node with --expose-gc: figures without collections are noise.')
  globalThis.gc({ ...options, execution: 'sync' })
}

function growth(cells: readonly Cell[]): number[] {
  return cells.slice(1).map((cell, index) => {
    const before = cells[index]!
    return cell.median / before.median / (cell.size / before.size)
  })
}

function rotate<Item>(items: readonly Item[], by: number): Item[] {
  const at = items.length === 0 ? 0 : by % items.length
  return [...items.slice(at), ...items.slice(0, at)]
}

function median(figures: readonly number[]): number {
  return quantile(figures, 0.5)
}

function spread(figures: readonly number[]): number {
  return (quantile(figures, 0.75) - quantile(figures, 0.25)) / 2 / median(figures)
}

/** By linear interpolation; NaN of nothing. */
function quantile(figures: readonly number[], share: number): number {
  const sorted = figures.toSorted((a, b) => a - b)
  const place = (sorted.length - 1) * share
  const low = sorted[Math.floor(place)] ?? Number.NaN
  const high = sorted[Math.ceil(place)] ?? Number.NaN
  return low + (high - low) * (place - Math.floor(place))
}
