import type { ContenderName } from './BenchmarkPage.ts'
import { ms, quantile } from './figures.ts'
import { markdownToken } from './markdownToken.ts'
import type { Bench } from './openBench.ts'
import type { Trace } from './readTrace.ts'
import type { Bar, BrowserScenario } from './Scenario.ts'

const perSecond = 250
const longestTaskMs = 50
const mostPerKeyMs = 16

const contenders: Record<Exclude<ContenderName, 'candor-answer'>, string> = {
  'candor-list': 'Candor hooks, plain list',
  'candor-chat': 'Candor <Chat>',
  'ai-sdk': 'AI SDK useChat, plain list',
  'ai-sdk-throttled': 'AI SDK useChat, throttle: 50, memoised parts',
}

/** A fast model that goes on and on while the reader types. */
export const longStream: BrowserScenario = {
  name: 'minute',
  title: `${perSecond} chunks a second for a minute, typing meanwhile`,
  async run(bench, { seconds }) {
    const names = Object.keys(contenders) as (keyof typeof contenders)[]
    const idle = await typeOnly(bench)
    const table: string[][] = [
      [
        '',
        'longest task',
        'by the clock',
        'over 50 ms',
        'a key: work, 95 %',
        'most',
        'delay, 95 %',
        'until paint, 95 %',
      ],
      ['Candor <Chat>, no stream', ...taskFigures(idle), ...keyFigures(idle)],
    ]
    const bars: Bar[] = []
    for (const name of names) {
      const { trace, errors } = await streamAndType(bench, name, seconds)
      table.push([contenders[name], ...taskFigures(trace), ...keyFigures(trace)])
      if (!name.startsWith('candor')) continue
      const longest = Math.max(...trace.tasks.map(({ cpu }) => cpu))
      bars.push(
        {
          promise: `${contenders[name]}: no task over ${longestTaskMs} ms`,
          figure: ms(longest),
          met: longest <= longestTaskMs,
        },
        {
          promise: `${contenders[name]}: no error, all is shown`,
          figure: `${errors.length} errors`,
          met: errors.length === 0,
        },
      )
      if (name === 'candor-chat') {
        const work = trace.keys.map((key) => key.work)
        bars.push({
          promise: `${contenders[name]}: typing stays under ${mostPerKeyMs} ms a key, the most`,
          figure: `${ms(Math.max(...work))} of ${work.length} keys`,
          met: work.length > 0 && Math.max(...work) < mostPerKeyMs,
        })
      }
    }
    return {
      table,
      bars,
      notes: [
        'In the plain lists the browser lays out one paragraph of all words in every frame; typing there is told, and held to no bar.',
        `The stream lasted ${seconds} s. Tasks in processor time.`,
        'A key: what the main thread works from the press of a key to the commit of the frame that shows the letter, whatever for (the handlers, React, chunks that come meanwhile, style, layout, paint), in processor time.',
        'Delay: from the press until the page began to handle it. Until paint: from the press to that commit by the clock; up to 16.7 ms of it is waiting for the next frame.',
      ],
    }
  },
}

function taskFigures({ tasks }: Trace): string[] {
  return [
    ms(Math.max(...tasks.map(({ cpu }) => cpu))),
    ms(Math.max(...tasks.map(({ wall }) => wall))),
    String(tasks.filter(({ cpu }) => cpu > longestTaskMs).length),
  ]
}

function keyFigures({ keys }: Trace): string[] {
  const of = (pick: (key: Trace['keys'][number]) => number, share: number): string =>
    ms(quantile(keys.map(pick), share))
  return [
    of(({ work }) => work, 0.95),
    of(({ work }) => work, 1),
    of(({ delay }) => delay, 0.95),
    of(({ untilPaint }) => untilPaint, 0.95),
  ]
}

async function typeOnly(bench: Bench): Promise<Trace> {
  await bench.mount({ contender: 'candor-chat', history: 0 })
  await bench.page.locator('textarea').focus()
  return bench.trace(() => type(bench, () => false, 100))
}

async function streamAndType(
  bench: Bench,
  contender: ContenderName,
  seconds: number,
): Promise<{ trace: Trace; errors: readonly string[] }> {
  const count = perSecond * seconds
  const pieces = Array.from({ length: count }, (_, place) => markdownToken(place))
  await bench.mount({ contender, history: 0 })
  const answer = await bench.ask()
  answer.head(0)
  await bench.shows('So:')
  await bench.page.locator('textarea').focus()
  await bench.takeCounts()
  const trace = await bench.trace(async () => {
    let isDone = false
    const paced = answer.pace(pieces, perSecond).finally(() => (isDone = true))
    await type(bench, () => isDone, Infinity)
    await paced
    await bench.shows(`w${count - 1}`)
    answer.finish()
    await bench.page.waitForTimeout(300)
  })
  const { errors } = await bench.takeCounts()
  const shown = (await bench.lastText()).match(/w\d+/g)?.length ?? 0
  return { trace, errors: shown === count ? errors : [...errors, `${shown} words of ${count} are shown`] }
}

/** A fast typist: a key each 120 ms or so, words of seven letters, a line of 80. */
async function type(bench: Bench, isDone: () => boolean, keys: number): Promise<void> {
  for (let key = 0; key < keys && !isDone(); key++) {
    await bench.page.keyboard.press(key % 80 === 79 ? 'Shift+Enter' : key % 8 === 7 ? 'Space' : 'e')
    await bench.page.waitForTimeout(90 + ((key * 37) % 60))
  }
}
