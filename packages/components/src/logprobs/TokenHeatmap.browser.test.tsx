import '../styles.css'
import { createTokenSeries, type TokenLogprob, type TopLogprob } from '@candor/core'
import { Profiler, type ReactElement } from 'react'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { page, userEvent } from 'vitest/browser'

import { render, screen, waitFor } from '../fixtures/render.ts'
import { longAnswer } from './fixtures/longAnswer.ts'
import { packingLogprobs, packingText } from './fixtures/packing.ts'
import { TokenHeatmap, type TokenHeatmapOwnProps } from './TokenHeatmap.tsx'

const heatmap = (props: Partial<TokenHeatmapOwnProps> = {}): ReactElement => (
  <div style={{ inlineSize: 600, padding: 40, font: '15px sans-serif' }}>
    <TokenHeatmap logprobs={packingLogprobs} text={packingText} {...props} />
  </div>
)

const text = (): HTMLElement => document.querySelector<HTMLElement>('.candor-heatmap-text')!
const cursor = (): HTMLElement => document.querySelector<HTMLElement>('.candor-token-cursor')!
const ring = (): HTMLElement | null => document.querySelector<HTMLElement>('.candor-token-ring')
const dialog = (): HTMLElement | null => screen.queryByRole('dialog')
/** From the top of the ring to the top of the alternatives. */
const distance = (): number => dialog()!.getBoundingClientRect().top - ring()!.getBoundingClientRect().top

/** The middle of a word on screen. */
function middleOf(word: string): { x: number; y: number } {
  const walker = document.createTreeWalker(text(), NodeFilter.SHOW_TEXT)
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const at = node.textContent?.indexOf(word) ?? -1
    if (at === -1) continue
    const range = document.createRange()
    range.setStart(node, at)
    range.setEnd(node, at + word.length)
    const box = range.getBoundingClientRect()
    return { x: (box.left + box.right) / 2, y: (box.top + box.bottom) / 2 }
  }
  throw new Error(`${word} is not on screen.`)
}

/** The real pointer, moved to a word. */
async function point(word: string): Promise<void> {
  const { x, y } = middleOf(word)
  const box = text().getBoundingClientRect()
  await userEvent.hover(text(), { position: { x: x - box.left, y: y - box.top } })
}

async function click(word: string): Promise<void> {
  const { x, y } = middleOf(word)
  const box = text().getBoundingClientRect()
  await userEvent.click(text(), { position: { x: x - box.left, y: y - box.top } })
}

beforeEach(async () => {
  await page.viewport(900, 600)
})
afterEach(() => {
  document.getSelection()?.removeAllRanges()
})

describe('the text', () => {
  it('is the text, whatever the tokens are', () => {
    render(heatmap())
    expect(text().textContent).toBe(packingText)
  })

  it('breaks its lines as without marks', () => {
    const { container } = render(
      <>
        <p style={{ inlineSize: 300, font: '15px/24px sans-serif', margin: 0 }}>{packingText}</p>
        <div style={{ inlineSize: 300, font: '15px/24px sans-serif' }}>
          <TokenHeatmap logprobs={packingLogprobs} text={packingText} />
        </div>
      </>,
    )
    const plain = container.querySelector('p')!
    expect(text().offsetHeight).toBe(plain.offsetHeight)
    for (const word of ['raincoat', 'layers', 'shoes']) {
      const range = document.createRange()
      range.setStart(plain.firstChild!, packingText.indexOf(word))
      range.setEnd(plain.firstChild!, packingText.indexOf(word) + word.length)
      const box = range.getBoundingClientRect()
      expect(middleOf(word).x).toBeCloseTo((box.left + box.right) / 2, 0)
    }
  })

  it('is copied as it is, also over several paragraphs', async () => {
    const paragraphs = Array.from({ length: 30 }, (_, at) => `Paragraph ${at} ${'of words '.repeat(20)}\n\n`)
    const whole = paragraphs.join('')
    const series = createTokenSeries(paragraphs.map((token) => ({ token, logprob: -2 }))).snapshot()
    render(heatmap({ text: whole, series }))
    expect(text().children.length).toBeGreaterThan(5)
    document.getSelection()!.selectAllChildren(text())
    const copied = new Promise<string>((resolve) =>
      document.addEventListener('copy', (event) => resolve(event.clipboardData!.getData('text/plain')), {
        once: true,
      }),
    )
    text().dispatchEvent(new ClipboardEvent('copy', { bubbles: true, clipboardData: new DataTransfer() }))
    expect(await copied).toBe(whole)
  })

  it('can be selected by dragging, without alternatives getting in the way', async () => {
    render(heatmap())
    await userEvent.dblClick(text(), {
      position: {
        x: middleOf('degrees').x - text().getBoundingClientRect().left,
        y: middleOf('degrees').y - text().getBoundingClientRect().top,
      },
    })
    expect(document.getSelection()!.toString().trim()).toBe('degrees')
  })

  it('keeps Arabic letters joined across tokens', () => {
    const word = 'باريس'
    const tokens = ['با', 'ري', 'س'].map((token, at) => ({ token, logprob: at === 1 ? -3 : -0.01 }))
    render(
      <>
        <span data-testid="plain" style={{ font: '40px sans-serif' }}>
          {word}
        </span>
        <div style={{ inlineSize: 'fit-content', font: '40px sans-serif' }}>
          <TokenHeatmap logprobs={{ content: tokens }} style={{ font: 'inherit' }} text={word} />
        </div>
      </>,
    )
    expect(document.querySelectorAll('.candor-token-mark')).toHaveLength(1)
    const range = document.createRange()
    range.selectNodeContents(text())
    const plain = screen.getByTestId('plain').getBoundingClientRect().width
    expect(range.getBoundingClientRect().width).toBeCloseTo(plain, 0)
  })
})

