import { resolve } from 'node:path'

import { playwright } from '@vitest/browser-playwright'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'

import { chromiumLaunchOptions } from './apps/checks/src/chromium.ts'

const conditions = ['@candor/source', 'module', 'browser', 'development|production']
const nodeConditions = ['@candor/source', 'module', 'node', 'development|production']

// A wait that ends only when something hangs: two busy cores can hold up any test for seconds.
const patience = { testTimeout: 30_000, hookTimeout: 60_000, expect: { poll: { timeout: 10_000 } } }

const react18 = {
  react: resolve(import.meta.dirname, 'apps/react-18/node_modules/react'),
  'react-dom': resolve(import.meta.dirname, 'apps/react-18/node_modules/react-dom'),
}

// `X.test.ts` runs in Node, `X.test.tsx` in jsdom, `X.browser.test.tsx` in Chromium: layout, focus, scroll, frames.
export default defineConfig({
  test: {
    projects: [
      {
        resolve: { conditions: nodeConditions },
        ssr: { resolve: { conditions: nodeConditions } },
        test: {
          ...patience,
          name: 'node',
          environment: 'node',
          include: ['{packages,apps}/**/*.test.ts'],
          exclude: ['**/node_modules/**', '**/dist/**', '**/*.browser.test.ts'],
        },
      },
      {
        plugins: [react()],
        resolve: { conditions },
        ssr: { resolve: { conditions } },
        test: {
          ...patience,
          name: 'dom',
          environment: 'jsdom',
          pool: 'vmThreads',
          include: ['{packages,apps}/**/*.test.tsx'],
          exclude: ['**/node_modules/**', '**/dist/**', '**/*.browser.test.tsx'],
        },
      },
      {
        // As apps have it that use React Compiler, and as the components are published.
        plugins: [react({ compiler: true })],
        resolve: { conditions },
        test: {
          ...patience,
          name: 'browser',
          globalSetup: 'packages/core/src/testing/startCorsServers.ts',
          include: ['{packages,apps}/**/*.browser.test.{ts,tsx}'],
          exclude: ['**/node_modules/**', '**/dist/**'],
          browser: {
            enabled: true,
            headless: true,
            provider: playwright({ launchOptions: chromiumLaunchOptions() }),
            instances: [{ browser: 'chromium' }],
            screenshotFailures: false,
          },
        },
      },
      // The hooks again, on the React before, without the compiler.
      {
        plugins: [react()],
        cacheDir: 'node_modules/.vite/react-18',
        resolve: { conditions, alias: react18 },
        test: {
          ...patience,
          name: 'react-18',
          include: ['packages/hooks/**/*.browser.test.{ts,tsx}'],
          exclude: ['**/node_modules/**', '**/dist/**', '**/*.react19.*'],
          browser: {
            enabled: true,
            headless: true,
            provider: playwright({ launchOptions: chromiumLaunchOptions() }),
            instances: [{ browser: 'chromium' }],
            screenshotFailures: false,
          },
        },
      },
    ],
  },
})
