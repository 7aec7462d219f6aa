import '../styles.css'
import { useState, type ReactElement } from 'react'
import { createRoot, type Root } from 'react-dom/client'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { page, userEvent } from 'vitest/browser'

import { Thread } from './Thread.tsx'

let root: Root | undefined
let host: HTMLElement | undefined
let rendered = 0

afterEach(() => {
  root?.unmount()
  host?.remove()
  rendered = 0
})

/** Half as high as the list guesses, so that what comes in is never as high as the room that was kept for it. */
function Item({ id }: { id: string }): ReactElement {
  const [isOpen, setOpen] = useState(false)
  return (
    <article style={{ flex: 'none', height: 60 }}>
      <button onClick={() => setOpen(true)} type="button">
        Open {id}
      </button>
      {isOpen && <textarea aria-label={`Field ${id}`} />}
    </article>
  )
}

const renderItem = (id: string): ReactElement => {
  rendered += 1
  return <Item id={id} />
}

/** A thread in a box of 300 by 400 pixels, with so many messages. */
function show(count: number): void {
  if (host === undefined || !host.isConnected) {
    host = document.body.appendChild(document.createElement('div'))
    root = createRoot(host)
  }
  const ids = Array.from({ length: count }, (_, place) => String(place))
  root?.render(
    <div style={{ display: 'flex', height: 300, width: 400 }}>
      <Thread>
        <Thread.List ids={ids} renderItem={renderItem} />
      </Thread>
    </div>,
  )
}

const log = (): HTMLElement => page.getByRole('log').element() as HTMLElement
const articles = (): HTMLElement[] => [...document.querySelectorAll<HTMLElement>('article')]
const inView = (): HTMLElement[] => {
  const { top, bottom } = log().getBoundingClientRect()
  return articles().filter((article) => {
    const box = article.getBoundingClientRect()
    return box.top >= top && box.bottom <= bottom
  })
}
const button = (id: number): HTMLElement | null =>
  page.getByRole('button', { name: `Open ${id}`, exact: true }).query() as HTMLElement | null
const fromEnd = (): number => log().scrollHeight - log().clientHeight - log().scrollTop

/** How many messages had been rendered when the first one stood in the page. */
function renderedAtFirst(): Promise<number> {
  return new Promise((resolve) => {
    const observer = new MutationObserver(() => {
      if (articles().length === 0) return
      observer.disconnect()
      resolve(rendered)
    })
    observer.observe(document.body, { childList: true, subtree: true })
  })
}

async function nextFrame(): Promise<void> {
  await new Promise((resolve) => requestAnimationFrame(resolve))
}

/** Until as many messages are drawn as there may be without need. */
async function filled(): Promise<void> {
  await vi.waitFor(() => expect(articles().length).toBeGreaterThanOrEqual(320))
}

describe('a list of 10,000 messages', () => {
  it('opens at its end, with few of them drawn', async () => {
    const atFirst = renderedAtFirst()
    show(10_000)
    expect(await atFirst).toBeLessThan(100)
    expect(button(9999)).not.toBeNull()
    await filled()
    await vi.waitFor(() => expect(fromEnd()).toBeLessThan(1))
    expect(articles().length).toBeLessThanOrEqual(352)
  })

  it('draws those that the reader scrolls to, and never many more at once', async () => {
    show(10_000)
    await filled()
    for (const share of [0.7, 0.4, 0.2, 0]) {
      log().scrollTop = log().scrollHeight * share
      await vi.waitFor(() => expect(inView().length).toBeGreaterThanOrEqual(2))
      expect(articles().length).toBeLessThanOrEqual(448)
      expect(document.querySelectorAll('.candor-thread-block').length).toBeLessThan(250)
    }
    expect(inView()[0]).toBe(button(0)?.closest('article'))
  })

  it('stays where the reader is while what is above comes in', async () => {
    show(10_000)
    await filled()
    log().scrollTop = log().scrollHeight / 2
    await vi.waitFor(() => expect(inView().length).toBeGreaterThanOrEqual(2))
    await nextFrame()
    await nextFrame()
    const drawn = new Set(articles())
    let above = 0
    let last = inView()[0]!
    // Upwards, by so little that one message is in view before and after.
    for (let step = 0; step < 100; step++) {
      const before = last.getBoundingClientRect().top
      log().scrollTop -= 20
      await nextFrame()
      await nextFrame()
      expect(Math.abs(last.getBoundingClientRect().top - before - 20)).toBeLessThan(2)
      last = inView()[0]!
      above = articles().filter((article) => !drawn.has(article)).length
    }
    expect(above).toBeGreaterThanOrEqual(16)
  })

  it('keeps a message in which the reader writes', async () => {
    show(10_000)
    await filled()
    await userEvent.click(button(9990)!)
    await userEvent.fill(page.getByRole('textbox', { name: 'Field 9990' }), 'half a thought')
    for (let share = 0.95; share >= 0; share -= 0.05) {
      log().scrollTop = log().scrollHeight * share
      await nextFrame()
      await nextFrame()
    }
    await vi.waitFor(() => expect(button(9900)).toBeNull())
    await expect.element(page.getByRole('textbox', { name: 'Field 9990' })).toHaveValue('half a thought')
  })

  it('renders only the last block again when a message comes', async () => {
    show(10_000)
    await filled()
    rendered = 0
    show(10_001)
    await vi.waitFor(() => expect(button(10_000)).not.toBeNull())
    expect(rendered).toBeLessThanOrEqual(16)
  })
})

describe('a list of 100 messages', () => {
  it('is soon drawn as a whole', async () => {
    show(100)
    await vi.waitFor(() => expect(articles()).toHaveLength(100))
  })

  it('keeps all of them while more come', async () => {
    show(100)
    await vi.waitFor(() => expect(articles()).toHaveLength(100))
    const first = articles()[0]
    for (let count = 101; count <= 200; count++) {
      show(count)
      await nextFrame()
    }
    await vi.waitFor(() => expect(articles()).toHaveLength(200))
    expect(articles()[0]).toBe(first)
  })
})
