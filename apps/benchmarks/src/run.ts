import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'

import { logprobsScenarios } from './logprobsScenarios.ts'
import { measure, type Effort, type Result } from './measure.ts'
import { partialJsonScenarios } from './partialJsonScenarios.ts'
import { describeMachine, toMarkdown, toText } from './report.ts'
import { requestScenarios } from './requestScenarios.ts'
import type { Scenario } from './Scenario.ts'
import { streamScenarios } from './streamScenarios.ts'

const usage = `pnpm bench [names of scenarios] [options]

  --list             tell the scenarios
  --json FILE        write every run of every contender
  --markdown FILE    write the tables
  --budget MS        time for each contender at each size (default 1500)

A name chooses the scenarios that begin with it; none chooses all.`

const scenarios: readonly Scenario[] = [
  ...streamScenarios,
  ...logprobsScenarios,
  ...partialJsonScenarios,
  ...requestScenarios,
]

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    list: { type: 'boolean' },
    help: { type: 'boolean' },
    json: { type: 'string' },
    markdown: { type: 'string' },
    budget: { type: 'string', default: '1500' },
  },
})

const chosen = scenarios.filter(
  ({ name }) => positionals.length === 0 || positionals.some((prefix) => name.startsWith(prefix)),
)

if (values.help) console.log(usage)
else if (values.list) for (const { name, title } of scenarios) console.log(`${name.padEnd(24)} ${title}`)
else if (chosen.length === 0) {
  console.error(
    `No scenario begins with ${positionals.join(' or ')}. There are: ${scenarios.map(({ name }) => name).join(', ')}.`,
  )
  process.exitCode = 1
} else await runAll()

async function runAll(): Promise<void> {
  const effort: Effort = { budgetMs: Number(values.budget), minRuns: 5, maxRuns: 25, patienceMs: 8_000 }
  const machine = describeMachine()
  console.log(`Node ${machine.node}, ${machine.cores} × ${machine.cpu}, ${machine.date}`)
  console.log(
    'Processor time: median of interleaved runs, ± half the distance between the quartiles, ratio to the first row.\nGrowth: cost of a unit of work beside that at the size before; 1 is linear.\n',
  )
  const results: Result[] = []
  for (const scenario of chosen) {
    const result = await measure(scenario, effort, showProgress)
    showProgress('')
    results.push(result)
    console.log(toText(result))
    // After each scenario, so that a run that is broken off has what it measured.
    if (values.json !== undefined)
      writeFileSync(values.json, `${JSON.stringify({ machine, results }, undefined, 2)}\n`)
    if (values.markdown !== undefined) writeFileSync(values.markdown, results.map(toMarkdown).join('\n'))
  }
}

function showProgress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001B[K${text}`)
}
