import { spawn, type ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { availableParallelism } from 'node:os'
import { createInterface } from 'node:readline'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

import type { ModelProgress } from '../status.ts'
import { abortReason } from './abortReason.ts'
import { embeddedModel } from './embeddedModel.ts'
import { ensureModel } from './ensureModel.ts'
import { ModelError, otherWays } from './ModelError.ts'
import { checkModelFile, chooseModelSource, findExecutable, type ModelSource } from './modelSource.ts'
import { spawnOnLeash } from './spawnOnLeash.ts'

/** A model server that is ready for requests. */
export interface ModelServer {
  kind: ModelSource['kind']
  /** Like `http://127.0.0.1:41234/v1`. */
  baseURL: string
  /** Made for this run; undefined when the server, not ours, needs none. */
  apiKey: string | undefined
  /** What to send as `model`; undefined when `CANDOR_MODEL_NAME` does not say and the server was not asked yet. */
  modelId: string | undefined
  /** Undefined when nothing was started. */
  pid: number | undefined
  /** Ends the server, within 3 seconds. Resolves when it is gone. */
  stop(): Promise<void>
  /** Resolves when the server has ended, asked or not. Never for a server that is not ours. */
  exited: Promise<ModelServerExit>
}

export interface ModelServerExit {
  /** Whether `stop` was called. */
  expected: boolean
  code: number | null
  signal: NodeJS.Signals | null
  /** The last lines that it wrote. */
  log: string
}

export interface StartModelServerOptions {
  /** @default what the environment variables say, see `chooseModelSource` */
  source?: ModelSource
  cacheDir?: string
  /** Called with each line of the engine's log. */
  onLog?: (line: string) => void
  onProgress?: (progress: ModelProgress) => void
  /** Aborting ends the start, and what it started. */
  signal?: AbortSignal
  env?: NodeJS.ProcessEnv
  /** @default the number of cores less one: with all of them the engine crawls whenever anything else runs */
  threads?: number
  /** Tokens of context that the slots share. @default 8192 for the embedded model, 16384 for a file of the user's own */
  context?: number
}

// Four conversations at once, such as two browser tabs and a test.
const slots = 4
const serveScript = fileURLToPath(new URL('serve.py', import.meta.url))
const templateFile = fileURLToPath(new URL('smollm2.jinja', import.meta.url))

/**
 * Starts the model server that the environment asks for and resolves when it answers: on loopback only, on a free
 * port, with a key of its own. It ends with this process, however that ends.
 * @throws ModelError that says what happened and what to do; the signal's reason when aborted.
 */
export async function startModelServer(options: StartModelServerOptions = {}): Promise<ModelServer> {
  const { env = process.env } = options
  const source = options.source ?? chooseModelSource(env)
  if (source.kind === 'env') {
    return {
      kind: 'env',
      baseURL: source.baseURL,
      apiKey: source.apiKey,
      modelId: source.modelId,
      pid: undefined,
      stop: () => Promise.resolve(),
      exited: new Promise(() => {}),
    }
  }

  const engine = source.llamaServer ? await findExecutable(source.llamaServer, env) : undefined
  if (source.kind === 'gguf') await checkModelFile(source.file)
  const needsInstall = !engine || source.kind === 'embedded'
  const installed = needsInstall
    ? await ensureModel({ ...options, env, engine: !engine, model: source.kind === 'embedded' })
    : undefined

  options.onProgress?.({ step: 'starting', what: 'Starting the model server' })
  const launch: Launch = {
    program: engine,
    model: source.kind === 'gguf' ? source.file : installed!.file!,
    alias: source.kind === 'gguf' ? source.modelId : embeddedModel.id,
    apiKey: randomBytes(24).toString('base64url'),
    // A file of the user's own brings its own template; the embedded one's ignores tools.
    template: source.kind === 'gguf' ? undefined : templateFile,
    context: options.context ?? (source.kind === 'gguf' ? 16_384 : 8192),
    threads: options.threads ?? Math.max(1, availableParallelism() - 1),
    env,
  }
  const started = engine
    ? await launchLlamaServer(engine, launch)
    : await launchPackage(installed!.python, launch)
  return await whenReady(source.kind, started, launch, options)
}

interface Launch {
  /** The user's own llama-server; undefined for the packaged one. */
  program: string | undefined
  model: string
  alias: string
  apiKey: string
  template: string | undefined
  context: number
  threads: number
  env: NodeJS.ProcessEnv
}

interface Started {
  child: ChildProcess
  /** The server's own address, once it is known. Rejects when the engine says that it cannot start. */
  address: Promise<string>
}

/** A line that serve.py writes. */
type ServeEvent = { event: 'listening'; url: string } | { event: 'failed'; message: string }

async function launchPackage(python: string, launch: Launch): Promise<Started> {
  const { PYTHONHOME: _home, PYTHONPATH: _path, ...env } = launch.env
  const child = spawn(python, ['-I', '-X', 'utf8', serveScript], {
    env,
    stdio: ['pipe', 'pipe', 'pipe'],
    windowsHide: true,
  })
  const settings = {
    model: launch.model,
    alias: launch.alias,
    port: 0,
    api_key: launch.apiKey,
    slots,
    context: launch.context,
    threads: launch.threads,
    chat_template: launch.template ? await readFile(launch.template, 'utf8') : null,
  }
  // An early death closes the pipe; that it died is told by its exit.
  child.stdin.on('error', () => {})
  child.stdin.write(`${JSON.stringify(settings)}\n`)

  const address = new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const event: ServeEvent = JSON.parse(line)
      if (event.event === 'listening') resolve(event.url)
      else reject(new Error(event.message))
    })
  })
  return { child, address }
}

