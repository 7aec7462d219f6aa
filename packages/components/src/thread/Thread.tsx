'use client'
import type { ChatStatus } from '@candor/core'
import { useEffect, useMemo, useRef, useState, type ReactElement, type ReactNode } from 'react'

import { definePart, usePartElement, type PartComponent } from '../base/definePart.ts'
import { DownIcon } from '../icons.tsx'
import { useLabels } from '../LabelsProvider.tsx'
import { ThreadContext, useThread } from './ThreadContext.ts'
import { ThreadList } from './ThreadList.tsx'
import { useFollowEnd } from './useFollowEnd.ts'

interface WithChildren {
  children?: ReactNode
}

/** Holds the parts of a thread and its scroll position. Renders a `<div>` that fills its container's height. */
export const ThreadRoot: PartComponent<'div', WithChildren> = definePart<'div', WithChildren>(
  'Thread.Root',
  function ThreadRoot(rest, ref) {
    const { viewportRef, contentRef, atEnd, scrollToEnd } = useFollowEnd()
    const thread = useMemo(
      () => ({ viewportRef, contentRef, atEnd, scrollToEnd }),
      [viewportRef, contentRef, atEnd, scrollToEnd],
    )
    const element = usePartElement('div', {
      ref,
      rest,
      state: { atEnd },
      props: { className: 'candor-thread' },
    })
    return <ThreadContext.Provider value={thread}>{element}</ThreadContext.Provider>
  },
)

/**
 * What scrolls. Renders a `<div role="log">` that is not live: a live one would read each token aloud; `Thread.Announcer`
 * says when an answer starts and ends.
 */
export const ThreadViewport: PartComponent<'div', WithChildren> = definePart<'div', WithChildren>(
  'Thread.Viewport',
  function ThreadViewport(rest, ref) {
    const { viewportRef, atEnd } = useThread()
    const labels = useLabels()
    return usePartElement('div', {
      ref: [viewportRef, ref],
      rest,
      state: { atEnd },
      props: {
        className: 'candor-thread-viewport candor-focusable',
        role: 'log',
        'aria-live': 'off',
        'aria-label': labels.thread,
        // What scrolls must be reachable by keyboard.
        tabIndex: 0,
      },
    })
  },
)

/** The column of messages, 44 rem wide. Renders a `<div>`. */
export const ThreadMessages: PartComponent<'div', WithChildren> = definePart<'div', WithChildren>(
  'Thread.Messages',
  function ThreadMessages(rest, ref) {
    const { contentRef } = useThread()
    return usePartElement('div', {
      ref: [contentRef, ref],
      rest,
      props: { className: 'candor-thread-messages' },
    })
  },
)

/** What stands in a thread without messages. Renders a `<div>`. */
export const ThreadEmpty: PartComponent<'div', WithChildren> = definePart<'div', WithChildren>(
  'Thread.Empty',
  (rest, ref) => usePartElement('div', { ref, rest, props: { className: 'candor-thread-empty' } }),
)

/** Goes to the end; there only while the end is out of view. Renders a `<button>`. */
export const ThreadScrollToBottom: PartComponent<'button', WithChildren> = definePart<'button', WithChildren>(
  'Thread.ScrollToBottom',
  function ThreadScrollToBottom(rest, ref) {
    const { atEnd, scrollToEnd } = useThread()
    const labels = useLabels()
    const element = usePartElement('button', {
      ref,
      rest: { children: <DownIcon />, ...rest },
      props: {
        type: 'button',
        className: 'candor-button candor-thread-scroll-to-end',
        'aria-label': labels.scrollToEnd,
        title: labels.scrollToEnd,
        onClick: scrollToEnd,
      },
    })
    return atEnd ? null : element
  },
)

export interface ThreadAnnouncerProps {
  /** How the conversation stands; each change is said once. */
  status: ChatStatus
}

/** The one live region of a thread: says politely when an answer starts, ends and fails. Never on the first render. */
export function ThreadAnnouncer({ status }: ThreadAnnouncerProps): ReactElement {
  const labels = useLabels()
  const before = useRef(status)
  const [said, setSaid] = useState('')
  useEffect(() => {
    if (before.current === status) return
    before.current = status
    setSaid(labels.announce[status])
  }, [status, labels])
  return (
    <output className="candor-visually-hidden" aria-live="polite">
      {said}
    </output>
  )
}

export interface ThreadOwnProps {
  /** How the conversation stands, for the announcer. */
  status?: ChatStatus
  /** Shown instead of the messages while there are none. */
  empty?: ReactNode
  /** The messages. */
  children?: ReactNode
}

interface ThreadComponent extends PartComponent<'div', ThreadOwnProps> {
  Root: typeof ThreadRoot
  Viewport: typeof ThreadViewport
  Messages: typeof ThreadMessages
  List: typeof ThreadList
  Empty: typeof ThreadEmpty
  ScrollToBottom: typeof ThreadScrollToBottom
  Announcer: typeof ThreadAnnouncer
}

/** A scrolling thread, ready made: follows the end, lets the reader go, says aloud what happens. */
export const Thread: ThreadComponent = /* @__PURE__ */ Object.assign(
  definePart<'div', ThreadOwnProps>('Thread', ({ status = 'idle', empty, children, ...rest }, ref) => (
    <ThreadRoot ref={ref} {...rest}>
      <ThreadViewport>
        <ThreadMessages>
          {empty === undefined || empty === null ? null : <ThreadEmpty>{empty}</ThreadEmpty>}
          {children}
        </ThreadMessages>
      </ThreadViewport>
      <ThreadScrollToBottom />
      <ThreadAnnouncer status={status} />
    </ThreadRoot>
  )),
  {
    Root: ThreadRoot,
    Viewport: ThreadViewport,
    Messages: ThreadMessages,
    List: ThreadList,
    Empty: ThreadEmpty,
    ScrollToBottom: ThreadScrollToBottom,
    Announcer: ThreadAnnouncer,
  },
)