describe('the pointer', () => {
  it('shows the alternatives of the token that it rests on, and follows it to another', async () => {
    render(heatmap())
    await point('pack')
    await waitFor(() => expect(dialog()?.getAttribute('aria-label')).toContain('“pack”'))
    await point('layers')
    await waitFor(() => expect(dialog()?.getAttribute('aria-label')).toContain('“layers”'))
    const box = ring()!.getBoundingClientRect()
    const { x, y } = middleOf('layers')
    expect([box.left < x, box.right > x, box.top < y, box.bottom > y]).toEqual([true, true, true, true])
  })

  it('may go into the alternatives, which go when it leaves them', async () => {
    render(heatmap())
    await point('pack')
    await waitFor(() => expect(dialog()).not.toBeNull())
    await userEvent.hover(dialog()!)
    await userEvent.hover(dialog()!.querySelector('.candor-alternatives-head')!)
    expect(dialog()?.getAttribute('aria-label')).toContain('“pack”')
    await userEvent.unhover(dialog()!)
    await waitFor(() => expect(dialog()).toBeNull())
    expect(ring()).toBeNull()
  })

  it('pins them with a click, and a click elsewhere lets them go', async () => {
    render(
      <>
        {heatmap()}
        <button type="button">elsewhere</button>
      </>,
    )
    await click('raincoat')
    await waitFor(() => expect(dialog()?.getAttribute('aria-label')).toContain('“raincoat”'))
    expect(cursor()).toBe(document.activeElement)
    await point('Paris')
    expect(dialog()?.getAttribute('aria-label')).toContain('“raincoat”')
    await userEvent.click(screen.getByRole('button', { name: 'elsewhere' }))
    await waitFor(() => expect(dialog()).toBeNull())
  })

  it('finds tokens that have no mark', async () => {
    render(heatmap())
    await click('degrees')
    await waitFor(() => expect(dialog()?.getAttribute('aria-label')).toContain('“degrees”'))
  })

  it('Escape dismisses what hovering shows, though nothing has the focus', async () => {
    render(heatmap())
    await point('pack')
    await waitFor(() => expect(dialog()).not.toBeNull())
    await userEvent.keyboard('{Escape}')
    await waitFor(() => expect(dialog()).toBeNull())
  })
})