async function launchLlamaServer(program: string, launch: Launch): Promise<Started> {
  const port = await freePort()
  const args = ['-m', launch.model, '--alias', launch.alias, '--host', '127.0.0.1', '--port', String(port)]
  args.push('--jinja', '-c', String(launch.context), '-np', String(slots))
  args.push('-t', String(launch.threads), '-tb', String(launch.threads))
  if (launch.template) args.push('--chat-template-file', launch.template)
  // By environment, not by argument: every user of the machine can list arguments.
  const child = spawnOnLeash(program, args, { env: { ...launch.env, LLAMA_API_KEY: launch.apiKey } })
  child.stdout?.resume()
  return { child, address: Promise.resolve(`http://127.0.0.1:${port}`) }
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve, reject) => {
    server.on('error', reject).listen(0, '127.0.0.1', resolve)
  })
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (typeof address === 'object' && address) return address.port
  throw new Error('The system gave no free port.')
}

const keptLogLines = 40

async function whenReady(
  kind: 'gguf' | 'embedded',
  { child, address }: Started,
  launch: Launch,
  { onLog, signal }: StartModelServerOptions,
): Promise<ModelServer> {
  const log: string[] = []
  createInterface({ input: child.stderr! }).on('line', (line) => {
    log.push(line)
    if (log.length > keptLogLines) log.shift()
    onLog?.(line)
  })

  let expected = false
  const exited = new Promise<ModelServerExit>((resolve) => {
    child.on('error', (error) => {
      log.push(error.message)
      resolve({ expected, code: null, signal: null, log: log.join('\n') })
    })
    child.on('close', (code, signalCode) =>
      resolve({ expected, code, signal: signalCode, log: log.join('\n') }),
    )
  })

  async function stop(): Promise<void> {
    expected = true
    child.stdin?.end()
    child.kill('SIGTERM')
    const patience = new AbortController()
    const gone = exited.then(() => patience.abort())
    await wait(2_500, undefined, { signal: patience.signal }).then(
      () => child.kill('SIGKILL'),
      () => {},
    )
    await gone
  }

  const died = exited.then((exit): never => {
    throw engineError(launch, `it ended with ${exit.signal ?? `code ${exit.code}`}`, exit.log)
  })
  const aborted = new Promise<never>((_, reject) => {
    signal?.addEventListener('abort', () => reject(abortReason(signal)), { once: true })
  })
  // Each may lose its race, and then nobody else looks at it.
  died.catch(() => {})
  aborted.catch(() => {})
  address.catch(() => {})

  try {
    signal?.throwIfAborted()
    const url = await Promise.race([
      address.catch((error: Error): never => {
        throw engineError(launch, error.message.replace(/\.$/, ''), log.join('\n'))
      }),
      died,
      aborted,
    ])
    const origin = url.replace(/\/$/, '')
    await Promise.race([untilHealthy(origin), died, aborted])
    return {
      kind,
      baseURL: `${origin}/v1`,
      apiKey: launch.apiKey,
      modelId: launch.alias,
      pid: child.pid,
      stop,
      exited,
    }
  } catch (error) {
    await stop()
    throw error
  }
}

/** Resolves when `/health` answers 200: the port is open before the model is loaded. */
async function untilHealthy(origin: string): Promise<void> {
  for (;;) {
    try {
      const response = await fetch(`${origin}/health`, { signal: AbortSignal.timeout(5_000) })
      await response.body?.cancel()
      if (response.ok) return
    } catch {
      // Not listening yet. That it never will is told by the end of its process.
    }
    await wait(50)
  }
}

/** What the engine's log says of why it could not start; its own error is the same for every cause. */
function engineError({ model, program }: Launch, why: string, log: string): ModelError {
  const detail = log ? { detail: log } : {}
  if (/corrupted or incomplete|not within the file bounds/.test(log)) {
    return new ModelError(
      'file-damaged',
      `The model file ${model} is cut off or damaged, so it cannot be loaded.`,
      `Download it again. ${otherWays}`,
      detail,
    )
  }
  const architecture = /unknown model architecture: '([^']+)'/.exec(log)?.[1]
  if (architecture !== undefined) {
    return new ModelError(
      'engine-failed',
      `This model server is too old for ${model}: it does not know the architecture ${architecture}.`,
      `Use a newer llama-server with CANDOR_LLAMA_SERVER. ${otherWays}`,
      detail,
    )
  }
  if (/failed to allocate|unable to allocate|out of memory|bad_alloc|Cannot allocate memory/i.test(log)) {
    return new ModelError(
      'engine-failed',
      `This machine has too little free memory for ${model}.`,
      `Use a smaller model, or close other programs. ${otherWays}`,
      detail,
    )
  }
  return new ModelError(
    'engine-failed',
    `${program ?? 'The model server'} could not be started with ${model}: ${why}.${lastLine(log)}`,
    program !== undefined && log === ''
      ? `It printed nothing: check that CANDOR_LLAMA_SERVER is a llama-server, by running it with --version. ${otherWays}`
      : `The file may be damaged, too large for this machine's memory, or of a kind that this server does not know. ${otherWays}`,
    detail,
  )
}

/** What a program said last, as a sentence of its own; nothing when it said nothing. */
function lastLine(log: string): string {
  const line = log.trim().split('\n').at(-1)
  return line === undefined || line === '' ? '' : ` Its last words: “${line.trim().slice(0, 200)}”.`
}
