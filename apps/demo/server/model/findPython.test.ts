import { mkdir, rename } from 'node:fs/promises'
import { dirname, join } from 'node:path'

import { afterEach, describe, expect, test } from 'vitest'

import { makeFakePython, type FakePython, type FakePythonBehaviour } from './fakePython.ts'
import { findPython, pipPackageHint } from './findPython.ts'

const removals: Array<() => Promise<unknown>> = []
afterEach(async () => {
  for (const remove of removals.splice(0)) await remove()
})

/** An environment in which these are the Pythons on the PATH, by name. */
async function pathWith(pythons: Record<string, FakePythonBehaviour>): Promise<NodeJS.ProcessEnv> {
  const folder = await makeFakePython()
  removals.push(folder.remove)
  const path = join(dirname(folder.executable), 'bin')
  await mkdir(path)
  for (const [name, behaviour] of Object.entries(pythons)) {
    const python: FakePython = await makeFakePython(behaviour)
    removals.push(python.remove)
    await rename(python.executable, join(path, name))
  }
  return { PATH: path }
}

describe('the Python that is used', () => {
  test('is the first that is new enough', async () => {
    const env = await pathWith({ python3: { version: '3.8.1' }, python: { version: '3.12.3' } })
    expect(await findPython({ env })).toMatchObject({ version: '3.12' })
  })

  test('is found by its version when the plain names are too old', async () => {
    const env = await pathWith({ python3: { version: '3.9.2' }, 'python3.13': { version: '3.13.0' } })
    expect(await findPython({ env })).toMatchObject({ version: '3.13' })
  })

  test("fills its environment with another one's pip when it has none", async () => {
    const env = await pathWith({
      python3: { version: '3.11.2', pip: null, ensurepip: false },
      python: { version: '3.9.2', pip: '24.0' },
    })
    const python = await findPython({ env })
    expect(python).toMatchObject({ version: '3.11', pipFrom: join(env['PATH']!, 'python') })
  })

  test('is CANDOR_PYTHON alone when that is set', async () => {
    const env = await pathWith({ python3: { version: '3.12.0' } })
    const error = await findPython({ env: { ...env, CANDOR_PYTHON: '/nowhere/python' } }).catch(
      (each: unknown) => each,
    )
    expect(error).toMatchObject({
      code: 'python-missing',
      message: expect.stringContaining('/nowhere/python'),
    })
  })
})

describe('without a Python that can be used', () => {
  test('none at all: three ways on', async () => {
    await expect(findPython({ env: await pathWith({}) })).rejects.toMatchObject({
      code: 'python-missing',
      message: expect.stringMatching(/Install Python 3\.10.*CANDOR_BASE_URL.*CANDOR_LLAMA_SERVER/s),
    })
  })

  test('only old ones: says which were found', async () => {
    const env = await pathWith({ python3: { version: '3.9.2' }, python: { version: '2.7.18' } })
    await expect(findPython({ env })).rejects.toMatchObject({
      code: 'python-too-old',
      message: expect.stringContaining('python3 is 3.9.2, python is 2.7.18'),
    })
  })

  test('no pip anywhere: names the package to install', async () => {
    const env = await pathWith({ python3: { version: '3.11.2', pip: null, ensurepip: false } })
    await expect(findPython({ env, osRelease: 'ID=debian\n' })).rejects.toMatchObject({
      code: 'pip-missing',
      message: expect.stringContaining('sudo apt install python3.11-venv'),
    })
  })

  test.each([
    ['ID=ubuntu\nID_LIKE=debian\n', 'apt install python3.12-venv'],
    ['ID="rocky"\nID_LIKE="rhel centos fedora"\n', 'dnf install python3-pip'],
    ['ID=opensuse-leap\nID_LIKE="suse opensuse"\n', 'zypper install python3-pip'],
    ['ID=arch\n', 'pacman -S python-pip'],
    [undefined, 'Install pip for Python 3.12'],
  ])('the package on %s', (osRelease, words) => {
    expect(pipPackageHint('3.12', osRelease)).toContain(words)
  })
})
