import { defineConfig, type UserConfig } from 'tsdown'

const config: UserConfig = defineConfig({
  entry: ['src/index.ts', 'src/request/index.ts', 'src/testing/index.ts', 'src/lint/candorLint.ts'],
  format: 'esm',
  platform: 'neutral',
  unbundle: true,
  dts: true,
  sourcemap: true,
  clean: true,
  deps: { onlyBundle: [], neverBundle: [/^node:/] },
})
export default config
