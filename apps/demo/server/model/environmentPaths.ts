import { join } from 'node:path'

import type { ModelFile } from './embeddedModel.ts'

const isWindows = process.platform === 'win32'

/** The Python of an environment. */
export function pythonIn(environment: string): string {
  return isWindows ? join(environment, 'Scripts', 'python.exe') : join(environment, 'bin', 'python')
}

/** Where an environment keeps its packages. */
export function sitePackages(environment: string, pythonVersion: string): string {
  return isWindows
    ? join(environment, 'Lib', 'site-packages')
    : join(environment, 'lib', `python${pythonVersion}`, 'site-packages')
}

/** Where an environment has the model file. */
export function pathOfModel(environment: string, pythonVersion: string, modelFile: ModelFile): string {
  return join(sitePackages(environment, pythonVersion), ...modelFile.path)
}
