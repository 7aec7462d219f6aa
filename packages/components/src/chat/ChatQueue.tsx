'use client'
import type { ChatInput } from '@candor/hooks'
import type { ReactElement } from 'react'

import { Button } from '../base/Button.tsx'
import { useLabels } from '../LabelsProvider.tsx'
import { inputText } from './inputText.ts'
import { isBusy } from './isBusy.ts'
import { useChatContext } from './ChatContext.ts'
import { useStoreValue } from './useStoreValue.ts'

interface ChatQueueProps {
  /** Takes an input out of the queue, by its place there, and puts it back into the composer. */
  takeBack: (index: number, input: ChatInput) => void
}

/**
 * What waits to be sent, below the running turn, or held after one that was stopped or failed: then the user can let it
 * go. Each can be taken back into the composer.
 */
export function ChatQueue({ takeBack }: ChatQueueProps): ReactElement | null {
  const { store, actions } = useChatContext()
  const labels = useLabels()
  const queue = useStoreValue(store, (state) => state.queue)
  const isHeld = useStoreValue(store, (state) => !isBusy(state) && !state.isRestoring)
  if (queue.length === 0) return null
  return (
    <ul className="candor-queue">
      {queue.map((input, index) => (
        <li className="candor-queued" key={index}>
          <p className="candor-queued-text" dir="auto">
            {inputText(input)}
          </p>
          <p className="candor-queued-note">
            {isHeld ? labels.held : labels.queued}
            {isHeld && index === 0 && (
              <Button onClick={actions.sendQueued} variant="quiet">
                {labels.sendQueued}
              </Button>
            )}
            <Button onClick={() => takeBack(index, input)} variant="quiet">
              {labels.takeBack}
            </Button>
          </p>
        </li>
      ))}
    </ul>
  )
}
