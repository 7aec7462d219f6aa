import { Chat } from '@candor/components/chat'
import '@candor/components/styles.css'
import { createClient } from '@candor/core'
import { CandorProvider, useChatCompletion } from '@candor/hooks'
import { createRoot } from 'react-dom/client'

const client = createClient({ baseURL: 'http://localhost:11434/v1' }) // Ollama here; any server that speaks Chat Completions

function App() {
  const chat = useChatCompletion({ client, request: { model: 'smollm2', logprobs: true, top_logprobs: 5 } })
  return <Chat chat={chat} />
}

const root = createRoot(document.getElementById('root')!)
root.render(
  <CandorProvider>
    <App />
  </CandorProvider>,
)
