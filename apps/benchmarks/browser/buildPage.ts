import { resolve } from 'node:path'

import react from '@vitejs/plugin-react'
import { build } from 'vite'

/** Bundles the page as an app would be: React's production build, React Compiler on. Returns the folder. */
export async function buildPage(): Promise<string> {
  const root = resolve(import.meta.dirname, 'page')
  const outDir = resolve(import.meta.dirname, '../dist')
  await build({
    root,
    logLevel: 'warn',
    plugins: [react({ compiler: true })],
    resolve: { conditions: ['@candor/source', 'module', 'browser', 'development|production'] },
    build: {
      outDir,
      emptyOutDir: true,
      chunkSizeWarningLimit: 2000,
      // Parts are found by the names of their components.
      rolldownOptions: { output: { keepNames: true }, checks: { pluginTimings: false } },
    },
  })
  return outDir
}
