import type { ContenderName } from './BenchmarkPage.ts'
import { inTurn, median, ms } from './figures.ts'
import { markdownToken } from './markdownToken.ts'
import type { BrowserScenario } from './Scenario.ts'

const chunks = 10_000
const longestTaskMs = 50

const contenders: Record<Exclude<ContenderName, 'candor-answer'>, string> = {
  'candor-list': 'Candor hooks, plain list',
  'candor-chat': 'Candor <Chat>',
  'ai-sdk': 'AI SDK useChat, plain list',
  'ai-sdk-throttled': 'AI SDK useChat, throttle: 50, memoised parts',
}

/** A whole long answer in one read of the network. */
export const burst: BrowserScenario = {
  name: 'burst',
  title: `${chunks.toLocaleString('en')} chunks in one read`,
  async run(bench, { rounds }) {
    const names = Object.keys(contenders) as (keyof typeof contenders)[]
    const pieces = Array.from({ length: chunks }, (_, place) => markdownToken(place))
    const runs = new Map(
      names.map(
        (name): [string, { cpu: number; wall: number; all: number; commits: number; errors: string[] }[]] => [
          name,
          [],
        ],
      ),
    )
    for (let round = 0; round < rounds; round++) {
      for (const name of inTurn(names, round)) {
        await bench.mount({ contender: name, history: 0, inOneRead: true })
        await bench.page.waitForTimeout(300)
        await bench.takeCounts()
        const { tasks } = await bench.trace(async () => {
          const answer = await bench.ask()
          answer.head(0)
          answer.burst(pieces)
          answer.finish()
          await bench.shows(`w${chunks - 1}`)
          await bench.page.waitForTimeout(300)
        })
        const { commits, errors } = await bench.takeCounts()
        const shown = (await bench.lastText()).match(/w\d+/g)?.length ?? 0
        runs.get(name)!.push({
          cpu: Math.max(...tasks.map((task) => task.cpu)),
          wall: Math.max(...tasks.map((task) => task.wall)),
          all: tasks.reduce((sum, task) => sum + task.cpu, 0),
          commits,
          errors: [...errors, ...(shown === chunks ? [] : [`${shown} words of ${chunks} are shown`])],
        })
      }
    }
    return {
      table: [
        ['', 'longest task', 'by the clock', 'all tasks', 'commits', 'errors'],
        ...names.map((name) => {
          const of = runs.get(name)!
          return [
            contenders[name],
            ms(median(of.map(({ cpu }) => cpu))),
            ms(median(of.map(({ wall }) => wall))),
            ms(median(of.map(({ all }) => all))),
            String(median(of.map(({ commits }) => commits))),
            [...new Set(of.flatMap(({ errors }) => errors))].join('; ') || 'none',
          ]
        }),
      ],
      bars: names
        .filter((name) => name.startsWith('candor'))
        .flatMap((name) => {
          const of = runs.get(name)!
          const longest = Math.max(...of.map(({ cpu }) => cpu))
          return [
            {
              promise: `${contenders[name]}: no task over ${longestTaskMs} ms`,
              figure: ms(longest),
              met: longest <= longestTaskMs,
            },
            {
              promise: `${contenders[name]}: no error, all is shown`,
              figure: `${of.flatMap(({ errors }) => errors).length} errors`,
              met: of.every(({ errors }) => errors.length === 0),
            },
          ]
        }),
      notes: [
        'Tasks in processor time; the longest of all rounds is held to the bar, the table has medians.',
      ],
    }
  },
}