describe('the alternatives', () => {
  it('float under the token, inside the screen, also on a phone', async () => {
    await page.viewport(320, 500)
    render(
      <div style={{ inlineSize: 280 }}>
        <TokenHeatmap defaultActiveIndex={18} logprobs={packingLogprobs} open text={packingText} />
      </div>,
    )
    const box = dialog()!.getBoundingClientRect()
    expect(box.left).toBeGreaterThanOrEqual(8)
    expect(box.right).toBeLessThanOrEqual(312)
    expect(box.top).toBeGreaterThan(ring()!.getBoundingClientRect().bottom - 4)
    expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(320)
  })

  it('float over the token where there is no room under it', async () => {
    await page.viewport(600, 420)
    render(
      <div style={{ paddingBlockStart: 340 }}>
        <TokenHeatmap defaultActiveIndex={3} logprobs={packingLogprobs} open text={packingText} />
      </div>,
    )
    expect(dialog()!.getBoundingClientRect().bottom).toBeLessThanOrEqual(
      ring()!.getBoundingClientRect().top + 4,
    )
  })

  it('are not cut off by what they stand in', () => {
    render(
      <div style={{ overflow: 'hidden', blockSize: 60 }}>
        <TokenHeatmap defaultActiveIndex={3} logprobs={packingLogprobs} open text={packingText} />
      </div>,
    )
    const box = dialog()!.getBoundingClientRect()
    const atBottom = document.elementFromPoint(box.left + 20, box.bottom - 10)
    expect(dialog()!.contains(atBottom)).toBe(true)
  })

  it('stay with their token when the page scrolls', async () => {
    render(
      <div style={{ blockSize: 3_000, paddingBlockStart: 300 }}>
        <TokenHeatmap defaultActiveIndex={3} logprobs={packingLogprobs} open text={packingText} />
      </div>,
    )
    const before = distance()
    document.documentElement.scrollTop = 120
    await waitFor(() => expect(distance()).toBeCloseTo(before, 0))
    document.documentElement.scrollTop = 0
  })

  it('hand over the alternative as the server sent it, with its unknown fields', async () => {
    const onBranch = vi.fn<(top: TopLogprob, index: number) => void>()
    const other: TopLogprob = { id: 7, token: ' b', logprob: -0.7, bytes: [32, 98], sampler: 'x' }
    const content: TokenLogprob[] = [{ token: 'a', logprob: -0.7, top_logprobs: [other] }]
    render(heatmap({ text: 'a', logprobs: { content }, defaultActiveIndex: 0, open: true, onBranch }))
    await userEvent.click(screen.getByRole('button', { name: '·b 49.7% continue with it' }))
    expect(onBranch.mock.calls).toEqual([[other, 0]])
  })

  it('show the rest of a long list when asked', async () => {
    const top_logprobs = Array.from({ length: 20 }, (_, at) => ({ token: `t${at}`, logprob: -1 - at / 2 }))
    render(
      heatmap({
        text: 't9',
        logprobs: { content: [{ token: 't9', logprob: -5.5, top_logprobs }] },
        defaultActiveIndex: 0,
        open: true,
      }),
    )
    const tokens = screen
      .getAllByRole('listitem')
      .map((row) => row.querySelector('.candor-alternative-token'))
    expect(tokens.map((cell) => cell?.textContent)).toEqual(['t0', 't1', 't2', 't3', 't9', 'others 15 more'])
    await userEvent.click(screen.getByRole('button', { name: 'others 15 more' }))
    expect(screen.getAllByRole('listitem')).toHaveLength(21)
  })
})

