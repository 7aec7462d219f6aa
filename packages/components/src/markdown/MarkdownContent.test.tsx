import { describe, expect, it } from 'vitest'

import { act, render, screen, waitFor } from '../fixtures/render.ts'
import { recording } from '../fixtures/recordings.ts'
import { recordedText } from '../fixtures/recordedText.ts'
import { MarkdownContent } from './MarkdownContent.tsx'

const mixed = `Some **bold** text.

1. one
2. two with \`code\`

| a | b |
|---|---|
| 1 | 2 |

\`\`\`ts
const a = 1
\`\`\`

Last words.`

describe('MarkdownContent', () => {
  it.each([
    ['by hand', mixed],
    ['a list', recordedText(recording('markdown'))],
    ['code', recordedText(recording('code'))],
  ])('draws a streamed text in the end as it draws the whole: %s', (_, text) => {
    const streamed = render(<MarkdownContent streaming text="" />)
    for (let end = 1; end <= text.length; end += 3) {
      streamed.rerender(<MarkdownContent streaming text={text.slice(0, end)} />)
    }
    streamed.rerender(<MarkdownContent text={text} />)
    const whole = render(<MarkdownContent text={text} />)
    expect(streamed.container.innerHTML).toBe(whole.container.innerHTML)
  })

  it('touches only the last block while text arrives', async () => {
    const { container, rerender } = render(<MarkdownContent streaming text={`${mixed}\n\nMore`} />)
    await waitFor(() => expect(container.querySelector('.hljs-keyword')).not.toBeNull())
    const settled = [...container.querySelectorAll('.candor-markdown > *')].slice(0, -1)
    const changes: MutationRecord[] = []
    const observer = new MutationObserver((records) => changes.push(...records))
    for (const block of settled) {
      observer.observe(block, { childList: true, characterData: true, attributes: true, subtree: true })
    }
    for (const words of [' and', ' and more', ' and more still.']) {
      rerender(<MarkdownContent streaming text={`${mixed}\n\nMore${words}`} />)
    }
    await act(async () => undefined)
    changes.push(...observer.takeRecords())
    expect(changes).toEqual([])
    expect(container.textContent).toContain('More and more still.')
  })

  it('has the caret behind the last words while more may come', () => {
    const { container, rerender } = render(<MarkdownContent streaming text={'- one\n- two'} />)
    expect(container.querySelector('li:last-child')?.lastElementChild?.className).toBe('candor-caret')
    rerender(<MarkdownContent text={'- one\n- two'} />)
    expect(container.querySelector('.candor-caret')).toBeNull()
  })

  it('shows HTML as text', () => {
    const { container } = render(
      <MarkdownContent
        text={'<img src=x onerror="alert(1)">\n\nA <b>word</b> and <script>alert(2)</script>'}
      />,
    )
    expect(container.querySelector('img, b, script')).toBeNull()
    expect(container.textContent).toContain('<img src=x onerror="alert(1)">')
    expect(container.textContent).toContain('<b>word</b>')
  })

  it('opens links apart, without telling where from', () => {
    render(<MarkdownContent text="[site](https://example.com/a?b=1&c=2)" />)
    const link = screen.getByRole('link', { name: 'site' })
    expect(link.getAttribute('href')).toBe('https://example.com/a?b=1&c=2')
    expect(link.getAttribute('rel')).toBe('noopener noreferrer nofollow')
    expect(link.getAttribute('target')).toBe('_blank')
  })

  it.each([
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    '&#106;avascript:alert(1)',
    'data:text/html,x',
    '/settings',
  ])('makes no link of %s', (url) => {
    render(<MarkdownContent text={`[click](${url})`} />)
    expect(screen.queryByRole('link')).toBeNull()
    expect(screen.getByText('click')).toBeTruthy()
  })

  it('makes the links that the app allows, and no others', () => {
    render(
      <MarkdownContent allowLink={(url) => url.startsWith('/')} text="[in](/a) [out](https://example.com)" />,
    )
    expect(screen.getAllByRole('link').map((link) => link.textContent)).toEqual(['in'])
  })

  it('loads no image of another site, and says so', () => {
    const { container } = render(<MarkdownContent text="![a cat](https://example.com/cat.png?secret=1)" />)
    expect(container.querySelector('img')).toBeNull()
    expect(container.textContent).toContain('a cat')
    expect(screen.getByRole('link').getAttribute('href')).toBe('https://example.com/cat.png?secret=1')
  })

  it('loads the images that the app allows', () => {
    const asked: string[] = []
    const allowImage = (url: string): boolean =>
      asked.push(url) > 0 && url.startsWith('https://cdn.example.com/')
    render(<MarkdownContent allowImage={allowImage} text="![a cat](https://cdn.example.com/cat.png)" />)
    expect(screen.getByRole('img', { name: 'a cat' }).getAttribute('src')).toBe(
      'https://cdn.example.com/cat.png',
    )
    expect(asked).toContain('https://cdn.example.com/cat.png')
  })

  it('shows an unfinished image and an unfinished link as words, not as an address', () => {
    const { container } = render(<MarkdownContent streaming text="see ![a cat](https://exa" />)
    expect(container.textContent).not.toContain('streamdown')
    expect(container.querySelector('a, img')).toBeNull()
  })

  it('keeps headings below those of the page', () => {
    render(<MarkdownContent text={'# One\n\n##### Five'} />)
    expect(screen.getByRole('heading', { name: 'One', level: 3 })).toBeTruthy()
    expect(screen.getByRole('heading', { name: 'Five', level: 6 })).toBeTruthy()
  })

  it('counts an ordered list from where the model began', () => {
    const { container } = render(<MarkdownContent text={'3. three\n4. four'} />)
    expect(container.querySelector('ol')?.getAttribute('start')).toBe('3')
  })

  it('breaks a line where the model broke it', () => {
    const { container } = render(<MarkdownContent text={'Roses are red\nViolets are blue'} />)
    expect(container.querySelectorAll('br')).toHaveLength(1)
  })

  it('marks tasks as done or to do', () => {
    render(<MarkdownContent text={'- [x] one\n- [ ] two'} />)
    expect(screen.getByRole<HTMLInputElement>('checkbox', { name: 'done' }).checked).toBe(true)
    expect(screen.getByRole<HTMLInputElement>('checkbox', { name: 'to do' }).checked).toBe(false)
  })

  it('lets a wide table scroll in itself, by keyboard too', () => {
    render(<MarkdownContent text={'| a | b |\n|---|--:|\n| 1 | 2 |'} />)
    expect(screen.getByRole('region', { name: 'Table' }).tabIndex).toBe(0)
    expect(screen.getAllByRole('columnheader').map((cell) => cell.textContent)).toEqual(['a', 'b'])
    expect(screen.getByRole('cell', { name: '2' }).dataset['align']).toBe('right')
  })

  it('reads character references once', () => {
    const { container } = render(<MarkdownContent text={'a &amp;lt; b &copy; `&amp;`'} />)
    expect(container.textContent).toBe('a &lt; b © &amp;')
  })
})
