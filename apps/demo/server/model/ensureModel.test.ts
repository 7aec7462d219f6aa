import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readdir, rm, truncate, utimes, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { afterEach, describe, expect, test, vi } from 'vitest'

import type { ModelProgress } from '../status.ts'
import { ensureModel, type EnsureModelOptions, type InstalledModel } from './ensureModel.ts'
import { fakeModelFile, makeFakePython, type FakePython, type FakePythonBehaviour } from './fakePython.ts'
import { isAlive } from './installLock.ts'
import { ModelError } from './ModelError.ts'

// Each test starts several programs, on a machine that may be busy.
vi.setConfig({ testTimeout: 30_000 })

const removals: Array<() => Promise<unknown>> = []
afterEach(async () => {
  for (const remove of removals.splice(0)) await remove()
})

async function fakePython(behaviour?: FakePythonBehaviour): Promise<FakePython> {
  const python = await makeFakePython(behaviour)
  removals.push(python.remove)
  return python
}

function ensure(python: FakePython, options: EnsureModelOptions = {}): Promise<InstalledModel> {
  return ensureModel({ env: python.env, cacheDir: python.cacheDir, modelFile: fakeModelFile, ...options })
}

async function failure(promise: Promise<unknown>): Promise<ModelError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (error instanceof ModelError) return error
  throw new Error('expected a ModelError', { cause: error })
}

/** What is in the cache beside a finished install. */
async function leftIn(python: FakePython): Promise<string[]> {
  return readdir(join(python.cacheDir, 'model'))
}

const finishedName = /^[0-9a-f]{12}$/

describe('a first start', () => {
  test('installs into an environment of its own and says how far it is', async () => {
    const python = await fakePython()
    const seen: ModelProgress[] = []
    const installed = await ensure(python, { onProgress: (progress) => seen.push(progress) })

    expect(installed.fromCache).toBe(false)
    expect(installed.file).toContain(join(python.cacheDir, 'model'))
    expect(await leftIn(python)).toEqual([expect.stringMatching(finishedName)])
    expect(seen.map(({ step }) => step)).toEqual(
      expect.arrayContaining(['preparing', 'downloading', 'checking']),
    )
    const sized = seen.filter(({ bytesDone }) => bytesDone !== undefined)
    expect(sized.filter(({ bytesDone, bytesTotal }) => bytesDone! > bytesTotal!)).toEqual([])
  })

  test('takes the size of what is fetched from what pip announces', async () => {
    const python = await fakePython({ install: 'hang' })
    const seen: ModelProgress[] = []
    const abort = new AbortController()
    const start = ensure(python, {
      engine: false,
      signal: abort.signal,
      onProgress: (progress) => seen.push(progress),
    })
    await vi.waitFor(
      () => expect(seen.at(-1)).toMatchObject({ bytesDone: 25_000_000, bytesTotal: 50_000_000 }),
      10_000,
    )
    abort.abort()
    await expect(start).rejects.toMatchObject({ name: 'AbortError' })
  })

  test('has pip check every hash, and follow no dependency', async () => {
    const python = await fakePython()
    await ensure(python)
    const [run] = await python.pipRuns()
    expect(run!.args).toEqual(
      expect.arrayContaining(['--require-hashes', '--no-deps', '--only-binary=:all:']),
    )
  })

  test("honours the user's index, and no setting that would install elsewhere", async () => {
    const python = await fakePython()
    const env = {
      ...python.env,
      PIP_INDEX_URL: 'http://mirror.test/simple',
      PIP_TARGET: '/elsewhere',
      PIP_USER: '1',
    }
    await ensure(python, { env: { ...env, PYTHONPATH: '/elsewhere' } })
    expect((await python.pipRuns())[0]!.env).toEqual({
      PIP_INDEX_URL: 'http://mirror.test/simple',
      PIP_USER: '0',
    })
  })

  test('does without pip in the environment when venv has none to give, as on Debian', async () => {
    const python = await fakePython({ ensurepip: false })
    await ensure(python)
    expect((await python.pipRuns())[0]!.args).toContain('--python')
  })

  test('uses the pip that venv brings when Python itself has none', async () => {
    const python = await fakePython({ pip: null })
    await ensure(python)
    expect((await python.pipRuns())[0]!.args).not.toContain('--python')
  })
})

