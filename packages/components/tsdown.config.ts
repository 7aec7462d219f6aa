import { writeFile } from 'node:fs/promises'

import babel from '@rolldown/plugin-babel'
import { reactCompilerPreset } from '@vitejs/plugin-react'
import { bundleAsync } from 'lightningcss'
import { defineConfig, type UserConfig } from 'tsdown'

const config: UserConfig = defineConfig({
  entry: ['src/index.ts', 'src/chat/index.ts', 'src/logprobs/index.ts', 'src/markdown/index.ts'],
  format: 'esm',
  platform: 'neutral',
  unbundle: true,
  dts: true,
  sourcemap: true,
  clean: true,
  deps: { onlyBundle: [] },
  // Target 18, whose React has no cache of its own: the runtime package brings one, and uses React's from 19 on.
  plugins: [babel({ presets: [reactCompilerPreset({ target: '18' })] })],
  // 'use client' is kept in the output; this only silences the warning about it.
  inputOptions: { checks: { moduleLevelDirective: false } },
  hooks: {
    'build:done': async () => {
      const { code } = await bundleAsync({ filename: 'src/styles.css' })
      await writeFile('dist/styles.css', code)
    },
  },
})
export default config
