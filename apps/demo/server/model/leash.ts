// Runs a program that must not outlive the process that asked for it: `node leash.ts program ...arguments`.
//
// The asking process holds the other end of stdin and never writes to it. However that process ends, even killed
// hard, the operating system closes the pipe; then the program and all that it started are ended.

import { spawn } from 'node:child_process'

const [program, ...programArguments] = process.argv.slice(2)
if (program === undefined) {
  console.error('leash.ts runs another program: node leash.ts program [arguments]')
  process.exit(2)
}

const posix = process.platform !== 'win32'
// A process group of its own, so that what the program started can be ended with it.
const child = spawn(program, programArguments, {
  stdio: ['ignore', 'inherit', 'inherit'],
  detached: posix,
  windowsHide: true,
})

function signalAll(signal: NodeJS.Signals): void {
  if (child.pid === undefined) return
  try {
    if (posix) process.kill(-child.pid, signal)
    else spawn('taskkill', ['/pid', String(child.pid), '/T', '/F'], { stdio: 'ignore', windowsHide: true })
  } catch {
    // Already gone.
  }
}

let ending = false
function end(): void {
  if (ending) return
  ending = true
  signalAll('SIGTERM')
  setTimeout(() => {
    signalAll('SIGKILL')
    // Its exit ends this process too; this is for one that even that does not end.
    setTimeout(() => process.exit(1), 500)
  }, 1500)
}

process.stdin.on('end', end).on('close', end).on('error', end).resume()
process.on('SIGTERM', end).on('SIGHUP', end)
// Ctrl-C reaches the whole foreground group; the asking process decides what ends.
process.on('SIGINT', () => {})

child.on('error', (error: NodeJS.ErrnoException) => {
  console.error(error.message)
  process.exit(error.code === 'ENOENT' ? 127 : 126)
})
child.on('exit', (code) => {
  // Stragglers that the program left behind.
  signalAll('SIGKILL')
  process.exit(code ?? 1)
})
