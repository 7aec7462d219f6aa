// The demo's layer comes first, so that on what both style the components have the last word.
import './demo.css'
import './connection.css'
import './inspector.css'
import './thread.css'
import './forced-colors.css'
import '@candor/components/styles.css'

import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'

import { App } from './App.tsx'

const queryClient = new QueryClient()

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <App />
    </QueryClientProvider>
  </StrictMode>,
)
