import type { ContenderName } from './BenchmarkPage.ts'
import { inTurn, median, ms } from './figures.ts'
import type { BrowserScenario } from './Scenario.ts'

const sizes = [100, 1000, 10_000]
const longestMs = 150

const contenders: Record<'candor-chat' | 'candor-list' | 'ai-sdk', string> = {
  'candor-chat': 'Candor <Chat>',
  'candor-list': 'Candor hooks, plain list of all messages',
  'ai-sdk': 'AI SDK useChat, plain list of all messages',
}

/** How long a conversation takes until its end is on screen. */
export const openThread: BrowserScenario = {
  name: 'open',
  title: 'A thread opens: from the call that renders it until its last message is painted',
  async run(bench, { rounds }) {
    const names = Object.keys(contenders) as (keyof typeof contenders)[]
    const openings = new Map<string, { milliseconds: number; elements: number }[]>()
    // The first round warms up, as an app has that showed a thread before.
    for (let round = 0; round <= rounds; round++) {
      for (const contender of inTurn(names, round)) {
        for (const history of sizes) {
          const { milliseconds } = await bench.mount({ contender, history })
          const opening = { milliseconds, elements: await bench.settled() }
          if (round > 0)
            openings.set(`${contender} ${history}`, [
              ...(openings.get(`${contender} ${history}`) ?? []),
              opening,
            ])
        }
      }
    }
    const of = (contender: ContenderName, history: number): { time: number; elements: number } => {
      const all = openings.get(`${contender} ${history}`)!
      return {
        time: median(all.map(({ milliseconds }) => milliseconds)),
        elements: median(all.map(({ elements }) => elements)),
      }
    }
    const longest = sizes.at(-1)!
    const chat = of('candor-chat', longest)
    const bounded = of('candor-chat', 1000).elements
    return {
      table: [
        ['', ...sizes.flatMap((size) => [`${size.toLocaleString('en')} messages`, 'elements'])],
        ...names.map((name) => [
          contenders[name],
          ...sizes.flatMap((size) => {
            const { time, elements } = of(name, size)
            return [ms(time), elements.toLocaleString('en')]
          }),
        ]),
      ],
      bars: [
        {
          promise: `Candor <Chat>: ${longest.toLocaleString('en')} messages open in under ${longestMs} ms`,
          figure: ms(chat.time),
          met: chat.time < longestMs,
        },
        {
          promise:
            'Candor <Chat>: its elements are bounded: 10,000 messages have less than twice those of 1,000',
          figure: `${chat.elements.toLocaleString('en')} beside ${bounded.toLocaleString('en')}`,
          met: chat.elements < 2 * bounded,
        },
      ],
      notes: ['By the clock, waiting for two frames among it. Elements: when no more come.'],
    }
  },
}
