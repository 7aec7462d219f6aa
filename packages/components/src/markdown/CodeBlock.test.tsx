import { Profiler } from 'react'
import { afterEach, describe, expect, it, vi } from 'vitest'

import { render, screen, waitFor } from '../fixtures/render.ts'
import { CodeBlock } from './CodeBlock.tsx'
import { MarkdownContent } from './MarkdownContent.tsx'
import { highlight, toElements } from './highlight.ts'

afterEach(() => {
  vi.useRealTimers()
})

describe('CodeBlock', () => {
  it('is plain while its fence is open, and coloured when it closes', async () => {
    const { container, rerender } = render(<MarkdownContent streaming text={'```ts\nconst a = 1'} />)
    expect(container.querySelector('.candor-code')?.getAttribute('data-open')).toBe('')
    expect(container.querySelector('[class^="hljs"]')).toBeNull()
    rerender(<MarkdownContent streaming text={'```ts\nconst a = 1\n```'} />)
    await waitFor(() => expect(container.querySelector('.hljs-keyword')?.textContent).toBe('const'))
    expect(container.querySelector('code')?.textContent).toBe('const a = 1')
  })

  it('is not coloured while it grows, though it was said to be whole', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    let commits = 0
    const block = (code: string): React.ReactElement => (
      <Profiler id="code" onRender={() => (commits += 1)}>
        <CodeBlock code={code} language="ts" />
      </Profiler>
    )
    const { container, rerender } = render(block('const'))
    for (const code of ['const a', 'const a = ', 'const a = 1']) {
      vi.advanceTimersByTime(40)
      await highlight(code, 'ts')
      rerender(block(code))
    }
    expect(commits).toBe(4)
    vi.advanceTimersByTime(50)
    vi.useRealTimers()
    await waitFor(() => expect(container.querySelector('.hljs-keyword')?.textContent).toBe('const'))
    expect(commits).toBe(5)
  })

  it('does not flash a closing fence that is half there', () => {
    const { container } = render(<MarkdownContent streaming text={'```ts\nconst a = 1\n``'} />)
    expect(container.querySelector('code')?.textContent).toBe('const a = 1')
  })

  it('shows code of an unknown language whole, as it is', async () => {
    const { container } = render(<CodeBlock code={'<b>&amp;</b>'} language="klingon" />)
    await expect(highlight('x', 'klingon')).resolves.toBeNull()
    expect(container.querySelector('code')?.textContent).toBe('<b>&amp;</b>')
    expect(container.querySelector('b')).toBeNull()
    expect(screen.getByText('klingon')).toBeTruthy()
  })

  it.each(['constructor', '__proto__', 'toString'])('takes %s for no language', async (name) => {
    await expect(highlight('x', name)).resolves.toBeNull()
  })

  it('loses no character to the colours', async () => {
    const code = `const html = "<a href='x'>&amp;</a>" // 1 < 2 && 'yes'\n`
    const { container } = render(<pre>{await highlight(code, 'typescript')}</pre>)
    expect(container.textContent).toBe(code)
  })

  it('makes elements of nothing but spans', () => {
    const { container } = render(
      <pre>{toElements('<span class="hljs-x">a<img src=x></span></span>&lt;b&gt;')}</pre>,
    )
    expect(container.querySelector('img')).toBeNull()
    expect(container.textContent).toBe('a<img src=x></span><b>')
  })
})
