'use client'
import type { MarkedToken, Token, Tokens } from 'marked'
import { memo, type ReactElement, type ReactNode } from 'react'

import { ImageIcon } from '../icons.tsx'
import { useLabels } from '../LabelsProvider.tsx'
import { CodeBlock } from './CodeBlock.tsx'
import { isClosedFence, ownTokens } from './createBlockParser.ts'
import { decodeEntities } from './decodeEntities.ts'
import { useMarkdownPolicy } from './MarkdownPolicy.ts'
import { textDirection } from './textDirection.ts'

/**
 * Tokens as React elements. The caret, where there is one, is handed down to the last words, so that it stands behind
 * them and not below them.
 */
interface TokenProps {
  caret?: ReactNode
}

// Blocks and list items are memoised by hand, so these say 'use no memo': a cache inside each small token would only be
// weight. Each says it for itself, since bundlers warn of such a line at the head of a module.

export function Block({
  token,
  caret = null,
  open = false,
}: TokenProps & { token: MarkedToken; open?: boolean }): ReactNode {
  'use no memo'
  switch (token.type) {
    case 'paragraph':
      return (
        <p dir={textDirection(token.text)}>
          <Inline tokens={token.tokens} caret={caret} />
        </p>
      )
    case 'text':
      return <Inline tokens={token.tokens ?? [token]} caret={caret} />
    case 'heading':
      return <Heading caret={caret} token={token} />
    case 'code': {
      const growing = open && !isClosedFence(token)
      return (
        <CodeBlock
          code={growing ? token.text.replace(/\n {0,3}[`~]{1,2}$/, '') : token.text}
          language={token.lang?.split(/\s/, 1)[0] ?? ''}
          open={growing}
        />
      )
    }
    case 'list':
      return <List caret={caret} open={open} token={token} />
    case 'blockquote':
      return (
        <blockquote dir={textDirection(token.text)}>
          <Blocks caret={caret} open={open} tokens={token.tokens} />
        </blockquote>
      )
    case 'table':
      return <Table caret={caret} token={token} />
    case 'hr':
      return <hr />
    case 'html':
      return (
        <p className="candor-markdown-html" dir="auto">
          {token.text}
          {caret}
        </p>
      )
    case 'space':
    case 'def':
      return null
    default:
      return (
        <p>
          <Inline tokens={[token]} caret={caret} />
        </p>
      )
  }
}

function Blocks({
  tokens,
  caret,
  open,
}: TokenProps & { tokens: readonly Token[]; open: boolean }): ReactNode {
  'use no memo'
  const last = tokens.findLastIndex((token) => token.type !== 'space')
  return ownTokens(tokens).map((token, position) => (
    <Block
      key={position}
      caret={position === last ? caret : null}
      open={open && position === last}
      token={token}
    />
  ))
}

const headings = ['h1', 'h2', 'h3', 'h4', 'h5', 'h6'] as const

function Heading({ token, caret }: TokenProps & { token: Tokens.Heading }): ReactElement {
  'use no memo'
  const { headingOffset } = useMarkdownPolicy()
  const Tag = headings[Math.min(6, token.depth + headingOffset) - 1] ?? 'h6'
  return (
    <Tag data-depth={token.depth} dir={textDirection(token.text)}>
      <Inline tokens={token.tokens} caret={caret} />
    </Tag>
  )
}

function List({ token, caret, open }: TokenProps & { token: Tokens.List; open: boolean }): ReactElement {
  'use no memo'
  const last = token.items.length - 1
  const items = token.items.map((item, position) => (
    <ListItem
      key={position}
      caret={position === last ? caret : null}
      item={item}
      loose={token.loose}
      open={open && position === last}
    />
  ))
  if (!token.ordered)
    return <ul data-tasks={token.items.some((item) => item.task) ? '' : undefined}>{items}</ul>
  return <ol start={token.start === '' ? 1 : token.start}>{items}</ol>
}

/** Memoised: in a long growing list only the last item changes. */
const ListItem = memo(function ListItem({
  item,
  caret,
  open,
}: TokenProps & { item: Tokens.ListItem; loose: boolean; open: boolean }): ReactElement {
  'use no memo'
  const labels = useLabels()
  return (
    <li dir={textDirection(item.text)}>
      {item.task && (
        <input
          aria-label={item.checked === true ? labels.taskDone : labels.taskOpen}
          checked={item.checked === true}
          className="candor-markdown-task"
          disabled
          readOnly
          type="checkbox"
        />
      )}
      <Blocks caret={caret} open={open} tokens={item.tokens.filter((token) => token.type !== 'checkbox')} />
      {item.tokens.length === 0 && caret}
    </li>
  )
})

function Table({ token, caret }: TokenProps & { token: Tokens.Table }): ReactElement {
  'use no memo'
  const labels = useLabels()
  const cell = (content: Tokens.TableCell, key: number, isLast: boolean): ReactElement => {
    const Tag = content.header ? 'th' : 'td'
    return (
      <Tag
        key={key}
        data-align={content.align ?? undefined}
        dir={textDirection(content.text)}
        scope={content.header ? 'col' : undefined}
      >
        <Inline tokens={content.tokens} caret={isLast ? caret : null} />
      </Tag>
    )
  }
  const lastRow = token.rows.length - 1
  return (
    // What scrolls must be reachable by keyboard.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <section aria-label={labels.table} className="candor-markdown-table candor-focusable" tabIndex={0}>
      <table dir={textDirection(token.header.map(({ text }) => text).join(' '))}>
        <thead>
          <tr>
            {token.header.map((content, column) =>
              cell(content, column, lastRow < 0 && column === token.header.length - 1),
            )}
          </tr>
        </thead>
        {token.rows.length > 0 && (
          <tbody>
            {token.rows.map((row, position) => (
              <tr key={position}>
                {row.map((content, column) =>
                  cell(content, column, position === lastRow && column === lastWritten(row)),
                )}
              </tr>
            ))}
          </tbody>
        )}
      </table>
    </section>
  )
}

/** Where the writing is in a row that is still open: cells to come are empty. */
function lastWritten(row: readonly Tokens.TableCell[]): number {
  return Math.max(
    0,
    row.findLastIndex((content) => content.text !== ''),
  )
}

export function Inline({ tokens, caret = null }: TokenProps & { tokens: readonly Token[] }): ReactNode {
  'use no memo'
  const last = tokens.length - 1
  return (
    <>
      {ownTokens(tokens).map((token, position) => (
        <InlineToken key={position} caret={position === last ? caret : null} token={token} />
      ))}
      {last < 0 && caret}
    </>
  )
}

function InlineToken({ token, caret }: TokenProps & { token: MarkedToken }): ReactNode {
  'use no memo'
  switch (token.type) {
    case 'text':
      return token.tokens === undefined ? (
        <>
          {decodeEntities(token.text)}
          {caret}
        </>
      ) : (
        <Inline tokens={token.tokens} caret={caret} />
      )
    case 'strong':
      return (
        <strong>
          <Inline tokens={token.tokens} caret={caret} />
        </strong>
      )
    case 'em':
      return (
        <em>
          <Inline tokens={token.tokens} caret={caret} />
        </em>
      )
    case 'del':
      return (
        <del>
          <Inline tokens={token.tokens} caret={caret} />
        </del>
      )
    case 'codespan':
      return (
        <>
          <code>{token.text}</code>
          {caret}
        </>
      )
    case 'br':
      return (
        <>
          <br />
          {caret}
        </>
      )
    case 'escape':
      return (
        <>
          {token.text}
          {caret}
        </>
      )
    case 'link':
      return (
        <>
          <Link token={token} />
          {caret}
        </>
      )
    case 'image':
      return (
        <>
          <Image token={token} />
          {caret}
        </>
      )
    default:
      // HTML, and whatever a later lexer may know: as the model wrote it, never as elements.
      return (
        <>
          {token.raw}
          {caret}
        </>
      )
  }
}

function Link({ token }: { token: Tokens.Link }): ReactElement {
  'use no memo'
  const { allowLink } = useMarkdownPolicy()
  const url = token.autolink === true ? token.href : decodeEntities(token.href)
  const words = token.autolink === true ? token.text : <Inline tokens={token.tokens} />
  if (!allowLink(url)) {
    return (
      <span className="candor-markdown-no-link" title={url}>
        {words}
      </span>
    )
  }
  return (
    <a href={url} rel="noopener noreferrer nofollow" target="_blank" title={token.title ?? undefined}>
      {words}
    </a>
  )
}

function Image({ token }: { token: Tokens.Image }): ReactElement {
  'use no memo'
  const { allowImage, allowLink } = useMarkdownPolicy()
  const labels = useLabels()
  const url = decodeEntities(token.href)
  const words = decodeEntities(token.text)
  if (allowImage(url)) return <img alt={words} loading="lazy" src={url} title={token.title ?? undefined} />
  return (
    <span className="candor-markdown-no-image">
      <ImageIcon />
      <span>
        {words === '' ? null : <>{words} · </>}
        {labels.remoteImage}
        {allowLink(url) && (
          <>
            {' · '}
            <a href={url} rel="noopener noreferrer nofollow" target="_blank" title={url}>
              {labels.showImage}
            </a>
          </>
        )}
      </span>
    </span>
  )
}
