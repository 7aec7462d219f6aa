import { Lexer, type Links, type MarkedToken, type Token, type Tokens } from 'marked'
import remend, { type RemendOptions } from 'remend'

/** One block of an answer: a paragraph, a list, a table, a fence. The same object while its text is the same. */
export interface MarkdownBlock {
  /** Its source, as the model wrote it. */
  readonly raw: string
  readonly token: MarkedToken
  /** Whether more of it may come. */
  readonly open: boolean
}

/** Reads Markdown that grows. */
export interface BlockParser {
  /** The blocks of a text. Fast when the text begins with the one before; `streaming` says that more may come. */
  parse(text: string, streaming: boolean): readonly MarkdownBlock[]
  /** How many characters went through the lexer so far: what tests and benchmarks count. */
  readonly lexedCharacters: number
}

// What a model has not closed yet is shown as it will be. No HTML is stripped, since it is shown as text; an unfinished
// link is its words, since half an address leads nowhere.
const mending: RemendOptions = { htmlTags: false, katex: false, linkMode: 'text-only' }

// `breaks`: a model that starts a new line means one.
const lexing = { gfm: true, breaks: true }

/**
 * Splits a growing text into blocks and lexes only its tail again.
 *
 * A block is settled when no later text can change it. The last block is open, and the one before it may still be joined
 * by it (a paragraph by a line of backticks that turns out to be inline code), so those two are lexed again; a fence
 * whose first line is complete settles everything before it. Link definitions are the one thing that reaches back: a new
 * one renews the settled blocks that hold a bracket.
 */