describe('the keyboard', () => {
  it('has one tab stop', async () => {
    render(
      <>
        {heatmap()}
        <button type="button">after</button>
      </>,
    )
    await userEvent.tab()
    expect(document.activeElement).toBe(cursor())
    await userEvent.tab()
    expect(document.activeElement).toBe(screen.getByRole('button', { name: 'after' }))
    expect(ring()).toBeNull()
  })

  it.each([
    ['{ArrowRight}', 'is'],
    ['{End}', '.'],
    ['{End}{ArrowLeft}', 'shoes'],
    ['{End}{Home}', 'Paris'],
    ['{ArrowLeft}', 'Paris'],
    ['n', '18'],
    ['nn', 'pack'],
    ['nnp', '18'],
    ['{Shift>}N{/Shift}', 'pack'],
    ['{End}{Shift>}P{/Shift}', 'raincoat'],
    ['nnnnnnnnn', 'warm'],
  ])('%s leads from the first token to “%s”', async (keys, word) => {
    render(heatmap())
    await userEvent.tab()
    await userEvent.keyboard(keys)
    expect(cursor().getAttribute('aria-label')).toMatch(new RegExp(`^“${word.replace('.', '\\.')}”`))
  })

  it('goes from word to word with Control, over the tokens in them', async () => {
    const tokens = ['Rain', 'co', 'ats', ' are', ' wa', 'ter', 'proof'].map((token) => ({
      token,
      logprob: -1,
    }))
    render(heatmap({ text: 'Raincoats are waterproof', logprobs: { content: tokens } }))
    await userEvent.tab()
    await userEvent.keyboard('{Control>}{ArrowRight}{/Control}')
    expect(cursor().getAttribute('aria-label')).toMatch(/^“are”/)
    await userEvent.keyboard('{Control>}{ArrowRight}{/Control}')
    expect(cursor().getAttribute('aria-label')).toMatch(/^“wa”/)
    await userEvent.keyboard('{Control>}{ArrowLeft}{ArrowLeft}{/Control}')
    expect(cursor().getAttribute('aria-label')).toMatch(/^“Rain”/)
  })

  it('goes to the token under it on the next line, and back', async () => {
    render(
      <div style={{ inlineSize: 300, font: '15px monospace' }}>
        <TokenHeatmap logprobs={packingLogprobs} style={{ font: 'inherit' }} text={packingText} />
      </div>,
    )
    await userEvent.tab()
    const before = ring()!.getBoundingClientRect()
    await userEvent.keyboard('{ArrowDown}')
    const under = ring()!.getBoundingClientRect()
    expect(under.top).toBeGreaterThan(before.top)
    expect(under.left).toBeLessThan(before.right)
    await userEvent.keyboard('{ArrowUp}')
    expect(ring()!.getBoundingClientRect().top).toBe(before.top)
  })

  it('has no letters when they are turned off', async () => {
    render(heatmap({ letterKeys: false }))
    await userEvent.tab()
    await userEvent.keyboard('n')
    expect(cursor().getAttribute('aria-label')).toMatch(/^“Paris”/)
  })

  it('opens with b at the first alternative, where there is a way on', async () => {
    render(heatmap({ onBranch: () => undefined }))
    await userEvent.tab()
    await userEvent.keyboard('nnb')
    await waitFor(() => expect(document.activeElement?.textContent).toContain('·bring'))
  })

  it('Escape closes the alternatives only, and does not reach the page', async () => {
    const onKeyDown = vi.fn<(event: KeyboardEvent) => void>()
    document.body.addEventListener('keydown', onKeyDown)
    render(heatmap())
    await userEvent.tab()
    await userEvent.keyboard('{Enter}')
    expect(dialog()).not.toBeNull()
    onKeyDown.mockClear()
    await userEvent.keyboard('{Escape}')
    expect(dialog()).toBeNull()
    expect(onKeyDown).not.toHaveBeenCalled()
    await userEvent.keyboard('{Escape}')
    expect(onKeyDown).toHaveBeenCalledOnce()
    document.body.removeEventListener('keydown', onKeyDown)
  })

  it('says the last token of a held key, not each', async () => {
    render(heatmap())
    const said: string[] = []
    const status = screen.getByRole('status')
    const watch = new MutationObserver(() => said.push(status.textContent ?? ''))
    watch.observe(status, { childList: true, characterData: true, subtree: true })
    await userEvent.tab()
    await userEvent.keyboard('{ArrowRight>12/}')
    await waitFor(() => expect(said.length).toBeGreaterThan(0))
    expect(said.at(-1)).toMatch(/^“,”, 93\.0%, rank 1/)
    expect(said.length).toBeLessThan(6)
    watch.disconnect()
  })

  it('brings a token that is far away onto the screen', async () => {
    const { text: whole, series } = longAnswer(4_000, 2)
    render(heatmap({ text: whole, series }))
    await userEvent.tab()
    await userEvent.keyboard('{End}')
    await waitFor(() => {
      const box = ring()!.getBoundingClientRect()
      expect(box.top).toBeGreaterThan(0)
      expect(box.bottom).toBeLessThanOrEqual(600)
    })
    document.documentElement.scrollTop = 0
  })
})

