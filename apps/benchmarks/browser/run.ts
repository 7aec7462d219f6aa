import { parseArgs } from 'node:util'

import { describeMachine } from '../src/report.ts'
import { buildPage } from './buildPage.ts'
import { burst } from './burst.ts'
import { longStream } from './longStream.ts'
import { openBench } from './openBench.ts'
import { openThread } from './openThread.ts'
import type { Bar, BrowserScenario, Effort, Outcome } from './Scenario.ts'
import { serve } from './serve.ts'
import { spacedDeltas } from './spacedDeltas.ts'
import { threadLength } from './threadLength.ts'

const usage = `pnpm bench:browser [names of scenarios] [options]

  --list             tell the scenarios
  --rounds N         how often each contender is measured (default 5)
  --seconds N        how long the long stream lasts (default 60)
  --port N           where the page is served (default: any)

A name chooses the scenarios that begin with it; none chooses all. Ends with 1 when a bar is missed.`

const scenarios: readonly BrowserScenario[] = [spacedDeltas, threadLength, burst, longStream, openThread]

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    list: { type: 'boolean' },
    help: { type: 'boolean' },
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '60' },
    port: { type: 'string', default: '0' },
  },
})

const chosen = scenarios.filter(
  ({ name }) => positionals.length === 0 || positionals.some((prefix) => name.startsWith(prefix)),
)

if (values.help) console.log(usage)
else if (values.list) for (const { name, title } of scenarios) console.log(`${name.padEnd(10)} ${title}`)
else if (chosen.length === 0) {
  console.error(
    `No scenario begins with ${positionals.join(' or ')}. There are: ${scenarios.map(({ name }) => name).join(', ')}.`,
  )
  process.exitCode = 1
} else await runAll({ rounds: Number(values.rounds), seconds: Number(values.seconds) })

async function runAll(effort: Effort): Promise<void> {
  const server = await serve(await buildPage(), Number(values.port))
  const { node, cores, cpu, date } = describeMachine()
  try {
    for (const [place, { title, name, run }] of chosen.entries()) {
      // A browser of its own, so that no scenario finds what another left behind.
      const bench = await openBench(server)
      if (place === 0) {
        const browser = bench.page.context().browser()?.version()
        console.log(`Chromium ${browser}, Node ${node}, ${cores} × ${cpu}, ${date}\n`)
      }
      const outcome = await run(bench, effort)
      await bench.close()
      console.log(toText(`${name}: ${title}`, outcome))
      if (outcome.bars.some(({ met }) => !met)) process.exitCode = 1
    }
  } finally {
    server.close()
  }
}

function toText(title: string, { table, bars, notes = [] }: Outcome): string {
  const widths = table[0]!.map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0)))
  const lines = table.map((row) =>
    row
      .map((text, column) => (column === 0 ? text.padEnd(widths[column]!) : text.padStart(widths[column]!)))
      .join('   ')
      .trimEnd(),
  )
  return [title, ...lines, ...notes, ...bars.map(toLine), ''].join('\n')
}

function toLine({ promise, figure, met }: Bar): string {
  return `${met ? '✓' : '✗'} ${promise}: ${figure}`
}
