import { mkdir, open, readFile, rm, stat, utimes } from 'node:fs/promises'
import { hostname } from 'node:os'
import { dirname } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

import { errorCode } from './errorCode.ts'

const heartbeatMs = 2_000
// Far above the heartbeat, so that a machine that slept or is overloaded does not lose its lock.
const silentMs = 60_000

interface Holder {
  pid: number
  host: string
}

/** Whether a process of this machine with this id is alive, be it ours to signal or not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return errorCode(error) === 'EPERM'
  }
}

async function readHolder(path: string): Promise<{ holder: Holder | undefined; ageMs: number } | undefined> {
  try {
    const [text, { mtimeMs }] = await Promise.all([readFile(path, 'utf8'), stat(path)])
    const ageMs = Date.now() - mtimeMs
    try {
      const holder: Holder = JSON.parse(text)
      return { holder, ageMs }
    } catch {
      return { holder: undefined, ageMs }
    }
  } catch {
    return undefined
  }
}

function isStale(found: { holder: Holder | undefined; ageMs: number }): boolean {
  if (found.ageMs > silentMs) return true
  // Between creating the file and writing to it, it is empty for a moment.
  if (!found.holder) return found.ageMs > heartbeatMs * 2
  return found.holder.host === hostname() && !isAlive(found.holder.pid)
}

/**
 * Makes a folder and those above it. Node's own `recursive` never ends where a folder is there but refuses new ones with
 * ENOENT, as /proc does.
 */
async function makeFolder(path: string): Promise<void> {
  const found = await stat(path).catch(() => undefined)
  if (found?.isDirectory() === true) return
  if (dirname(path) !== path) await makeFolder(dirname(path))
  await mkdir(path).catch(async (error: unknown) => {
    // Somebody else was faster.
    const made = errorCode(error) === 'EEXIST' && (await stat(path)).isDirectory()
    if (!made) throw error
  })
}

/**
 * Waits until this process alone holds the lock file, and returns the way to let go of it.
 *
 * Two processes that find the same dead holder at the same instant may both get in. That is harmless here: each
 * installs into a folder of its own, and only the last step, a rename, decides whose is used.
 * @param onWait Called once with the holder's process id if somebody else has it.
 */
export async function takeInstallLock(
  path: string,
  onWait: (pid: number | undefined) => void,
  signal?: AbortSignal,
): Promise<() => Promise<void>> {
  await makeFolder(dirname(path))
  for (let told = false; ;) {
    signal?.throwIfAborted()
    try {
      const file = await open(path, 'wx')
      await file.writeFile(JSON.stringify({ pid: process.pid, host: hostname() } satisfies Holder))
      await file.close()
      break
    } catch (error) {
      if (errorCode(error) !== 'EEXIST') throw error
    }
    const found = await readHolder(path)
    if (!found) continue
    if (isStale(found)) {
      await rm(path, { force: true })
      continue
    }
    if (!told) onWait(found.holder?.pid)
    told = true
    await wait(250, undefined, signal ? { signal } : {})
  }

  const heartbeat = setInterval(() => {
    const now = new Date()
    utimes(path, now, now).catch(() => {})
  }, heartbeatMs)
  heartbeat.unref()
  return async () => {
    clearInterval(heartbeat)
    await rm(path, { force: true })
  }
}
