import '../styles.css'
import type { ReactElement } from 'react'
import { createRoot, type Root } from 'react-dom/client'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { page, userEvent } from 'vitest/browser'

import { Thread } from './Thread.tsx'

let root: Root | undefined
let host: HTMLElement | undefined

afterEach(() => {
  root?.unmount()
  host?.remove()
})

interface Height {
  content: number
  room?: number
}

/** A thread in a box, with content of a given height. */
function show({ content, room = 300 }: Height): void {
  if (host === undefined || !host.isConnected) {
    host = document.body.appendChild(document.createElement('div'))
    root = createRoot(host)
  }
  root?.render(
    <div style={{ display: 'flex', height: room, width: 400 }}>
      <Thread>
        <div style={{ flex: 'none', height: content }}>text</div>
      </Thread>
    </div>,
  )
}

const log = (): HTMLElement => page.getByRole('log').element() as HTMLElement
const fromEnd = (): number => log().scrollHeight - log().clientHeight - log().scrollTop

const atEnd = (): Promise<void> => vi.waitFor(() => expect(fromEnd()).toBeLessThan(1))

/** Two frames: one in which sizes are observed, one in which what follows is done. */
async function settle(): Promise<void> {
  for (let frame = 0; frame < 2; frame++) await new Promise((resolve) => requestAnimationFrame(resolve))
}

async function scrollTo(top: number): Promise<void> {
  log().scrollTop = top
  await settle()
}

describe('Thread', () => {
  it('begins at the end', async () => {
    show({ content: 2000 })
    await expect.element(page.getByRole('log')).toBeVisible()
    await atEnd()
    expect(log().scrollTop).toBeGreaterThan(1000)
  })

  it('begins at the top of a first screen, and follows the first answer', async () => {
    host = document.body.appendChild(document.createElement('div'))
    root = createRoot(host)
    const render = (content: ReactElement): void =>
      root?.render(
        <div style={{ display: 'flex', height: 300, width: 400 }}>
          <Thread>{content}</Thread>
        </div>,
      )
    render(<Thread.Empty style={{ flex: 'none', height: 500 }}>first</Thread.Empty>)
    await expect.element(page.getByText('first')).toBeVisible()
    render(<Thread.Empty style={{ flex: 'none', height: 900 }}>more</Thread.Empty>)
    await expect.element(page.getByText('more')).toBeVisible()
    await settle()
    expect(log().scrollTop).toBe(0)
    render(<div style={{ flex: 'none', height: 1200 }}>answer</div>)
    await expect.element(page.getByText('answer')).toBeVisible()
    await atEnd()
  })

  it('stays at the end while the content grows', async () => {
    show({ content: 1000 })
    await expect.element(page.getByRole('log')).toBeVisible()
    for (const content of [1100, 1300, 2600]) {
      show({ content })
      await vi.waitFor(() => expect(log().scrollHeight).toBeGreaterThan(content))
      await atEnd()
    }
  })

  it('stays at the end while the room for it shrinks and grows', async () => {
    show({ content: 1000 })
    await expect.element(page.getByRole('log')).toBeVisible()
    for (const room of [180, 420]) {
      show({ content: 1000, room })
      await vi.waitFor(() => expect(log().clientHeight).toBe(room))
      await atEnd()
    }
  })

  it.each([1, 40, 700])('lets the reader go who scrolls up by %i pixels', async (distance) => {
    show({ content: 2000 })
    await expect.element(page.getByRole('log')).toBeVisible()
    await atEnd()
    await scrollTo(log().scrollTop - distance)
    const top = log().scrollTop
    show({ content: 2500 })
    await vi.waitFor(() => expect(log().scrollHeight).toBeGreaterThan(2500))
    await settle()
    expect(log().scrollTop).toBe(top)
  })

  it('follows again once the reader is back at the end', async () => {
    show({ content: 2000 })
    await expect.element(page.getByRole('log')).toBeVisible()
    await atEnd()
    await scrollTo(500)
    await scrollTo(log().scrollHeight)
    show({ content: 2500 })
    await vi.waitFor(() => expect(log().scrollHeight).toBeGreaterThan(2500))
    await atEnd()
  })

  it('leads back to the end by a button that is there only away from it', async () => {
    show({ content: 2000 })
    await expect.element(page.getByRole('log')).toBeVisible()
    await atEnd()
    const button = page.getByRole('button', { name: 'To the end' })
    expect(button.query()).toBeNull()
    await scrollTo(0)
    await button.click()
    await atEnd()
    await vi.waitFor(() => expect(button.query()).toBeNull())
    show({ content: 2600 })
    await vi.waitFor(() => expect(log().scrollHeight).toBeGreaterThan(2600))
    await atEnd()
  })

  it('does not take a shrinking content for a reader who scrolls up', async () => {
    show({ content: 2000 })
    await expect.element(page.getByRole('log')).toBeVisible()
    await atEnd()
    show({ content: 900 })
    await vi.waitFor(() => expect(log().scrollHeight).toBeLessThan(1200))
    await settle()
    show({ content: 2400 })
    await vi.waitFor(() => expect(log().scrollHeight).toBeGreaterThan(2400))
    await atEnd()
  })

  it('scrolls by keyboard', async () => {
    show({ content: 2000 })
    await expect.element(page.getByRole('log')).toBeVisible()
    await atEnd()
    const before = log().scrollTop
    log().focus()
    await userEvent.keyboard('{PageUp}')
    await vi.waitFor(() => expect(log().scrollTop).toBeLessThan(before))
  })

  it('writes the scroll position once for each frame in which the content grew, however much', async () => {
    show({ content: 1000 })
    await expect.element(page.getByRole('log')).toBeVisible()
    await atEnd()
    const writes = vi.spyOn(log(), 'scrollTop', 'set')
    for (let height = 1001; height <= 1200; height++) show({ content: height })
    await vi.waitFor(() => expect(log().scrollHeight).toBeGreaterThan(1200))
    await atEnd()
    expect(writes.mock.calls.length).toBeLessThan(10)
  })
})
