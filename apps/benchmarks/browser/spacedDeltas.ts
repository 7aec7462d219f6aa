import type { ContenderName, Counts } from './BenchmarkPage.ts'
import { inTurn, median, ms } from './figures.ts'
import { markdownToken } from './markdownToken.ts'
import type { Bench, Cost } from './openBench.ts'
import type { BrowserScenario } from './Scenario.ts'

const deltas = 2000
const perSecond = 250

const contenders: Record<Exclude<ContenderName, 'candor-answer'>, string> = {
  'candor-list': 'Candor hooks, plain list',
  'candor-chat': 'Candor <Chat>, Markdown and all',
  'ai-sdk': 'AI SDK useChat, plain list',
  'ai-sdk-throttled': 'AI SDK useChat, throttle: 50, memoised parts',
}

interface Run {
  counts: Counts
  cost: Cost
}

/** A message that has 22 parts grows by 2,000 deltas. */
export const spacedDeltas: BrowserScenario = {
  name: 'spaced',
  title: `${deltas.toLocaleString('en')} deltas, ${perSecond} a second, into a message with 22 parts`,
  async run(bench, { rounds }) {
    const names = Object.keys(contenders) as (keyof typeof contenders)[]
    const runs = new Map(names.map((name): [string, Run[]] => [name, []]))
    // The first round counts what is rendered, the others measure.
    for (let round = 0; round <= rounds; round++) {
      for (const name of inTurn(names, round)) runs.get(name)!.push(await stream(bench, name, round === 0))
    }
    const rows = names.map((name) => {
      const [counted, ...measured] = runs.get(name)!
      const { commits, frames, renders } = counted!.counts
      const growing = sum(renders, (part) => part.startsWith('text'))
      const others = sum(renders, (part) => !part.startsWith('text'))
      const all = (pick: (run: Run) => number): number => median(measured.map(pick))
      return {
        name,
        counted: counted!,
        growing,
        others,
        commits,
        frames,
        commitsOfRuns: [counted!, ...measured].map((run) => run.counts),
        script: all(({ cost }) => cost.script),
        work: all(({ cost }) => cost.all),
      }
    })
    const base = rows[0]!
    return {
      table: [
        [
          '',
          'commits',
          'frames',
          'renders of the growing part',
          'of the 21 others',
          'script',
          '',
          'main thread',
          '',
        ],
        ...rows.map((row) => [
          contenders[row.name],
          row.commits.toLocaleString('en'),
          row.frames.toLocaleString('en'),
          row.growing.toLocaleString('en'),
          row.others.toLocaleString('en'),
          ms(row.script),
          `${(row.script / base.script).toFixed(2)}×`,
          ms(row.work),
          `${(row.work / base.work).toFixed(2)}×`,
        ]),
      ],
      bars: rows
        .filter(({ name }) => name.startsWith('candor'))
        .flatMap(({ name, commits, growing, others, counted, commitsOfRuns }) => [
          {
            promise: `${contenders[name]}: commits ≤ frames${colours(name) > 0 ? `, and ${colours(name)} in which closed code is coloured` : ''}`,
            figure: commitsOfRuns.map((counts) => `${counts.commits} of ${counts.frames}`).join(', '),
            met: commitsOfRuns.every((counts) => counts.commits <= counts.frames + colours(name)),
          },
          {
            promise: `${contenders[name]}: the growing part renders once a commit, no other part at all`,
            figure: `${growing} in ${commits} commits, others ${others}`,
            met: growing === commits && others === 0 && counted.counts.errors.length === 0,
          },
        ]),
      notes: [
        'Renders are counted in a round of its own, in how many commits a component of the part or below it was called.',
        'The AI SDK gets the same deltas in its own protocol, which its server part makes of this one: that is not counted here.',
      ],
    }
  },
}

/** Blocks of code that are closed in the text; where Markdown is drawn, each is coloured once, when it is at rest. */
function colours(name: ContenderName): number {
  return name === 'candor-chat' ? Math.floor(deltas / 400) : 0
}

async function stream(bench: Bench, contender: ContenderName, countsRenders: boolean): Promise<Run> {
  const pieces = Array.from({ length: deltas }, (_, place) => markdownToken(place))
  await bench.mount({ contender, history: 0, countsRenders })
  const answer = await bench.ask()
  answer.head(20)
  await bench.shows('So:')
  // All that the head brings is rendered by now.
  await bench.page.waitForTimeout(300)
  await bench.takeCounts()
  const cost = await bench.cost(async () => {
    await answer.pace(pieces, perSecond)
    await bench.shows(`w${deltas - 1}`)
  })
  const counts = await bench.takeCounts()
  answer.finish()
  await bench.page.waitForTimeout(100)
  return { counts, cost }
}

function sum(renders: Counts['renders'], isMeant: (part: string) => boolean): number {
  return Object.entries(renders).reduce((total, [part, count]) => (isMeant(part) ? total + count : total), 0)
}
