import '@candor/components/styles.css'
import { Chat } from '@candor/components/chat'
import { CandorProvider } from '@candor/hooks'
import type { ReactElement } from 'react'

import { useBenchmarkChat } from './CandorList.tsx'
import type { ContenderProps } from './Contender.ts'

/** Candor's whole chat: Markdown, tool cards, actions, figures, composer. */
export function CandorChat(props: ContenderProps): ReactElement {
  return (
    <CandorProvider>
      <Conversation {...props} />
    </CandorProvider>
  )
}

function Conversation(props: ContenderProps): ReactElement {
  return <Chat chat={useBenchmarkChat(props)} />
}
