import { existsSync } from 'node:fs'

/** The Chromium of Debian, where the test command installs it. */
export const DEBIAN_CHROMIUM = '/usr/bin/chromium'

/** Launch options of every browser that a check starts: component tests, stories and end-to-end tests alike. */
export interface ChromiumLaunchOptions {
  executablePath?: string
  args: string[]
}

/**
 * One definition of the browser for vitest, Storybook tests and Playwright: `CHROMIUM_PATH`, else Debian's, else
 * Playwright's own download. The flags keep Chromium from looking for hosts that a closed network refuses.
 */
export function chromiumLaunchOptions(): ChromiumLaunchOptions {
  const fromEnvironment = process.env['CHROMIUM_PATH']
  const executablePath = fromEnvironment ?? (existsSync(DEBIAN_CHROMIUM) ? DEBIAN_CHROMIUM : undefined)
  const runsAsRoot = process.getuid?.() === 0
  return {
    ...(executablePath === undefined ? {} : { executablePath }),
    args: [
      ...(runsAsRoot ? ['--no-sandbox'] : []),
      '--disable-gpu',
      '--disable-dev-shm-usage',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  }
}
