import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

// `server/start.ts` adds the plugin that reaches the model: the page works without it, on an address that is typed in.
export default defineConfig({
  plugins: [react({ compiler: true })],
  resolve: { conditions: ['@candor/source', 'module', 'browser', 'development|production'] },
})
