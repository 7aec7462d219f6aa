import { chromium, type CDPSession, type Page } from 'playwright'

import { chromiumLaunchOptions } from '../../checks/src/chromium.ts'
import type { Counts, MountOptions, Opening } from './BenchmarkPage.ts'
import { readTrace, traceCategories, type Trace } from './readTrace.ts'
import type { Answer, BenchmarkServer } from './serve.ts'

/** Milliseconds of the page's main thread: processor time, which other work on the machine does not lengthen. */
export interface Cost {
  readonly script: number
  /** Script, style, layout, paint and all else. */
  readonly all: number
}

/** A page in a browser, and the model that answers it. */
export interface Bench {
  readonly page: Page
  /** Shows a conversation. */
  mount(options: MountOptions): Promise<Opening>
  /** Resolves when no elements come any more, with how many there are. */
  settled(): Promise<number>
  /** Asks a question; resolves with the answer to write. */
  ask(): Promise<Answer>
  /** Resolves when the last message holds a text. */
  shows(text: string): Promise<void>
  lastText(): Promise<string>
  takeCounts(): Promise<Counts>
  /** What some work costs the page. */
  cost(work: () => Promise<void>): Promise<Cost>
  /** The tasks and keys of the page during some work. */
  trace(work: () => Promise<void>): Promise<Trace>
  close(): Promise<void>
}

export async function openBench(server: BenchmarkServer): Promise<Bench> {
  const browser = await chromium.launch(chromiumLaunchOptions())
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } })
  const page = await context.newPage()
  await page.goto(server.origin)
  const session = await context.newCDPSession(page)
  await session.send('Performance.enable', { timeDomain: 'threadTicks' })

  return {
    page,
    mount: (options) => page.evaluate((given) => window.benchmark.mount(given), options),
    async settled() {
      let elements = 0
      for (let before = -1; elements !== before;) {
        before = elements
        await page.waitForTimeout(500)
        elements = await page.evaluate(() => window.benchmark.elements())
      }
      return elements
    },
    async ask() {
      await page.evaluate(() => window.benchmark.send())
      return server.next()
    },
    async shows(text) {
      await page.waitForFunction((expected) => window.benchmark.lastText().includes(expected), text, {
        polling: 50,
        timeout: 120_000,
      })
    },
    lastText: () => page.evaluate(() => window.benchmark.lastText()),
    takeCounts: () => page.evaluate(() => window.benchmark.takeCounts()),
    async cost(work) {
      const before = await readMetrics(session)
      await work()
      const after = await readMetrics(session)
      const milliseconds = (name: string): number => ((after.get(name) ?? 0) - (before.get(name) ?? 0)) * 1000
      return { script: milliseconds('ScriptDuration'), all: milliseconds('TaskDuration') }
    },
    async trace(work) {
      await browser.startTracing(page, { categories: [...traceCategories] })
      await work()
      return readTrace(await browser.stopTracing())
    },
    close: () => browser.close(),
  }
}

async function readMetrics(session: CDPSession): Promise<Map<string, number>> {
  const { metrics } = await session.send('Performance.getMetrics')
  return new Map(metrics.map(({ name, value }) => [name, value]))
}
