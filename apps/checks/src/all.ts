/**
 * The test command of the README: installs the browser when there is none, runs every check, and ends with one line,
 * `N passed, N failed`. Start reading here; each step is a script of the root package.json, so any of them runs alone.
 */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'

import { DEBIAN_CHROMIUM } from './chromium.ts'

interface Counts {
  passed: number
  failed: number
}

interface Step {
  /** What it shows, in the words of the summary. */
  name: string
  /** The script of the root package.json. */
  script: string
  /** Where the runner writes its figures; a step without counts as one. */
  report?: 'vitest' | 'playwright'
  environment?: { readonly [name: string]: string }
}

const STEPS: readonly Step[] = [
  { name: 'types', script: 'typecheck' },
  { name: 'lint', script: 'lint' },
  { name: 'format', script: 'format:check' },
  { name: 'unused code', script: 'knip' },
  { name: 'build', script: 'build' },
  { name: 'packages', script: 'packages:check' },
  { name: 'size', script: 'size' },
  { name: 'unit tests', script: 'test:unit', report: 'vitest' },
  { name: 'component tests in the browser', script: 'test:browser', report: 'vitest' },
  { name: 'stories', script: 'test:stories', report: 'vitest' },
  {
    name: 'stories in the dark',
    script: 'test:stories',
    report: 'vitest',
    environment: { STORYBOOK_THEME: 'dark' },
  },
  { name: 'Storybook build', script: 'storybook:build' },
  { name: 'end to end on the real model', script: 'test:e2e', report: 'playwright' },
]

function run(command: string, args: string[], environment: NodeJS.ProcessEnv = {}): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: 'inherit', env: { ...process.env, ...environment } })
    child.on('error', () => resolve(127))
    child.on('close', (code) => resolve(code ?? 1))
  })
}

function isOnPath(command: string): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((folder) => existsSync(join(folder, command)))
}

async function ensureChromium(): Promise<void> {
  if (process.env['CHROMIUM_PATH'] !== undefined || existsSync(DEBIAN_CHROMIUM)) return
  if (!isOnPath('apt-get')) {
    await run('pnpm', ['exec', 'playwright', 'install', 'chromium'])
    return
  }
  const sudo = process.getuid?.() === 0 ? [] : ['sudo']
  const apt = (...args: string[]) => {
    const [command = 'apt-get', ...rest] = [...sudo, 'apt-get', ...args]
    return run(command, rest, { DEBIAN_FRONTEND: 'noninteractive' })
  }
  console.log('No Chromium found: installing it with apt-get.')
  await apt('update', '-qq')
  await apt(
    'install',
    '-y',
    '-qq',
    '--no-install-recommends',
    'chromium',
    'fonts-liberation',
    'fonts-noto-core',
    'fonts-noto-color-emoji',
  )
  if (!existsSync(DEBIAN_CHROMIUM)) {
    console.error(
      'Chromium could not be installed, and the browser tests need it. Install it (apt-get install chromium) or set CHROMIUM_PATH to one.',
    )
  }
}

async function readCounts(report: 'vitest' | 'playwright', file: string): Promise<Counts> {
  const json = JSON.parse(await readFile(file, 'utf8'))
  return report === 'vitest'
    ? { passed: json.numPassedTests, failed: json.numFailedTests }
    : { passed: json.stats.expected, failed: json.stats.unexpected + json.stats.flaky }
}

async function runStep(step: Step, reports: string): Promise<Counts> {
  const reportFile = join(reports, `${step.script.replaceAll(':', '-')}.json`)
  const reporterArgs = {
    vitest: ['--reporter=default', '--reporter=json', `--outputFile.json=${reportFile}`],
    playwright: ['--reporter=list,json'],
  }
  const code = await run('pnpm', ['run', step.script, ...(step.report ? reporterArgs[step.report] : [])], {
    ...step.environment,
    PLAYWRIGHT_JSON_OUTPUT_NAME: reportFile,
  })
  if (step.report === undefined) return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1 }
  const counts = existsSync(reportFile) ? await readCounts(step.report, reportFile) : { passed: 0, failed: 0 }
  // A runner that fails without a failed test (an uncaught error, no test found, a server that did not start) is a failure too.
  return code === 0 || counts.failed > 0 ? counts : { ...counts, failed: 1 }
}

await ensureChromium()
const reports = await mkdtemp(join(tmpdir(), 'candor-reports-'))
const wanted = process.argv.slice(2)
const total: Counts = { passed: 0, failed: 0 }
const summary: string[] = []
for (const step of STEPS.filter(({ script }) => wanted.length === 0 || wanted.includes(script))) {
  console.log(`\n── ${step.name} (pnpm ${step.script})`)
  const startedAt = performance.now()
  const counts = await runStep(step, reports)
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1).padStart(6)
  total.passed += counts.passed
  total.failed += counts.failed
  summary.push(
    `${counts.failed === 0 ? '✓' : '✗'} ${seconds} s  ${step.name}: ${counts.passed} passed, ${counts.failed} failed`,
  )
}
await rm(reports, { recursive: true, force: true })

console.log(`\n${summary.join('\n')}\n`)
console.log(`${total.passed} passed, ${total.failed} failed`)
process.exitCode = total.failed === 0 ? 0 : 1
