import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'

import { isAlive } from './installLock.ts'
import { startModelServer } from './startModelServer.ts'

// Each test starts several programs, on a machine that may be busy.
vi.setConfig({ testTimeout: 30_000 })

let folder: string
let env: NodeJS.ProcessEnv

/** A llama-server that notes how it was started, and is ready at its third health check. */
const fakeLlamaServer = `#!${process.execPath}
const { createServer } = require('node:http')
const { writeFileSync } = require('node:fs')
const args = process.argv.slice(2)
const key = process.env.LLAMA_API_KEY
writeFileSync(__dirname + '/started.json', JSON.stringify({ args, key, pid: process.pid }))
if (args.join().includes('broken')) {
  console.error('error: unable to load the model')
  process.exit(3)
}
process.on('SIGTERM', () => {})
let checks = 0
createServer((request, response) => {
  if (request.url === '/health') response.writeHead(++checks < 3 ? 503 : 200).end()
  else if (request.url === '/v1/crash') process.exit(7)
  else response.writeHead(request.headers.authorization === 'Bearer ' + key ? 200 : 401).end()
}).listen(Number(args[args.indexOf('--port') + 1]), '127.0.0.1')
`

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'candor-llama-server-'))
  const program = join(folder, 'llama-server')
  await writeFile(program, fakeLlamaServer)
  await chmod(program, 0o755)
  await writeFile(join(folder, 'Tiny.gguf'), 'GGUF')
  await writeFile(join(folder, 'broken.gguf'), 'GGUF')
  env = { ...process.env, CANDOR_GGUF: join(folder, 'Tiny.gguf'), CANDOR_LLAMA_SERVER: program }
})
afterEach(() => rm(folder, { recursive: true, force: true }))

async function howItStarted(): Promise<{ args: string[]; key: string; pid: number }> {
  return JSON.parse(await readFile(join(folder, 'started.json'), 'utf8'))
}

describe('a llama-server of the user', () => {
  test('is ready when its model is loaded, on loopback, with a key that the process list does not show', async () => {
    const server = await startModelServer({ env })
    try {
      const { args, key } = await howItStarted()
      expect(args).toEqual(
        expect.arrayContaining(['--host', '127.0.0.1', '--jinja', '-m', env['CANDOR_GGUF']]),
      )
      expect(args).not.toContain('--chat-template-file')
      expect(args).not.toContain(key)
      expect(server).toMatchObject({ kind: 'gguf', modelId: 'Tiny', apiKey: key })
      const headers = { authorization: `Bearer ${server.apiKey}` }
      expect((await fetch(`${server.baseURL}/models`, { headers })).status).toBe(200)
    } finally {
      await server.stop()
    }
  })

  test('is ended by force when it does not heed the request to end', async () => {
    const server = await startModelServer({ env })
    const { pid } = await howItStarted()
    await server.stop()
    expect((await server.exited).expected).toBe(true)
    expect(isAlive(pid)).toBe(false)
  })

  test('ends when the process that started it is killed', async () => {
    const module = fileURLToPath(new URL('startModelServer.ts', import.meta.url))
    const script = `
      import { startModelServer } from ${JSON.stringify(module)}
      await startModelServer()
      console.log('ready')`
    const args = ['--input-type=module-typescript', '-e', script]
    const starter = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'inherit'] })
    await once(starter.stdout, 'data')
    const { pid } = await howItStarted()
    starter.kill('SIGKILL')
    await vi.waitFor(() => expect(isAlive(pid)).toBe(false), 10_000)
  })

  test('that dies tells so', async () => {
    const server = await startModelServer({ env })
    await fetch(`${server.baseURL}/crash`).catch(() => {})
    expect(await server.exited).toMatchObject({ expected: false, code: 7 })
  })

  test('that cannot load the file says what it said', async () => {
    const start = startModelServer({ env: { ...env, CANDOR_GGUF: join(folder, 'broken.gguf') } })
    await expect(start).rejects.toMatchObject({
      code: 'engine-failed',
      message: expect.stringMatching(/broken\.gguf: it ended with code 3.*CANDOR_BASE_URL/s),
      detail: 'error: unable to load the model',
    })
  })

  test('that ends without a word is named, not the file', async () => {
    await writeFile(join(folder, 'whole.gguf'), 'GGUF')
    const start = startModelServer({
      env: { ...env, CANDOR_GGUF: join(folder, 'whole.gguf'), CANDOR_LLAMA_SERVER: '/bin/false' },
    })
    await expect(start).rejects.toMatchObject({
      what: expect.stringMatching(/^\/bin\/false could not be started .*code 1\.$/),
      hint: expect.stringMatching(/^It printed nothing: check that CANDOR_LLAMA_SERVER is a llama-server/),
    })
  })

  test('is not started for a file that is missing', async () => {
    const start = startModelServer({ env: { ...env, CANDOR_GGUF: join(folder, 'none.gguf') } })
    await expect(start).rejects.toMatchObject({ code: 'file-missing' })
    await expect(howItStarted()).rejects.toThrow('ENOENT')
  })

  test('whose start is stopped is ended', async () => {
    const abort = new AbortController()
    const onProgress = () => abort.abort()
    await expect(startModelServer({ env, signal: abort.signal, onProgress })).rejects.toMatchObject({
      name: 'AbortError',
    })
    const started = await howItStarted().catch(() => undefined)
    expect(started !== undefined && isAlive(started.pid)).toBe(false)
  })
})

test('nothing is started for an endpoint of the environment', async () => {
  const server = await startModelServer({
    env: { ...env, CANDOR_BASE_URL: 'http://127.0.0.1:9/v1', CANDOR_API_KEY: 'k' },
  })
  expect(server).toMatchObject({ kind: 'env', baseURL: 'http://127.0.0.1:9/v1', apiKey: 'k', pid: undefined })
  await expect(howItStarted()).rejects.toThrow('ENOENT')
})
