import type { ModelProgress } from '../status.ts'
import { pythonIn } from './environmentPaths.ts'
import { explainFailure } from './explainFailure.ts'
import type { Python } from './findPython.ts'
import { run, type Finished } from './run.ts'
import { watchPip, type Parts } from './watchPip.ts'

/** What to install, for whom, and where its errors say that it goes. */
export interface PackageInstall extends Parts {
  root: string
  requirements: string[]
  onProgress: (progress: ModelProgress) => void
  signal: AbortSignal | undefined
  env: NodeJS.ProcessEnv
}

/** Makes the environment, with pip in it only when no other pip can fill it. */
export async function makeEnvironment(
  python: Python,
  environment: string,
  temporary: string,
  job: PackageInstall,
): Promise<void> {
  const withoutPip = python.pipFrom ? ['--without-pip'] : []
  const finished = await run(python.executable, ['-I', '-m', 'venv', ...withoutPip, environment], {
    env: pythonEnvironment(job.env, temporary),
    ...(job.signal && { signal: job.signal }),
  })
  if (finished.code !== 0) throw explainFailure(finished, 'Making the environment', job.root)
}

/** Runs pip, and a second time without its cache when a hash does not match: a damaged cached file would stay for ever. */
export async function fetchPackages(
  python: Python,
  environment: string,
  temporary: string,
  job: PackageInstall,
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
  job: PackageInstall,
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
