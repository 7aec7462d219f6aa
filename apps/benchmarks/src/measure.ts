import type { Contender, Scenario } from './Scenario.ts'

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

/**
 * Runs all contenders of a scenario in turn, again and again, in one process: what disturbs the machine disturbs all of
 * them. The first runs of each warm up and do not count, unless one is so slow that it stays the only one.
 */
export async function measure(
  scenario: Scenario,
  effort: Effort,
  onProgress: (text: string) => void,
): Promise<Result> {
  const rows = new Map<string, { note: string | undefined; cells: Cell[] }>()
  for (const [step, size] of scenario.sizes.entries()) {
    const { contenders, check } = scenario.prepare(size)
    const fast = contenders.filter(({ name }) => {
      const before = rows.get(name)?.cells.at(-1)
      return before === undefined || (before.runs.length > 0 && before.median * 4 <= effort.patienceMs)
    })
    // The shortest texts come first, so there the compiler still has everything to learn.
    const warmUps = scenario.measures === 'heap' ? 0 : step === 0 ? 5 : 1
    const runs = new Map(contenders.map(({ name }): [string, number[]] => [name, []]))
    const waiting = new Set(fast)
    for (let round = 0; waiting.size > 0; round++) {
      for (const contender of rotate(fast, round)) {
        if (!waiting.has(contender)) continue
        onProgress(`${scenario.name} ${size}: ${contender.name}, run ${round}`)
        const { figure, tookMs } = await runOnce(contender, scenario.measures, (result) =>
          check(result, contender),
        )
        const counted = runs.get(contender.name)!
        const isSlow = tookMs > effort.budgetMs
        if (round >= warmUps || isSlow) counted.push(figure)
        const isEnough =
          counted.length >= (counted.length * tookMs > effort.budgetMs ? effort.minRuns : effort.maxRuns)
        if (isSlow || isEnough) waiting.delete(contender)
      }
    }
    const base = median(runs.get(contenders[0]?.name ?? '') ?? [])
    for (const { name, note } of contenders) {
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

async function runOnce(
  contender: Contender,
  measures: Scenario['measures'],
  check: (result: unknown) => void,
): Promise<{ figure: number; tookMs: number }> {
  const heapBefore = collectedHeap()
  const started = process.threadCpuUsage()
  const result = await contender.run()
  const { user, system } = process.threadCpuUsage(started)
  const tookMs = (user + system) / 1000
  const megabytes = measures === 'heap' ? (collectedHeap() - heapBefore) / 1e6 : 0
  check(result)
  return { figure: measures === 'heap' ? megabytes : tookMs, tookMs }
}

function growth(cells: readonly Cell[]): number[] {
  return cells.slice(1).map((cell, index) => {
    const before = cells[index]!
    return cell.median / before.median / (cell.size / before.size)
  })
}

/** Bytes in use after a collection, typed arrays included. */
function collectedHeap(): number {
  if (globalThis.gc === undefined)
    throw new Error('Figures without collections are noise. Run node with --expose-gc.')
  globalThis.gc()
  globalThis.gc()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
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
