import type { ChatAssistantMessage } from '@candor/core'

import { Nothing } from './Nothing.tsx'
import type { Settings } from './settings.ts'

export interface TokensTabProps {
  answer: ChatAssistantMessage | undefined
  settings: Settings
}

/** How sure the model was of the tokens of an answer. */
export function TokensTab({ answer, settings }: TokensTabProps) {
  if (answer === undefined) {
    return (
      <Nothing>
        {settings.logprobs
          ? 'Send a message, and this shows how sure the model was of each token.'
          : 'Logprobs are off. Switch them on above the thread, and the next answer shows how sure the model was of each token.'}
      </Nothing>
    )
  }
  return <Nothing>…</Nothing>
}
