import { Menu } from '@base-ui/react/menu'
import { useRef, useState, type KeyboardEvent, type Ref } from 'react'

import { Icon } from './Icon.tsx'
import type { ThreadRow } from './threadRows.ts'

export interface ThreadItemProps {
  thread: ThreadRow
  /** Whether it is on screen. */
  current: boolean
  onChoose: () => void
  /** Called with the new name; `''` goes back to the thread's first words. */
  onRename: (name: string) => void
  onDelete: () => void
}

/** A thread in the list: shown by a press, renamed and deleted from its menu or with F2 and Delete. */
export function ThreadItem({ thread, current, onChoose, onRename, onDelete }: ThreadItemProps) {
  const [renaming, setRenaming] = useState(false)
  const row = useRef<HTMLButtonElement>(null)
  const field = useRef<HTMLInputElement>(null)
  const { title, isDraft } = thread

  function endRenaming() {
    setRenaming(false)
    // The field that had the focus is gone; the row is there again after the next render.
    requestAnimationFrame(() => row.current?.focus())
  }

  function onKeyDown(event: KeyboardEvent) {
    if (title === '') return
    if (event.key === 'F2' && !isDraft) setRenaming(true)
    else if (event.key === 'Delete') onDelete()
    else return
    event.preventDefault()
  }

  return (
    <li className="thread-item">
      {renaming ? (
        <NameField
          ref={field}
          name={title}
          onName={(name) => {
            if (name !== title) onRename(name)
            endRenaming()
          }}
          onCancel={endRenaming}
        />
      ) : (
        <button
          ref={row}
          type="button"
          className="thread-row"
          aria-current={current}
          title={title}
          onClick={onChoose}
          onKeyDown={onKeyDown}
        >
          {isDraft && <span className="draft-mark">Draft</span>}
          <span className="thread-title">{title === '' ? 'New thread' : title}</span>
        </button>
      )}
      {title !== '' && (
        <Menu.Root>
          <Menu.Trigger
            className="icon-button thread-menu"
            aria-label={`More for “${title}”`}
            hidden={renaming}
          >
            <Icon name="more" />
          </Menu.Trigger>
          <Menu.Portal>
            <Menu.Positioner side="bottom" align="end" sideOffset={4}>
              {/* When the menu goes it gives the focus back, but not over the field that came of it. */}
              <Menu.Popup className="menu" finalFocus={() => field.current ?? true}>
                {!isDraft && (
                  <Menu.Item className="menu-item" onClick={() => setRenaming(true)}>
                    Rename <kbd>F2</kbd>
                  </Menu.Item>
                )}
                <Menu.Item className="menu-item" onClick={onDelete}>
                  Delete <kbd>Del</kbd>
                </Menu.Item>
              </Menu.Popup>
            </Menu.Positioner>
          </Menu.Portal>
        </Menu.Root>
      )}
    </li>
  )
}

interface NameFieldProps {
  ref: Ref<HTMLInputElement>
  name: string
  onName: (name: string) => void
  onCancel: () => void
}

function NameField({ ref, name, onName, onCancel }: NameFieldProps) {
  // Escape takes the field away, which blurs it too.
  const over = useRef(false)
  function end(how: () => void) {
    if (over.current) return
    over.current = true
    how()
  }
  return (
    <input
      ref={ref}
      className="input thread-name"
      aria-label="Name of the thread"
      defaultValue={name}
      maxLength={200}
      // The reader asked for this field.
      // oxlint-disable-next-line jsx-a11y/no-autofocus
      autoFocus
      onFocus={(event) => event.currentTarget.select()}
      onBlur={(event) => {
        const { value } = event.currentTarget
        end(() => onName(value))
      }}
      onKeyDown={(event) => {
        if (event.nativeEvent.isComposing) return
        const { value } = event.currentTarget
        if (event.key === 'Enter') end(() => onName(value))
        if (event.key === 'Escape') end(onCancel)
        // Neither goes on to the drawer around the list, which Escape would close.
        if (event.key === 'Enter' || event.key === 'Escape') {
          event.preventDefault()
          event.stopPropagation()
        }
      }}
    />
  )
}
