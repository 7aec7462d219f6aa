import { constants } from 'node:fs'
import { access, open, stat } from 'node:fs/promises'
import { basename, delimiter, isAbsolute, join, resolve } from 'node:path'

import { ModelError, otherWays } from './ModelError.ts'

/** Where the answers come from, as the environment variables say. */
export type ModelSource =
  /** A server that somebody else runs; nothing is started. */
  | { kind: 'env'; baseURL: string; apiKey: string | undefined; modelId: string | undefined }
  /** A model file of the user's own. */
  | { kind: 'gguf'; file: string; modelId: string; llamaServer: string | undefined }
  /** The small model that comes with the demo. */
  | { kind: 'embedded'; llamaServer: string | undefined }

/**
 * Reads the ways to a model in their order: `CANDOR_BASE_URL` (with `CANDOR_API_KEY` and `CANDOR_MODEL_NAME`), then
 * `CANDOR_GGUF`, then the embedded model. `CANDOR_LLAMA_SERVER` (a path, or `1` for the one on the PATH) names the
 * engine for the latter two.
 * @throws ModelError `setting-invalid` when a variable cannot be what it says.
 */
export function chooseModelSource(env: NodeJS.ProcessEnv = process.env): ModelSource {
  const address = env['CANDOR_BASE_URL']?.trim()
  if (address) {
    return {
      kind: 'env',
      baseURL: readBaseURL(address),
      apiKey: env['CANDOR_API_KEY'] || undefined,
      modelId: env['CANDOR_MODEL_NAME'] || undefined,
    }
  }
  const llamaServer = env['CANDOR_LLAMA_SERVER']?.trim()
  const engine =
    !llamaServer || llamaServer === '0' ? undefined : llamaServer === '1' ? 'llama-server' : llamaServer
  const file = env['CANDOR_GGUF']?.trim()
  if (file) {
    const modelId = env['CANDOR_MODEL_NAME'] || basename(file).replace(/\.gguf$/i, '')
    return { kind: 'gguf', file: resolve(file), modelId, llamaServer: engine }
  }
  return { kind: 'embedded', llamaServer: engine }
}

function readBaseURL(address: string): string {
  const url = URL.canParse(address) ? new URL(address) : undefined
  if (url && /^https?:$/.test(url.protocol)) {
    if (!url.username && !url.password) return address.replace(/\/+$/, '')
    throw new ModelError(
      'setting-invalid',
      'CANDOR_BASE_URL holds a name or a password, which would be shown wherever the address is.',
      'Take it out of the address, and put the key into CANDOR_API_KEY.',
    )
  }
  throw new ModelError(
    'setting-invalid',
    `CANDOR_BASE_URL is ${JSON.stringify(address)}, which is not an http address, so no model can be reached.`,
    'Write it like http://127.0.0.1:11434/v1, or unset it to use the small model that comes with the demo.',
  )
}

/**
 * Checks a model file before the engine does, which gives one and the same error for all that can be wrong with it.
 * @throws ModelError `file-missing` or `file-damaged`.
 */
export async function checkModelFile(path: string, expectedBytes?: number): Promise<void> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => error)
  if (found instanceof Error || !found.isFile()) {
    const why =
      found instanceof Error
        ? found.code === 'ENOENT'
          ? 'does not exist'
          : `cannot be read (${found.code})`
        : 'is not a file'
    throw new ModelError(
      'file-missing',
      `The model file ${path} ${why}, so there is no model to run.`,
      `Check the path. ${otherWays}`,
    )
  }
  if (expectedBytes !== undefined && found.size !== expectedBytes) {
    throw new ModelError(
      'file-damaged',
      `The model file ${path} is cut off: ${found.size} of ${expectedBytes} bytes.`,
      'Delete it and start again.',
    )
  }
  const file = await open(path)
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(4), 0, 4, 0)
    if (bytesRead === 4 && buffer.toString('latin1') === 'GGUF') return
  } finally {
    await file.close()
  }
  throw new ModelError(
    'file-damaged',
    `${path} is not a model file: it does not begin with GGUF, the mark of the format (${found.size} bytes).`,
    'Download it again, or point CANDOR_GGUF at another file. A file of a few hundred bytes is often a pointer or an error page.',
  )
}

/**
 * The full path of an executable, looked up on the PATH unless it is one already.
 * @throws ModelError `engine-missing`.
 */
export async function findExecutable(name: string, env: NodeJS.ProcessEnv = process.env): Promise<string> {
  const endings = process.platform === 'win32' ? ['', '.exe'] : ['']
  const isPath = isAbsolute(name) || name.includes('/') || name.includes('\\')
  const folders = isPath ? [''] : (env['PATH'] ?? '').split(delimiter).filter(Boolean)
  for (const folder of folders) {
    for (const ending of endings) {
      const path = resolve(join(folder, name + ending))
      const usable = await access(path, constants.X_OK).then(
        async () => (await stat(path)).isFile(),
        () => false,
      )
      if (usable) return path
    }
  }
  throw new ModelError(
    'engine-missing',
    `CANDOR_LLAMA_SERVER asks for ${name}, and ${isPath ? 'there is no such program' : 'it is not on the PATH'}.`,
    'Install llama.cpp, set CANDOR_LLAMA_SERVER to the full path of llama-server, or unset it to use the packaged one.',
  )
}
