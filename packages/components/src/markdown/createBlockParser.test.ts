import { readdirSync, readFileSync } from 'node:fs'

import { Lexer } from 'marked'
import { describe, expect, it } from 'vitest'

import { recordedText } from '../fixtures/recordedText.ts'
import { createBlockParser, type MarkdownBlock } from './createBlockParser.ts'

const recordings = new URL('../../../core/src/testing/recordings/', import.meta.url)

const recorded = readdirSync(recordings)
  .filter((name) => name.endsWith('.sse'))
  .map((name) => [name, recordedText(readFileSync(new URL(name, recordings), 'utf8'))] as const)
  .filter(([, text]) => text !== '')

/** Every construct that later text can change, side by side. */
const hard = `# Heading with **bold** and \`code\`

A paragraph
over two lines.
\`\`\`not a fence\`\`\` but inline code

Setext
======

- one
- two

- loose
  1. nested
     \`\`\`js
     let inner = 1
     \`\`\`
  2. [ ] task

  continued

***

> quoted
> > deeper
lazy

| a | b |
|---|:-:|
| 1 | **2** |
| 3 |

~~~~md
\`\`\`
not the end
\`\`\`
~~~~

    indented

    still indented

<details>
<summary>html</summary>

text</details>

See [the first][1] and [second] and [third]( https://example.com "t" ).

[1]: https://example.com/one "One"
[second]: <https://example.com/two>

A snake_case_word, 2 * 3 * 4, and ~~struck~~ _em_ https://example.com/auto?x=1.

\`\`\`ts
const open = true
`

const documents = [['hard', hard], ['hard with CRLF', hard.replaceAll('\n', '\r\n')], ...recorded] as const

/** Types and sources alone: the tokens of an open block are mended, so they may say more. */
const outline = (blocks: readonly MarkdownBlock[]): string[] => blocks.map(({ raw }) => raw)

function wholeParse(text: string): readonly MarkdownBlock[] {
  return createBlockParser().parse(text, false)
}

/** How many characters are lexed while so many paragraphs arrive, four characters at a time. */
function workOf(paragraphs: number): number {
  const text = Array.from({ length: paragraphs }, (_, n) => `Paragraph ${n} has **some** words in it.`).join(
    '\n\n',
  )
  const parser = createBlockParser()
  for (let end = 4; end <= text.length; end += 4) parser.parse(text.slice(0, end), true)
  return parser.lexedCharacters
}

/** What the last block of a text that may still grow is shown as. */
function openSource(text: string): string | undefined {
  return createBlockParser().parse(text, true).at(-1)?.token.raw
}

describe('createBlockParser', () => {
  it.each(documents)('ends with the same blocks as a parse of the whole: %s', (_, text) => {
    const parser = createBlockParser()
    for (let end = 1; end <= text.length; end++) parser.parse(text.slice(0, end), true)
    expect(parser.parse(text, false)).toEqual(wholeParse(text))
  })

  it.each(documents)('says at every character what a parse of the text so far says: %s', (_, text) => {
    const parser = createBlockParser()
    for (let end = 1; end <= text.length; end++) {
      const soFar = text.slice(0, end)
      const blocks = parser.parse(soFar, true)
      const fresh = wholeParse(soFar)
      expect(outline(blocks)).toEqual(outline(fresh))
      expect(blocks.filter(({ open }) => !open).map(({ token }) => token)).toEqual(
        fresh.slice(0, blocks.filter(({ open }) => !open).length).map(({ token }) => token),
      )
    }
  })

  it('reads a whole text as the lexer does', () => {
    const lexed = new Lexer({ gfm: true, breaks: true }).lex(hard)
    expect(wholeParse(hard).map(({ token }) => token)).toEqual(
      [...lexed].filter(({ type }) => type !== 'space' && type !== 'def'),
    )
  })

  it('keeps the identity of blocks that cannot change any more', () => {
    const parser = createBlockParser()
    const [first] = parser.parse('One.\n\nTwo.\n\nThr', true)
    const [same, second] = parser.parse('One.\n\nTwo.\n\nThree.\n\nFour', true)
    expect(same).toBe(first)
    expect(parser.parse('One.\n\nTwo.\n\nThree.\n\nFour.', true)[1]).toBe(second)
  })

  it('keeps the identity of list items that did not change', () => {
    const parser = createBlockParser()
    const items = (text: string): readonly unknown[] => {
      const token = parser.parse(text, true)[0]?.token
      return token?.type === 'list' ? token.items : []
    }
    const before = items('- one\n- two\n- thr')
    const after = items('- one\n- two\n- three')
    expect(after[0]).toBe(before[0])
    expect(after[2]).not.toBe(before[2])
  })

  it('lexes a text twice as long with about twice the work, not four times', () => {
    const once = workOf(100)
    expect(workOf(200)).toBeLessThan(once * 2.2)
    expect(workOf(400)).toBeLessThan(once * 4.4)
  })

  it('lexes each line of a long open code block once', () => {
    const parser = createBlockParser()
    const code = Array.from({ length: 1000 }, (_, n) => `const value${n} = ${n}\n`).join('')
    const text = `\`\`\`ts\n${code}`
    for (let end = 4; end <= text.length; end += 4) parser.parse(text.slice(0, end), true)
    expect(parser.lexedCharacters).toBeLessThan(1000)
    expect(parser.parse(text, true)[0]?.token).toEqual(wholeParse(text)[0]?.token)
  })

  it('does not lex again what did not change', () => {
    const parser = createBlockParser()
    const blocks = parser.parse('Some text', true)
    const before = parser.lexedCharacters
    expect(parser.parse('Some text', true)).toBe(blocks)
    expect(parser.lexedCharacters).toBe(before)
  })

  it('shows what is not closed yet as it will be', () => {
    expect(openSource('some **bold')).toBe('some **bold**')
    expect(openSource('a [link](https://exam')).toBe('a link')
    expect(openSource('x `co')).toBe('x `co`')
  })

  it('gives an earlier block its link when the definition comes', () => {
    const parser = createBlockParser()
    const text = 'See [it].\n\nMore.\n\nAnd more.\n\n[it]: https://example.com/it'
    for (let end = 1; end <= text.length; end++) parser.parse(text.slice(0, end), true)
    expect(JSON.stringify(parser.parse(text, false)[0])).toContain('"href":"https://example.com/it"')
  })

  it('starts anew when the text is another', () => {
    const parser = createBlockParser()
    parser.parse('One.\n\nTwo.\n\nThree.', true)
    expect(parser.parse('# Else', false)).toEqual(wholeParse('# Else'))
  })
})
