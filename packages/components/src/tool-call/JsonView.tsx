'use client'
import { useState, type ReactElement } from 'react'

import { Button } from '../base/Button.tsx'
import { definePart, usePartElement, type PartComponent } from '../base/definePart.ts'
import { useLabels } from '../LabelsProvider.tsx'

/** Up to this many characters a value stands on one line. */
const INLINE_CHARACTERS = 72
/** A string above this many characters is closed at first. */
const LONG_STRING = 400
/** So many entries are shown at once; what has more is closed at first. */
const PAGE = 50

export interface JsonViewOwnProps {
  /** Any JSON value. */
  value: unknown
}

/** A JSON value to read: short ones on a line, long ones as a tree that opens and closes. Renders a `<div>` in mono. */
export const JsonView: PartComponent<'div', JsonViewOwnProps> = definePart<'div', JsonViewOwnProps>(
  'JsonView',
  ({ value, ...rest }, ref) =>
    usePartElement('div', {
      ref,
      rest: { children: <Value value={value} depth={0} />, ...rest },
      props: { className: 'candor-json', dir: 'ltr' },
    }),
)

/** A value on one line: `{ "temperature": 18, "sky": "light rain" }`. */
export function inlineJson(value: unknown): string {
  if (value === undefined) return 'undefined'
  if (Array.isArray(value)) return value.length === 0 ? '[]' : `[${value.map(inlineJson).join(', ')}]`
  if (typeof value === 'object' && value !== null) {
    const fields = Object.entries(value).map(([key, field]) => `${JSON.stringify(key)}: ${inlineJson(field)}`)
    return fields.length === 0 ? '{}' : `{ ${fields.join(', ')} }`
  }
  return typeof value === 'bigint' ? value.toString() : (JSON.stringify(value) ?? typeof value)
}

/** Whether a value fits a line; looks no further than that needs. */
function isShort(value: unknown, room: number = INLINE_CHARACTERS): boolean {
  return measure(value, room) <= room
}

const isKeyed = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null

function measure(value: unknown, room: number): number {
  if (typeof value === 'string') return value.length + 2
  if (!isKeyed(value)) return 8
  let length = 2
  // A loop that can stop: a list of a million entries is not worth its keys.
  for (const key in value) {
    if (!Object.hasOwn(value, key)) continue
    length += (Array.isArray(value) ? 0 : key.length + 4) + measure(value[key], room - length) + 2
    if (length > room) break
  }
  return length
}

function Value({ value, depth }: { value: unknown; depth: number }): ReactElement {
  if (typeof value === 'string') return <Text text={value} />
  if (typeof value !== 'object' || value === null || isShort(value)) return <span>{inlineJson(value)}</span>
  return <Tree depth={depth} value={value} />
}

function Text({ text }: { text: string }): ReactElement {
  const labels = useLabels()
  if (text.length <= LONG_STRING) return <span className="candor-json-string">{JSON.stringify(text)}</span>
  return (
    <details className="candor-json-branch">
      <summary className="candor-focusable">
        <span className="candor-json-string">{`${JSON.stringify(text.slice(0, 60)).slice(0, -1)}…`}</span>{' '}
        <span className="candor-json-size">{labels.characters(text.length)}</span>
      </summary>
      <pre className="candor-json-text">{text}</pre>
    </details>
  )
}

function Tree({ value, depth }: { value: object; depth: number }): ReactElement {
  const labels = useLabels()
  const isArray = Array.isArray(value)
  const count = isArray ? value.length : Object.keys(value).length
  const [open, setOpen] = useState(depth < 2 && count <= PAGE)
  if (depth === 0 && count <= PAGE) return <Rows depth={depth} value={value} />
  return (
    <details
      className="candor-json-branch"
      onToggle={(event) => setOpen(event.currentTarget.open)}
      open={open}
    >
      <summary className="candor-focusable">
        <span className="candor-json-size">{isArray ? labels.items(count) : labels.fields(count)}</span>
      </summary>
      {open && <Rows depth={depth} value={value} />}
    </details>
  )
}

/** The entries, a page at a time: a result of 100,000 rows must not become 100,000 elements. */
function Rows({ value, depth }: { value: object; depth: number }): ReactElement {
  const labels = useLabels()
  const [shown, setShown] = useState(PAGE)
  const entries: [string, unknown][] = Object.entries(value)
  const more = entries.length - shown
  return (
    <div className="candor-json-rows">
      {entries.slice(0, shown).map(([key, field]) => (
        <div className="candor-json-row" key={key}>
          <span className="candor-json-key">{key}</span>
          <div className="candor-json-value">
            <Value depth={depth + 1} value={field} />
          </div>
        </div>
      ))}
      {more > 0 && (
        <Button onClick={() => setShown(shown + PAGE)} variant="quiet">
          {labels.more(more)}
        </Button>
      )}
    </div>
  )
}
