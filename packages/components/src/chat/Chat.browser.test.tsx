import '../styles.css'
import { createClient } from '@candor/core'
import { createFakeFetch } from '@candor/core/testing'
import { CandorProvider, useChatCompletion } from '@candor/hooks'
import { Profiler, type ReactElement } from 'react'
import { createRoot, type Root } from 'react-dom/client'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { page, userEvent } from 'vitest/browser'

import { recording } from '../fixtures/recordings.ts'
import { Chat, type ChatProps } from './index.ts'

let root: Root | undefined
let host: HTMLElement | undefined

afterEach(() => {
  root?.unmount()
  host?.remove()
})

interface AppProps extends Omit<ChatProps, 'chat'> {
  /** The server's answer. */
  answer: string
  speed: number
  onCommit: () => void
}

function App({ answer, speed, onCommit, ...props }: AppProps): ReactElement {
  return (
    <CandorProvider>
      <Conversation answer={answer} onCommit={onCommit} speed={speed} {...props} />
    </CandorProvider>
  )
}

const clients = new Map<string, ReturnType<typeof createClient>>()

function clientFor(answer: string, speed: number): ReturnType<typeof createClient> {
  const key = `${speed} ${answer}`
  const known = clients.get(key)
  if (known !== undefined) return known
  const client = createClient({
    baseURL: 'https://replay.invalid/v1',
    fetch: createFakeFetch(answer, { speed }),
  })
  clients.set(key, client)
  return client
}

function Conversation({ answer, speed, onCommit, ...props }: AppProps): ReactElement {
  const chat = useChatCompletion({
    client: clientFor(answer, speed),
    request: { model: 'smollm2-135m-instruct' },
  })
  return (
    <Profiler id="chat" onRender={onCommit}>
      <Chat chat={chat} {...props} />
    </Profiler>
  )
}

function show(width: number, height: number, props: Partial<AppProps> = {}): void {
  host = document.body.appendChild(document.createElement('div'))
  Object.assign(host.style, { width: `${width}px`, height: `${height}px`, display: 'flex' })
  root = createRoot(host)
  root.render(<App answer={recording('markdown')} onCommit={() => undefined} speed={0} {...props} />)
}

const ended = (): Promise<void> =>
  vi.waitFor(() => expect(page.getByRole('button', { name: 'Answer again' }).query()).not.toBeNull(), 10_000)

async function ask(text: string): Promise<void> {
  await userEvent.type(page.getByRole('textbox', { name: 'Message' }), `${text}{Enter}`)
}

const focused = (): Element | null => document.activeElement

async function pressByKey(name: string): Promise<void> {
  const button = page.getByRole('button', { name }).element()
  if (button instanceof HTMLElement) button.focus()
  await userEvent.keyboard('{Enter}')
}

