import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { checkModelFile, chooseModelSource, findExecutable } from './modelSource.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'candor-model-source-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

describe('the ways to a model, in their order', () => {
  test('an endpoint of the environment comes first', () => {
    const env = {
      CANDOR_BASE_URL: ' http://127.0.0.1:11434/v1/ ',
      CANDOR_API_KEY: 'k',
      CANDOR_MODEL_NAME: 'm',
      CANDOR_GGUF: '/m.gguf',
    }
    expect(chooseModelSource(env)).toEqual({
      kind: 'env',
      baseURL: 'http://127.0.0.1:11434/v1',
      apiKey: 'k',
      modelId: 'm',
    })
  })

  test('an empty key or name is as if unset', () => {
    const env = { CANDOR_BASE_URL: 'http://host/v1', CANDOR_API_KEY: '', CANDOR_MODEL_NAME: '' }
    expect(chooseModelSource(env)).toMatchObject({ apiKey: undefined, modelId: undefined })
  })

  test('then a model file of the user, on the packaged server or on llama-server', () => {
    expect(chooseModelSource({ CANDOR_GGUF: '/models/Tiny.gguf' })).toEqual({
      kind: 'gguf',
      file: '/models/Tiny.gguf',
      modelId: 'Tiny',
      llamaServer: undefined,
    })
    expect(chooseModelSource({ CANDOR_GGUF: '/m.gguf', CANDOR_LLAMA_SERVER: '1' })).toMatchObject({
      llamaServer: 'llama-server',
    })
  })

  test('then the embedded model', () => {
    expect(chooseModelSource({})).toEqual({ kind: 'embedded', llamaServer: undefined })
    expect(chooseModelSource({ CANDOR_LLAMA_SERVER: '0' })).toEqual({
      kind: 'embedded',
      llamaServer: undefined,
    })
    expect(chooseModelSource({ CANDOR_LLAMA_SERVER: '/opt/llama-server' })).toMatchObject({
      llamaServer: '/opt/llama-server',
    })
  })

  test.each(['localhost:11434', 'not an address', 'ftp://host/v1'])('%s is no http address', (address) => {
    expect(() => chooseModelSource({ CANDOR_BASE_URL: address })).toThrow(
      /not an http address.*http:\/\/127\.0\.0\.1:11434\/v1/s,
    )
  })
})

test('a password in the address is not passed on, nor printed', () => {
  const env = { CANDOR_BASE_URL: 'https://me:secret@host/v1' }
  expect(() => chooseModelSource(env)).toThrow(/^(?!.*secret).*CANDOR_API_KEY/)
})

describe('a model file is looked at before the engine is', () => {
  test('one that is missing', async () => {
    await expect(checkModelFile(join(folder, 'none.gguf'))).rejects.toMatchObject({
      code: 'file-missing',
      message: expect.stringContaining('does not exist'),
    })
  })

  test('a folder', async () => {
    await expect(checkModelFile(folder)).rejects.toMatchObject({
      code: 'file-missing',
      message: expect.stringContaining('is not a file'),
    })
  })

  test('one that is cut off', async () => {
    const file = join(folder, 'cut.gguf')
    await writeFile(file, 'GGUF and')
    await expect(checkModelFile(file, 100)).rejects.toMatchObject({
      code: 'file-damaged',
      message: expect.stringContaining('8 of 100 bytes'),
    })
  })

  test.each(['', 'version https://git-lfs.github.com/spec/v1', '<!doctype html>'])(
    'one that holds %o',
    async (content) => {
      const file = join(folder, 'other.gguf')
      await writeFile(file, content)
      await expect(checkModelFile(file)).rejects.toMatchObject({
        code: 'file-damaged',
        message: expect.stringContaining('not a model file'),
      })
    },
  )

  test('one that is whole', async () => {
    const file = join(folder, 'whole.gguf')
    await writeFile(file, 'GGUF and')
    await expect(checkModelFile(file, 8)).resolves.toBeUndefined()
  })
})

describe('llama-server', () => {
  test('is found on the PATH', async () => {
    const program = join(folder, 'llama-server')
    await writeFile(program, '#!/bin/sh\n')
    await chmod(program, 0o755)
    expect(await findExecutable('llama-server', { PATH: `/nowhere:${folder}` })).toBe(program)
  })

  test.each([
    ['llama-server', 'not on the PATH'],
    ['/nowhere/llama-server', 'there is no such program'],
  ])('%s that is not there', async (name, words) => {
    await expect(findExecutable(name, { PATH: '/nowhere' })).rejects.toMatchObject({
      code: 'engine-missing',
      message: expect.stringContaining(words),
    })
  })
})
