import { defineConfig, devices } from '@playwright/test'

import { chromiumLaunchOptions } from './apps/checks/src/chromium.ts'

const PORT = 4173

export default defineConfig({
  testDir: 'apps/demo/e2e',
  fullyParallel: false,
  workers: 1,
  timeout: 60_000,
  // A small model on two busy cores may take its time.
  expect: { timeout: 15_000 },
  forbidOnly: process.env['CI'] !== undefined,
  reporter: [['list']],
  use: {
    baseURL: `http://127.0.0.1:${PORT}`,
    launchOptions: chromiumLaunchOptions(),
    trace: 'retain-on-failure',
  },
  projects: [
    {
      name: 'desktop',
      use: { ...devices['Desktop Chrome'], viewport: { width: 1440, height: 900 } },
      grepInvert: /@phone-only/,
    },
    { name: 'phone', use: { ...devices['Pixel 7'] }, grep: /@phone/ },
  ],
  webServer: {
    // The same start as the user's, on a port of its own.
    command: `node apps/demo/server/start.ts --port ${PORT}`,
    url: `http://127.0.0.1:${PORT}`,
    timeout: 180_000,
    reuseExistingServer: false,
    gracefulShutdown: { signal: 'SIGTERM', timeout: 5_000 },
  },
})
