'use client'
import type { ChatInput } from '@candor/hooks'
import type { ReactElement } from 'react'

import { Button } from '../base/Button.tsx'
import { useLabels } from '../LabelsProvider.tsx'
import { inputText } from './inputText.ts'
import { useChatContext } from './ChatContext.ts'
import { useStoreValue } from './useStoreValue.ts'

interface ChatQueueProps {
  /** Takes an input out of the queue, by its place there, and puts it back into the composer. */
  takeBack: (index: number, input: ChatInput) => void
}

/** What waits to be sent, below the running turn; each can be taken back into the composer. */
export function ChatQueue({ takeBack }: ChatQueueProps): ReactElement | null {
  const { store } = useChatContext()
  const labels = useLabels()
  const queue = useStoreValue(store, (state) => state.queue)
  if (queue.length === 0) return null
  return (
    <ul className="candor-queue">
      {queue.map((input, index) => (
        <li className="candor-queued" key={index}>
          <p className="candor-queued-text" dir="auto">
            {inputText(input)}
          </p>
          <p className="candor-queued-note">
            {labels.queued}
            <Button onClick={() => takeBack(index, input)} variant="quiet">
              {labels.takeBack}
            </Button>
          </p>
        </li>
      ))}
    </ul>
  )
}
