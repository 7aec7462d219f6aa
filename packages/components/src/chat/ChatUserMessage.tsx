'use client'
import type { ChatUserMessage as UserMessage, ContentPart } from '@candor/core'
import type { ChatInput } from '@candor/hooks'
import {
  useLayoutEffect,
  useRef,
  useState,
  type KeyboardEvent,
  type ReactElement,
  type ReactNode,
} from 'react'

import { Button } from '../base/Button.tsx'
import { useAutosize } from '../composer/useAutosize.ts'
import { useLabels } from '../LabelsProvider.tsx'
import { ActionBar } from '../message/ActionBar.tsx'
import { Message } from '../message/Message.tsx'
import { messageText } from '../message/messageParts.ts'
import { ChatBranches } from './ChatBranches.tsx'
import { useChatContext } from './ChatContext.ts'

interface ChatUserMessageProps {
  message: UserMessage
  extra: ReactNode
}

/** What the user said, with the ways to copy and to change it. */
export function ChatUserMessage({ message, extra }: ChatUserMessageProps): ReactElement {
  const { actions, options, memory } = useChatContext()
  const article = useRef<HTMLElement>(null)
  useLayoutEffect(() => memory.takeFocus(message, article.current), [memory, message])
  const [editing, setEditing] = useState(false)
  const editButton = useRef<HTMLButtonElement>(null)

  if (editing) {
    const close = (): void => {
      setEditing(false)
      // The field that had the focus is gone; its opener is there again after the next render.
      requestAnimationFrame(() => editButton.current?.focus())
    }
    return (
      <Message.Root message={message}>
        <EditField
          onCancel={close}
          onSend={(text) => {
            close()
            memory.leaveFocus(message, 'edit')
            void actions.edit(message.id, withText(message.message.content, text))
          }}
          text={messageText(message)}
        />
      </Message.Root>
    )
  }
  return (
    <Message.Root message={message} ref={article}>
      <Message.Parts {...(options.renderers === undefined ? {} : { renderers: options.renderers })} />
      <Message.Footer>
        <ChatBranches message={message} />
        <ActionBar>
          <ActionBar.Copy value={() => messageText(message)} />
          <ActionBar.Edit onClick={() => setEditing(true)} ref={editButton} />
        </ActionBar>
      </Message.Footer>
      {extra}
    </Message.Root>
  )
}

interface EditFieldProps {
  text: string
  onSend: (text: string) => void
  onCancel: () => void
}

/** A message in place, open for a change. Sending it starts a new branch; what stood there stays. */
function EditField({ text, onSend, onCancel }: EditFieldProps): ReactElement {
  const { options } = useChatContext()
  const labels = useLabels()
  const [value, setValue] = useState(text)
  const field = useRef<HTMLTextAreaElement>(null)
  useAutosize(field, value)
  const cannotSend = !options.canSend || value.trim() === ''

  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>): void => {
    if (event.nativeEvent.isComposing || event.keyCode === 229) return
    if (event.key === 'Escape') {
      event.preventDefault()
      onCancel()
    } else if (event.key === 'Enter' && !event.shiftKey && !event.altKey) {
      event.preventDefault()
      if (!cannotSend) onSend(value)
    }
  }
  return (
    <form
      className="candor-edit"
      onSubmit={(event) => {
        event.preventDefault()
        if (!cannotSend) onSend(value)
      }}
    >
      <textarea
        aria-label={labels.editField}
        // The reader asked for this field.
        // oxlint-disable-next-line jsx-a11y/no-autofocus
        autoFocus
        className="candor-composer-input"
        onChange={(event) => setValue(event.currentTarget.value)}
        onFocus={(event) => event.currentTarget.setSelectionRange(value.length, value.length)}
        onKeyDown={onKeyDown}
        ref={field}
        rows={1}
        value={value}
      />
      <div className="candor-edit-actions">
        <Button onClick={onCancel}>{labels.cancel}</Button>
        <Button disabled={cannotSend} type="submit" variant="primary">
          {labels.sendEdit}
        </Button>
      </div>
    </form>
  )
}

/** The same content with other words: pictures and files of a message outlive a change of its text. */
function withText(content: string | readonly ContentPart[], text: string): ChatInput {
  if (typeof content === 'string') return text
  return [{ type: 'text', text }, ...content.filter((part) => part.type !== 'text')]
}