describe('a second start', () => {
  test('fetches nothing', async () => {
    const python = await fakePython()
    const first = await ensure(python)
    const second = await ensure(python)
    expect(second).toEqual({ ...first, fromCache: true })
    expect(await python.pipRuns()).toHaveLength(1)
  })

  test('for the engine alone uses an install of both', async () => {
    const python = await fakePython()
    const both = await ensure(python)
    const engineAlone = await ensure(python, { model: false })
    expect(engineAlone).toEqual({ python: both.python, file: undefined, fromCache: true })
  })

  test('fetches again when the file in the cache is cut off', async () => {
    const python = await fakePython()
    const { file } = await ensure(python)
    await truncate(file!, 10)
    const seen: string[] = []
    const again = await ensure(python, { onProgress: ({ what }) => seen.push(what) })
    expect(again.fromCache).toBe(false)
    expect(seen[0]).toBe('What is in the cache is not whole; fetching it again')
    expect(await leftIn(python)).toEqual([expect.stringMatching(finishedName)])
  })

  test('fetches again when the Python of the environment became another one', async () => {
    const python = await fakePython()
    await ensure(python)
    await python.change({ version: '3.12.1' })
    expect((await ensure(python)).fromCache).toBe(false)
  })

  test('fetches again when the Python of the environment is gone', async () => {
    const python = await fakePython()
    const first = await ensure(python)
    await rm(first.python)
    expect((await ensure(python)).fromCache).toBe(false)
  })
})

describe('a start that is cut off', () => {
  test('by a stop leaves nothing behind, neither files nor pip', async () => {
    const python = await fakePython({ install: 'hang' })
    const abort = new AbortController()
    const start = ensure(python, { signal: abort.signal })
    await vi.waitFor(async () => expect(await python.pipRuns()).toHaveLength(1), 10_000)
    const reason = new Error('stopped')
    abort.abort(reason)
    await expect(start).rejects.toBe(reason)
    expect(isAlive((await python.pipRuns())[0]!.pid)).toBe(false)
    expect(await leftIn(python)).toEqual([])
  })

  test('by a hard kill takes pip with it, and the next start tries cleanly', async () => {
    const python = await fakePython({ install: 'hang' })
    const module = fileURLToPath(new URL('ensureModel.ts', import.meta.url))
    const script = `
      import { ensureModel } from ${JSON.stringify(module)}
      await ensureModel({ cacheDir: ${JSON.stringify(python.cacheDir)}, modelFile: ${JSON.stringify(fakeModelFile)} })`
    const starter = spawn(process.execPath, ['--input-type=module-typescript', '-e', script], {
      env: python.env,
    })
    const ended = once(starter, 'close')
    await vi.waitFor(async () => expect(await python.pipRuns()).toHaveLength(1), 10_000)
    starter.kill('SIGKILL')
    await ended

    const { pid } = (await python.pipRuns())[0]!
    await vi.waitFor(() => expect(isAlive(pid)).toBe(false), 10_000)
    expect((await leftIn(python)).filter((name) => finishedName.test(name))).toEqual([])

    await python.change({})
    expect((await ensure(python)).fromCache).toBe(false)
    expect(await leftIn(python)).toEqual([expect.stringMatching(finishedName)])
  })
})

