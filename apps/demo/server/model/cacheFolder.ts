import { homedir } from 'node:os'
import { join, resolve } from 'node:path'

/** Where Candor keeps what it fetched: `CANDOR_CACHE_DIR`, else a folder of its own in the user's cache folder. */
export function cacheFolder(
  env: NodeJS.ProcessEnv = process.env,
  platform: string = process.platform,
): string {
  if (env['CANDOR_CACHE_DIR']) return resolve(env['CANDOR_CACHE_DIR'])
  if (platform === 'win32')
    return join(env['LOCALAPPDATA'] ?? join(homedir(), 'AppData', 'Local'), 'Candor', 'Cache')
  if (platform === 'darwin') return join(homedir(), 'Library', 'Caches', 'candor')
  // The base directory specification: a relative XDG_CACHE_HOME is to be ignored.
  const xdg = env['XDG_CACHE_HOME']
  return join(xdg?.startsWith('/') ? xdg : join(homedir(), '.cache'), 'candor')
}
