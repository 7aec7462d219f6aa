import { homedir } from 'node:os'
import { join } from 'node:path'

import { expect, test } from 'vitest'

import { cacheFolder } from './cacheFolder.ts'

test.each([
  [{ CANDOR_CACHE_DIR: '/there', XDG_CACHE_HOME: '/xdg' }, 'linux', '/there'],
  [{ XDG_CACHE_HOME: '/xdg' }, 'linux', '/xdg/candor'],
  // A relative one is to be ignored, says the specification.
  [{ XDG_CACHE_HOME: 'xdg' }, 'linux', join(homedir(), '.cache/candor')],
  [{}, 'linux', join(homedir(), '.cache/candor')],
  [{}, 'darwin', join(homedir(), 'Library/Caches/candor')],
  [{ LOCALAPPDATA: '/local' }, 'win32', '/local/Candor/Cache'],
])('%o on %s is %s', (env, platform, folder) => {
  expect(cacheFolder(env, platform)).toBe(folder)
})