describe('a long answer', () => {
  it('is a few hundred nodes, marked where it is near the screen', async () => {
    const { text: whole, series } = longAnswer(32_000, 2)
    render(heatmap({ text: whole, series }))
    await waitFor(() => expect(document.querySelectorAll('[data-far]').length).toBeGreaterThan(200))
    expect(text().querySelectorAll('*').length).toBeLessThan(3_000)
    expect(text().textContent).toBe(whole)
    const last = text().lastElementChild!
    last.scrollIntoView()
    const middle = text().children[text().children.length >> 1]!
    middle.scrollIntoView()
    await waitFor(() => expect(middle.querySelectorAll('.candor-token-mark').length).toBeGreaterThan(10))
    document.documentElement.scrollTop = 0
  })

  it('keeps a selection whose beginning is far from the screen', async () => {
    const { text: whole, series } = longAnswer(8_000, 2)
    render(heatmap({ text: whole, series }))
    const first = text().children[0]!
    await waitFor(() => expect(document.querySelectorAll('[data-far]').length).toBeGreaterThan(20))
    const selection = document.getSelection()!
    selection.setBaseAndExtent(
      first.querySelector('.candor-token-mark')!.firstChild!,
      1,
      text().children[2]!,
      0,
    )
    const before = selection.toString()
    text().lastElementChild!.scrollIntoView()
    await waitFor(() => expect(text().children[5]!.hasAttribute('data-far')).toBe(true))
    expect(selection.toString()).toBe(before)
    document.documentElement.scrollTop = 0
  })
})

describe('an answer that streams', () => {
  const entries = Array.from({ length: 400 }, (_, at): TokenLogprob => ({
    token: at % 60 === 59 ? '.\n\n' : ` w${at}`,
    logprob: at % 3 === 0 ? -2 : -0.01,
    bytes: null,
    top_logprobs: [],
  }))
  /** An answer of so many tokens, with the very entries of the shorter one. */
  const growing = (count: number, onCommit: () => void = () => undefined): ReactElement => {
    const content = entries.slice(0, count)
    const answer = content.map(({ token }) => token).join('')
    return (
      <Profiler id="heatmap" onRender={onCommit}>
        {heatmap({ text: answer, logprobs: { content }, streaming: true })}
      </Profiler>
    )
  }

  it('touches only the last block with a new token', async () => {
    const { rerender } = render(growing(200))
    const blocks = Array.from(text().children)
    const touched = new Set<Element>()
    const watch = new MutationObserver((records) => {
      for (const { target } of records) {
        const element = target instanceof Element ? target : target.parentElement
        const block = element?.closest('[data-candor-block]')
        if (block) touched.add(block)
      }
    })
    watch.observe(text(), { childList: true, characterData: true, subtree: true, attributes: true })
    rerender(growing(201))
    await Promise.resolve()
    expect(touched.size).toBe(1)
    expect([...touched][0]).toBe(blocks.at(-1))
    watch.disconnect()
  })

  it('leaves the nodes of what stands as they are, so that a selection in it stays', () => {
    const { rerender } = render(growing(200))
    const marks = Array.from(text().querySelectorAll('.candor-token-mark'))
    for (let count = 201; count <= 300; count++) rerender(growing(count))
    const after = Array.from(text().querySelectorAll('.candor-token-mark'))
    expect(after.length).toBeGreaterThan(marks.length)
    expect(marks.every((mark, at) => mark === after[at])).toBe(true)
  })

  it('commits once for each new text', () => {
    const onCommit = vi.fn<() => void>()
    const { rerender } = render(growing(200, onCommit))
    onCommit.mockClear()
    for (let count = 201; count <= 220; count++) rerender(growing(count, onCommit))
    expect(onCommit).toHaveBeenCalledTimes(20)
  })

  it('keeps the alternatives open at their token while text comes', async () => {
    const { rerender } = render(growing(200))
    await click('w30')
    await waitFor(() => expect(dialog()?.getAttribute('aria-label')).toContain('“w30”'))
    const top = dialog()!.getBoundingClientRect().top
    rerender(growing(230))
    expect(dialog()?.getAttribute('aria-label')).toContain('“w30”')
    expect(dialog()!.getBoundingClientRect().top).toBe(top)
  })

  it('has no live region around its text', () => {
    render(growing(200))
    expect(text().closest('[aria-live]:not([aria-live="off"]), [role="log"], [role="status"]')).toBeNull()
  })
})