describe('two starts at once', () => {
  test('fetch once: the second says that it waits, then uses what the first fetched', async () => {
    const python = await fakePython()
    const seen: ModelProgress[] = []
    const first = ensure(python)
    await vi.waitFor(async () => expect(await leftIn(python)).toContain('install.lock'), 10_000)
    const second = ensure(python, { onProgress: (progress) => seen.push(progress) })
    expect((await first).fromCache).toBe(false)
    expect((await second).fromCache).toBe(true)
    expect(await python.pipRuns()).toHaveLength(1)
    expect(seen).toEqual([
      {
        step: 'waiting',
        what: `Another start (process ${process.pid}) is fetching the model; waiting for it`,
      },
    ])
  })

  test('the second can be stopped while it waits', async () => {
    const python = await fakePython({ install: 'hang' })
    const abortFirst = new AbortController()
    const first = ensure(python, { signal: abortFirst.signal })
    await vi.waitFor(async () => expect(await python.pipRuns()).toHaveLength(1), 10_000)
    const abort = new AbortController()
    const second = ensure(python, { signal: abort.signal, onProgress: () => abort.abort() })
    await expect(second).rejects.toMatchObject({ name: 'AbortError' })
    abortFirst.abort()
    await expect(first).rejects.toMatchObject({ name: 'AbortError' })
  })

  test.each([
    ['a process that is gone', { pid: 2 ** 22 + 1, host: hostname() }, 0],
    ['another machine, silent for long', { pid: process.pid, host: 'elsewhere' }, 120_000],
  ])('a lock of %s does not hold', async (_, holder, ageMs) => {
    const python = await fakePython()
    const lock = join(python.cacheDir, 'model', 'install.lock')
    await mkdir(join(python.cacheDir, 'model'), { recursive: true })
    await writeFile(lock, JSON.stringify(holder))
    const then = new Date(Date.now() - ageMs)
    await utimes(lock, then, then)
    expect((await ensure(python)).fromCache).toBe(false)
  })
})

describe('what goes wrong is said, and nothing half is kept', () => {
  test.each([
    ['no-space', 'no-space', /ran full.*CANDOR_CACHE_DIR/],
    ['wrong-hash', 'hash-mismatch', /hash differs.*start again/],
    ['offline', 'offline', /could not be reached.*connection/],
    ['no-wheel', 'unsupported-platform', /no ready-made model server/],
    ['other-file', 'file-damaged', /not the one that was packed/],
  ] as const)('%s', async (install, code, message) => {
    const python = await fakePython({ install })
    const error = await failure(ensure(python))
    expect(error.code).toBe(code)
    expect(error.message).toMatch(message)
    expect(error.message).toContain('CANDOR_BASE_URL')
    expect(await leftIn(python)).toEqual([])
  })

  test('too little space is found before anything is fetched', async () => {
    const python = await fakePython()
    const modelFile = { ...fakeModelFile, bytes: 1e18 }
    const error = await failure(ensure(python, { modelFile }))
    expect(error.code).toBe('no-space')
    expect(await python.pipRuns()).toEqual([])
  })

  test('a wrong hash is tried once more without the cache that may have been damaged', async () => {
    const python = await fakePython({ install: 'damaged-cache' })
    await ensure(python)
    const runs = await python.pipRuns()
    expect(runs.map(({ args }) => args.includes('--no-cache-dir'))).toEqual([false, true])
  })

  test('a folder that cannot be made', async () => {
    const python = await fakePython()
    const cacheDir = join(python.executable, 'inside-a-file')
    expect((await failure(ensure(python, { cacheDir }))).code).toBe('no-permission')
  })

  test.runIf(process.platform === 'linux')('a folder in which the system makes none', async () => {
    const python = await fakePython()
    const error = await failure(ensure(python, { cacheDir: '/proc/nope/candor' }))
    expect(error).toMatchObject({ code: 'no-permission', what: expect.stringContaining('/proc/nope/candor') })
  })

  test('a failed start lets the next one in', async () => {
    const python = await fakePython({ install: 'offline' })
    await failure(ensure(python))
    await python.change({})
    expect((await ensure(python)).fromCache).toBe(false)
  })
})
