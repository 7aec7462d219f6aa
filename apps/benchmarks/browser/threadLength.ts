import type { ContenderName } from './BenchmarkPage.ts'
import { inTurn, median, ms } from './figures.ts'
import { markdownToken } from './markdownToken.ts'
import type { Bench, Cost } from './openBench.ts'
import type { BrowserScenario } from './Scenario.ts'

const deltas = 500
const perSecond = 250
const short = 10
const long = 10_000
/** What a chunk may cost in the long thread, beside the short one. */
const most = 1.1

interface Row {
  readonly contender: ContenderName
  readonly name: string
  /** Whether the bar is for it. */
  readonly isHeld: boolean
}

const rows: readonly Row[] = [
  { contender: 'candor-answer', name: 'Candor hooks, the answer alone', isHeld: true },
  { contender: 'candor-list', name: 'Candor hooks, plain list of all messages', isHeld: false },
  { contender: 'candor-chat', name: 'Candor <Chat>', isHeld: true },
  { contender: 'ai-sdk', name: 'AI SDK useChat, plain list of all messages', isHeld: false },
]

/** The cost of a chunk where few and where many messages stand before it. */
export const threadLength: BrowserScenario = {
  name: 'length',
  title: `A chunk in a thread of ${short} and of ${long.toLocaleString('en')} messages: main thread, for the chunks of one commit, ${perSecond} a second`,
  async run(bench, { rounds }) {
    const costs = new Map(
      rows.map((row): [Row, { short: Cost[]; long: Cost[] }] => [row, { short: [], long: [] }]),
    )
    for (let round = 0; round < rounds; round++) {
      for (const row of inTurn(rows, round)) {
        // One round is enough to see what is not held.
        if (!row.isHeld && round > 0) continue
        const cost = costs.get(row)!
        const sizes = round % 2 === 0 ? (['short', 'long'] as const) : (['long', 'short'] as const)
        for (const size of sizes) {
          cost[size].push(await stream(bench, row.contender, size === 'short' ? short : long))
        }
      }
    }
    const figures = rows.map((row) => {
      const cost = costs.get(row)!
      const of = (size: 'short' | 'long', kind: keyof Cost): number =>
        median(cost[size].map((one) => one[kind]))
      const ratio = (kind: keyof Cost): number =>
        median(cost.long.map((one, round) => one[kind] / cost.short[round]![kind]))
      return { row, of, ratio }
    })
    return {
      table: [
        [
          '',
          `script, ${short}`,
          long.toLocaleString('en'),
          '',
          `all, ${short}`,
          long.toLocaleString('en'),
          '',
        ],
        ...figures.map(({ row, of, ratio }) => [
          row.name,
          ...(['script', 'all'] as const).flatMap((kind) => [
            ms(of('short', kind)),
            ms(of('long', kind)),
            `${ratio(kind).toFixed(2)}×`,
          ]),
        ]),
      ],
      bars: figures
        .filter(({ row }) => row.isHeld)
        .map(({ row, ratio }) => ({
          promise: `${row.name}: a chunk costs the same in the long thread, within 10 %`,
          figure: `${ratio('all').toFixed(2)}×`,
          met: ratio('all') <= most,
        })),
      notes: [
        'For a commit, since a busy machine has fewer frames to show the same chunks in.',
        'The ratio is the median of those of the rounds, in each of which the two lengths follow each other.',
      ],
    }
  },
}

/** What a commit costs. */
async function stream(bench: Bench, contender: ContenderName, history: number): Promise<Cost> {
  const pieces = Array.from({ length: deltas }, (_, place) => markdownToken(place))
  await bench.mount({ contender, history })
  await bench.settled()
  const answer = await bench.ask()
  answer.head(0)
  await bench.shows('So:')
  await bench.page.waitForTimeout(300)
  await bench.takeCounts()
  const { script, all } = await bench.cost(async () => {
    await answer.pace(pieces, perSecond)
    await bench.shows(`w${deltas - 1}`)
  })
  const { commits } = await bench.takeCounts()
  answer.finish()
  await bench.page.waitForTimeout(100)
  return { script: script / commits, all: all / commits }
}