describe('Chat in a browser', () => {
  it('fills the height of its container, and the composer stands at its foot', async () => {
    show(800, 500)
    const field = page.getByRole('textbox', { name: 'Message' })
    await expect.element(field).toBeVisible()
    const chat = host!.querySelector('.candor-chat')!.getBoundingClientRect()
    expect(chat.height).toBe(500)
    expect(
      chat.bottom - host!.querySelector('.candor-composer')!.getBoundingClientRect().bottom,
    ).toBeLessThan(60)
  })

  it('is as high as the window in a container without a height, however long the thread', async () => {
    show(800, 500)
    host!.style.height = 'auto'
    await ask('Give me three tips for sleeping well.')
    await ended()
    expect(host!.querySelector('.candor-chat')!.getBoundingClientRect().height).toBe(innerHeight)
  })

  it('is as high as a container that is higher than the window', async () => {
    show(800, innerHeight + 300)
    await expect.element(page.getByRole('textbox', { name: 'Message' })).toBeInTheDocument()
    expect(host!.querySelector('.candor-chat')!.getBoundingClientRect().height).toBe(innerHeight + 300)
  })

  it('keeps the marks of lists on a page that takes them off its own', async () => {
    const reset = document.head.appendChild(document.createElement('style'))
    reset.textContent = 'ul, ol { list-style: none }'
    show(800, 500)
    await ask('Give me three tips for sleeping well.')
    await ended()
    await vi.waitFor(() => expect(host!.querySelector('.candor-markdown li')).not.toBeNull())
    const marks = Array.from(
      host!.querySelectorAll('.candor-markdown ol > li'),
      (item) => getComputedStyle(item).listStyleType,
    )
    reset.remove()
    expect(new Set(marks)).toEqual(new Set(['decimal']))
  })

  it.each([320, 390, 1280])('nothing scrolls sideways at %i pixels', async (width) => {
    show(width, 600, {
      answer: recording('code'),
      suggestions: ['A question that is rather long for so narrow a screen'],
    })
    await expect.element(page.getByRole('textbox', { name: 'Message' })).toBeVisible()
    await ask(
      'Write a function whose name is a_very_long_name_without_any_space_that_does_not_fit_on_a_phone',
    )
    await ended()
    const chat = host!.querySelector('.candor-chat')!
    expect(chat.scrollWidth).toBe(chat.clientWidth)
    const log = host!.querySelector('[role="log"]')!
    expect(log.scrollWidth).toBe(log.clientWidth)
  })

  it('follows an answer that is longer than the window, and keeps the focus in the composer', async () => {
    show(600, 300)
    await ask('Give me three tips for sleeping well.')
    await ended()
    const log = host!.querySelector('[role="log"]')!
    expect(log.scrollHeight).toBeGreaterThan(log.clientHeight + 50)
    await vi.waitFor(() => expect(log.scrollHeight - log.clientHeight - log.scrollTop).toBeLessThan(2))
    expect(document.activeElement).toBe(page.getByRole('textbox', { name: 'Message' }).element())
  })

  it('leaves the keyboard where it was when one version of a message gives way to another', async () => {
    show(600, 500)
    await ask('Give me three tips for sleeping well.')
    await ended()
    await pressByKey('Answer again')
    await expect.element(page.getByRole('group', { name: 'Versions' })).toHaveTextContent('2 / 2')
    expect(focused()).toBe(page.getByRole('article', { name: 'Answer' }).element())
    await ended()

    await pressByKey('Version before')
    await expect.element(page.getByRole('group', { name: 'Versions' })).toHaveTextContent('1 / 2')
    const before = page.getByRole('button', { name: 'Version before' })
    expect(focused()).toBe(before.element())
    expect(before.element().getAttribute('aria-disabled')).toBe('true')

    await pressByKey('Edit')
    await userEvent.keyboard(' Please.{Enter}')
    await expect.element(page.getByText('Give me three tips for sleeping well. Please.')).toBeVisible()
    await vi.waitFor(() => expect(focused()).toBe(page.getByRole('button', { name: 'Edit' }).element()))
  })

  it('commits at most once a frame while text streams, and renders one message', async () => {
    let commits = 0
    let frames = 0
    const rendered = new Map<string, number>()
    const count = (): void => {
      frames++
      handle = requestAnimationFrame(count)
    }
    let handle = requestAnimationFrame(count)
    const extra: ChatProps['renderMessageExtra'] = ({ id, role }) => {
      rendered.set(`${role} ${id}`, (rendered.get(`${role} ${id}`) ?? 0) + 1)
      return null
    }
    show(600, 400, { onCommit: () => commits++, renderMessageExtra: extra, speed: 1 })
    await ask('Give me three tips for sleeping well.')
    await vi.waitFor(() => expect(page.getByRole('button', { name: 'Stop' }).query()).not.toBeNull())
    rendered.clear()
    commits = 0
    frames = 0
    await ended()
    cancelAnimationFrame(handle)
    // A few more for the start and the end of the turn, which are shown at once.
    expect(commits).toBeLessThanOrEqual(frames + 8)
    expect([...rendered.keys()].filter((key) => key.startsWith('assistant'))).toHaveLength(1)
    const ofTheUser = [...rendered].filter(([key]) => key.startsWith('user')).map(([, times]) => times)
    expect(Math.max(0, ...ofTheUser)).toBeLessThanOrEqual(1)
  })

  it('takes the theme of the nearest ancestor that has one', async () => {
    show(600, 300)
    await expect.element(page.getByRole('textbox', { name: 'Message' })).toBeVisible()
    const background = (): string => getComputedStyle(host!.querySelector('.candor-chat')!).backgroundColor
    host!.dataset['theme'] = 'dark'
    expect(background()).toBe('rgb(17, 19, 24)')
    host!.dataset['theme'] = 'light'
    expect(background()).toBe('rgb(255, 255, 255)')
  })
})
