import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { afterEach, describe, expect, test, vi } from 'vitest'

import { isAlive } from './model/installLock.ts'

vi.setConfig({ testTimeout: 60_000 })

const started: ChildProcess[] = []
afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL')
})

/** `pnpm start` with these arguments, and what it printed so far. */
function start(args: string[], env: NodeJS.ProcessEnv = {}): { child: ChildProcess; printed: () => string } {
  const script = fileURLToPath(new URL('start.ts', import.meta.url))
  const { PORT: _, ...rest } = process.env
  const child = spawn(process.execPath, [script, ...args], { env: { ...rest, ...env }, stdio: 'pipe' })
  started.push(child)
  let text = ''
  child.stdout.on('data', (bytes) => (text += String(bytes)))
  child.stderr.on('data', (bytes) => (text += String(bytes)))
  return { child, printed: () => text }
}

/** Where the demo says that it is. */
async function addressOf({ printed }: ReturnType<typeof start>): Promise<string> {
  const address = /Candor is at (\S+)/
  await vi.waitFor(() => expect(printed()).toMatch(address), 30_000)
  return address.exec(printed())![1]!
}

async function takePort(): Promise<{ port: number; release: () => void }> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { port: (server.address() as AddressInfo).port, release: () => server.close() }
}

async function codeOf(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null) return child.exitCode
  const [code] = (await once(child, 'exit')) as [number | null]
  return code
}

describe('the page', () => {
  test('is served without a model when asked to, and says so', async () => {
    const demo = start(['--no-model', '--port', '0'])
    const url = await addressOf(demo)
    expect(await (await fetch(url)).text()).toContain('<div id="root">')
    expect(await (await fetch(`${url}/candor/status`)).json()).toEqual({ state: 'none', kind: 'none' })
    expect(demo.printed()).toContain('Started without a model')
  })

  test('is served all the same when there is no Python, with what to do', async () => {
    const cache = await mkdtemp(join(tmpdir(), 'candor-start-'))
    const demo = start(['--port', '0'], { CANDOR_PYTHON: '/nowhere/python', CANDOR_CACHE_DIR: cache })
    await addressOf(demo)
    await vi.waitFor(() => expect(demo.printed()).toContain('CANDOR_PYTHON is /nowhere/python'), 10_000)
    expect(demo.printed()).toContain('The page works all the same once an address is typed in it')
    await rm(cache, { recursive: true })
  })
})

describe('a port that is taken', () => {
  test('is an error when it was asked for', async () => {
    const { port, release } = await takePort()
    const demo = start(['--no-model', '--port', String(port)])
    expect(await codeOf(demo.child)).toBe(1)
    expect(demo.printed()).toContain(`Port ${port} is in use by another program`)
    release()
  })

  test('is an error when PORT asked for it', async () => {
    const { port, release } = await takePort()
    const demo = start(['--no-model'], { PORT: String(port) })
    expect(await codeOf(demo.child)).toBe(1)
    release()
  })

  test.each(['70000', 'http', '-1'])('%s is no port', async (port) => {
    const demo = start(['--no-model', `--port=${port}`])
    expect(await codeOf(demo.child)).toBe(1)
    expect(demo.printed()).toContain(`${port} is not a port`)
  })
})

test('an option that does not exist is named', async () => {
  const demo = start(['--no-modle'])
  expect(await codeOf(demo.child)).toBe(1)
  expect(demo.printed()).toContain('--no-modle')
})

describe('the end', () => {
  test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('comes with %s', async (signal) => {
    const demo = start(['--no-model', '--port', '0'])
    const url = await addressOf(demo)
    // A page that listens must not hold it.
    const events = await fetch(`${url}/candor/status/events`)
    demo.child.kill(signal)
    expect(await codeOf(demo.child)).toBe(0)
    await events.body!.cancel().catch(() => {})
  })

  test('takes the model server along', async () => {
    const demo = start(['--port', '0'])
    const url = await addressOf(demo)
    let pid = 0
    await vi.waitFor(async () => {
      const status: { state: string; pid?: number } = await (await fetch(`${url}/candor/status`)).json()
      expect(status.state).toBe('ready')
      pid = status.pid!
    }, 300_000)
    expect(isAlive(pid)).toBe(true)
    demo.child.kill('SIGTERM')
    expect(await codeOf(demo.child)).toBe(0)
    expect(isAlive(pid)).toBe(false)
  }, 360_000)
})
