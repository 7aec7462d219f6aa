import { createInterface } from 'node:readline'

import { spawnOnLeash } from './spawnOnLeash.ts'

/** How a program ended, and what it printed (the last 64 kB of each). */
export interface Finished {
  code: number | null
  signalCode: NodeJS.Signals | null
  stdout: string
  stderr: string
}

const kept = 64 * 1024

/**
 * Runs a program to its end, on a leash: it ends with this process. `onLine` gets each line that it prints.
 * @throws the signal's reason when aborted, after the program has ended.
 */
export async function run(
  program: string,
  args: string[],
  options: { env?: NodeJS.ProcessEnv; onLine?: (line: string) => void; signal?: AbortSignal } = {},
): Promise<Finished> {
  options.signal?.throwIfAborted()
  const child = spawnOnLeash(program, args, options.env ? { env: options.env } : {})
  let stdout = ''
  let stderr = ''
  createInterface({ input: child.stdout! }).on('line', (line) => {
    stdout = `${stdout}${line}\n`.slice(-kept)
    options.onLine?.(line)
  })
  createInterface({ input: child.stderr! }).on('line', (line) => {
    stderr = `${stderr}${line}\n`.slice(-kept)
    options.onLine?.(line)
  })
  const letGo = () => child.stdin!.end()
  options.signal?.addEventListener('abort', letGo, { once: true })
  try {
    const [code, signalCode] = await new Promise<[number | null, NodeJS.Signals | null]>(
      (resolve, reject) => {
        child.on('error', reject)
        child.on('close', (...ended) => resolve(ended))
      },
    )
    options.signal?.throwIfAborted()
    return { code, signalCode, stdout, stderr }
  } finally {
    options.signal?.removeEventListener('abort', letGo)
  }
}
