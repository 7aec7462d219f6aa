import { spawn, type ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const leash = fileURLToPath(new URL('leash.ts', import.meta.url))

/** Starts a program that ends when this process does, in whatever way it does (see leash.ts). */
export function spawnOnLeash(
  program: string,
  args: string[],
  options: { env?: NodeJS.ProcessEnv } = {},
): ChildProcess {
  const { NODE_OPTIONS: _, ...env } = options.env ?? process.env
  return spawn(process.execPath, [leash, program, ...args], {
    env,
    stdio: ['pipe', 'pipe', 'pipe'],
    windowsHide: true,
  })
}
