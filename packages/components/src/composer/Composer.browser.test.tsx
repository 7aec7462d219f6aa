import '../styles.css'
import { createRoot, type Root } from 'react-dom/client'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { cdp, page, userEvent } from 'vitest/browser'

import { Composer } from './Composer.tsx'

let root: Root | undefined
let host: HTMLElement | undefined

afterEach(() => {
  root?.unmount()
  host?.remove()
})

async function show(element: React.ReactElement): Promise<HTMLTextAreaElement> {
  host = document.body.appendChild(document.createElement('div'))
  host.style.width = '400px'
  root = createRoot(host)
  root.render(element)
  const field = page.getByRole('textbox', { name: 'Message' })
  await expect.element(field).toBeVisible()
  return field.element() as HTMLTextAreaElement
}

interface Devtools {
  send: (method: string, params: object) => Promise<unknown>
}

/** The browser's own input methods, typed without the provider's package. */
function devtools(): Devtools {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return cdp() as Devtools
}

describe('Composer', () => {
  it('grows with its text, up to a limit, and shrinks again', async () => {
    const field = await show(<Composer onSend={() => undefined} />)
    const oneLine = field.clientHeight
    await userEvent.fill(field, 'one\ntwo\nthree')
    expect(field.clientHeight).toBe(3 * oneLine)
    await userEvent.fill(field, 'line\n'.repeat(60))
    expect(field.clientHeight).toBeLessThanOrEqual(240)
    expect(field.scrollHeight).toBeGreaterThan(field.clientHeight)
    await userEvent.fill(field, '')
    expect(field.clientHeight).toBe(oneLine)
  })

  it('sends nothing while an input method composes, and its Enter only ends the word', async () => {
    const onSend = vi.fn<(text: string) => void>()
    const field = await show(<Composer onSend={onSend} />)
    field.focus()
    const session = devtools()
    await session.send('Input.imeSetComposition', { text: 'にほん', selectionStart: 3, selectionEnd: 3 })
    expect(field.value).toBe('にほん')
    // What Chromium sends for a key that the input method took.
    await session.send('Input.dispatchKeyEvent', {
      type: 'rawKeyDown',
      windowsVirtualKeyCode: 229,
      key: 'Enter',
      code: 'Enter',
    })
    expect(onSend).not.toHaveBeenCalled()
    await session.send('Input.insertText', { text: '日本' })
    expect(field.value).toBe('日本')
    await userEvent.keyboard('{Enter}')
    expect(onSend.mock.calls).toEqual([['日本']])
  })

  it('keeps the focus in the field after sending', async () => {
    const field = await show(<Composer onSend={() => undefined} />)
    await userEvent.type(field, 'Hello{Enter}')
    expect(document.activeElement).toBe(field)
  })

  it('puts the cursor into the field at a click beside it', async () => {
    const field = await show(<Composer onSend={() => undefined} start={<span>chips</span>} />)
    const box = field.closest('form')!.getBoundingClientRect()
    await userEvent.click(field.closest('form')!, { position: { x: box.width / 2, y: 3 } })
    expect(document.activeElement).toBe(field)
  })

  it('keeps the focus on its button when send turns into stop', async () => {
    await show(<Composer defaultValue="x" onSend={() => undefined} onStop={() => undefined} />)
    const button = page.getByRole('button', { name: 'Send' }).element() as HTMLElement
    button.focus()
    root?.render(<Composer busy defaultValue="x" onSend={() => undefined} onStop={() => undefined} />)
    await expect.element(page.getByRole('button', { name: 'Stop' })).toHaveFocus()
  })
})
