import { access, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import type { ModelFile } from './embeddedModel.ts'
import type { InstalledModel } from './ensureModel.ts'
import { pathOfModel, pythonIn } from './environmentPaths.ts'
import { run } from './run.ts'

/** Written into an install when it is whole. */
export interface Marker {
  /** sha256 of the requirement files that were installed. */
  requirements: string
  pythonVersion: string
}

const markerName = 'installed.json'

/** The install in a folder, if it is whole: marker of these requirements, a Python that still runs, a file of full size. */
export async function findInstalled(
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

/** The marker of an install; undefined when there is none. */
export async function readMarker(target: string): Promise<Marker | undefined> {
  try {
    const marker: Marker = JSON.parse(await readFile(join(target, markerName), 'utf8'))
    return marker
  } catch {
    return undefined
  }
}

/** Declares an install whole. */
export async function writeMarker(target: string, marker: Marker): Promise<void> {
  await writeFile(join(target, markerName), `${JSON.stringify(marker, null, 2)}\n`)
}