export function createBlockParser(): BlockParser {
  let settled: MarkdownBlock[] = []
  let settledText = ''
  /** Definitions within the settled text; those of the tail may still grow. */
  let settledLinks: Links = {}
  let links: Links = {}
  let tail: readonly MarkdownBlock[] = []
  let last: { source: string; streaming: boolean; blocks: readonly MarkdownBlock[] } | undefined
  let lexedCharacters = 0

  const lex = (source: string, known: Links): { tokens: readonly MarkedToken[]; links: Links } => {
    lexedCharacters += source.length
    const lexer = new Lexer(lexing)
    Object.assign(lexer.tokens.links, known)
    const tokens = lexer.lex(source)
    return { tokens: ownTokens(tokens), links: tokens.links }
  }

  const lexBlock = (source: string): MarkedToken | undefined => lex(source, links).tokens.find(isShown)

  const openToken = (token: MarkedToken, before: MarkedToken | undefined): MarkedToken => {
    if (token.type === 'code') return token
    const whole = remend(token.raw, mending)
    return shareItems(whole === token.raw ? token : (lexBlock(whole) ?? token), before)
  }

  /**
   * The open fence at the end with what came behind it, when that does not close it. Code gets long, and lexing all of
   * it for each token is what makes a page stop.
   */
  const grownFence = (source: string): MarkdownBlock | undefined => {
    const [block] = tail
    if (tail.length !== 1 || block?.open !== true || block.token.type !== 'code') return undefined
    if (isClosedFence(block.token)) return undefined
    if (last === undefined || !beginsWith(source, last.source)) return undefined
    const opening = /^(`{3,}|~{3,})[^\n]*\n/.exec(block.raw)
    const fence = opening?.[1]
    if (opening === null || fence === undefined) return undefined
    const added = source.slice(last.source.length)
    const lastLine = block.raw.slice(block.raw.lastIndexOf('\n') + 1)
    const mayClose = `${lastLine}${added}`.split('\n').some((line) => line.trimStart().startsWith(fence))
    if (mayClose) return undefined
    const raw = block.raw + added
    const code = raw.slice(opening[0].length).replace(/\n$/, '')
    return { raw, token: { ...block.token, raw, text: code }, open: true }
  }

  const parse = (text: string, streaming: boolean): readonly MarkdownBlock[] => {
    const source = text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text
    if (last !== undefined && last.source === source && last.streaming === streaming) return last.blocks
    if (!beginsWith(source, settledText)) {
      settled = []
      settledText = ''
      settledLinks = {}
      links = {}
      tail = []
    }

    const grown = streaming ? grownFence(source) : undefined
    if (grown !== undefined) {
      tail = [grown]
      const blocks = [...settled, grown]
      last = { source, streaming, blocks }
      return blocks
    }

    const tailText = source.slice(settledText.length)
    const lexed = lex(tailText, settledLinks)
    if (!sameLinks(lexed.links, links)) {
      links = lexed.links
      tail = []
      settled = settled.map((block) =>
        block.raw.includes('[') ? { ...block, token: lexBlock(block.raw) ?? block.token } : block,
      )
    }

    const { tokens } = lexed
    const lastShown = tokens.findLastIndex(isShown)
    const settledCount = countSettled(tokens, lastShown)
    let length = 0
    const open: MarkdownBlock[] = []
    let shown = 0
    tokens.forEach((token, position) => {
      const isSettled = position < settledCount
      if (isSettled) {
        length += token.raw.length
        collectLinks(token, settledLinks)
      }
      if (!isShown(token)) return
      const before = tail[shown++]
      const isOpen = streaming && position === lastShown
      const block =
        before !== undefined && before.raw === token.raw && before.open === isOpen
          ? before
          : { raw: token.raw, token: isOpen ? openToken(token, before?.token) : token, open: isOpen }
      if (isSettled) settled = [...settled, block]
      else open.push(block)
    })
    settledText = source.slice(0, settledText.length + length)
    tail = open

    const blocks = [...settled, ...tail]
    last = { source, streaming, blocks }
    return blocks
  }

  return {
    parse,
    get lexedCharacters() {
      return lexedCharacters
    },
  }
}

/** No extension is registered, so every token is one of the lexer's own. */
export function ownTokens(tokens: readonly Token[]): readonly MarkedToken[] {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return tokens as readonly MarkedToken[]
}

/** `startsWith` walks character by character; a slice costs nothing and equality compares memory. */
const beginsWith = (text: string, start: string): boolean => text.slice(0, start.length) === start

const isShown = (token: Token): boolean => token.type !== 'space' && token.type !== 'def'

const fenceStart = /^ {0,3}(`{3,}|~{3,})[^\n]*\n/

/** Whether a code block is fenced and its closing fence has come. Indented code is never closed: the next line may go on. */
export function isClosedFence(token: Tokens.Code): boolean {
  const fence = fenceStart.exec(token.raw)?.[1]
  if (fence === undefined) return false
  const body = token.raw.trimEnd()
  const lastLine = body.slice(body.lastIndexOf('\n') + 1).trim()
  return lastLine.length >= fence.length && lastLine === fence[0]?.repeat(lastLine.length)
}

/** How many tokens at the start no later text can change. */
function countSettled(tokens: readonly MarkedToken[], last: number): number {
  if (last <= 0) return 0
  const lastToken = tokens[last]
  if (lastToken?.type === 'code' && fenceStart.test(lastToken.raw)) return last
  for (let position = last - 1; position >= 0; position--) {
    const token = tokens[position]
    if (token === undefined || !isShown(token)) continue
    // What is closed by its own last line cannot be joined by what follows.
    return token.type === 'code' && isClosedFence(token) ? position + 1 : position
  }
  return 0
}

/** Lets the items of a growing list that did not change keep their identity. */
function shareItems(token: MarkedToken, before: MarkedToken | undefined): MarkedToken {
  if (token.type !== 'list' || before?.type !== 'list' || token.loose !== before.loose) return token
  const items = token.items.map((item, position) => {
    const old = before.items[position]
    return old !== undefined && old.raw === item.raw ? old : item
  })
  return { ...token, items }
}

/** Adds the link definitions in a token, at any depth; the first of a name counts. */
function collectLinks(token: MarkedToken, into: Links): void {
  if (token.type === 'def') {
    into[token.tag] ??= { href: token.href, title: token.title }
  } else if (token.type === 'list') {
    for (const item of token.items) for (const child of ownTokens(item.tokens)) collectLinks(child, into)
  } else if (token.type === 'blockquote') {
    for (const child of ownTokens(token.tokens)) collectLinks(child, into)
  }
}

function sameLinks(some: Links, others: Links): boolean {
  const tags = Object.keys(some)
  return (
    tags.length === Object.keys(others).length &&
    tags.every((tag) => some[tag]?.href === others[tag]?.href && some[tag]?.title === others[tag]?.title)
  )
}
