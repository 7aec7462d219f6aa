import type { StreamIssue } from '@candor/core'
import { useId, useState, type ReactNode } from 'react'

import type { Exchange } from './exchanges.ts'
import { filledTo } from './filledTo.ts'
import { Nothing } from './Nothing.tsx'

export interface StreamTabProps {
  exchange: Exchange | undefined
  /** Whether there is an answer all the same: it came before the page was loaded. */
  isEarlier: boolean
  /** How the server deviated from the protocol; `undefined` where that is not known of this exchange. */
  issues: readonly StreamIssue[] | undefined
  /** The way to the other exchanges of the thread. */
  stepper: ReactNode
}

/** What came back, record by record, and when. */
export function StreamTab({ exchange, isEarlier, issues, stepper }: StreamTabProps) {
  const id = useId()
  const [chosen, setChosen] = useState<number | undefined>(undefined)
  if (exchange === undefined) {
    return (
      <Nothing>
        {isEarlier
          ? 'This answer came before the page was loaded, and its stream was not kept. The next one stands here record by record.'
          : 'Send a message, and every record of the stream stands here with its time.'}
      </Nothing>
    )
  }
  const { records } = exchange
  const place = Math.min(chosen ?? records.length - 1, records.length - 1)
  const record = records[place]
  const totalMs = Math.max(exchange.endedMs ?? 0, records.at(-1)?.ms ?? 0, exchange.headersMs ?? 0, 1)
  const bytes = records.reduce((sum, { bytes: size }) => sum + size, 0)

  return (
    <section className="stream" aria-label="Stream">
      {stepper}
      <dl className="facts">
        <dt>status</dt>
        <dd>{exchange.status ?? '…'}</dd>
        <dt>head after</dt>
        <dd>{exchange.headersMs === undefined ? '…' : seconds(exchange.headersMs)}</dd>
        <dt>end after</dt>
        <dd>{exchange.endedMs === undefined ? '…' : seconds(exchange.endedMs)}</dd>
        <dt>records</dt>
        <dd>{records.length}</dd>
        <dt>bytes</dt>
        <dd>{bytes.toLocaleString('en')}</dd>
      </dl>
      {record !== undefined && (
        <>
          <div className="timeline">
            <svg viewBox="0 0 300 32" preserveAspectRatio="none" aria-hidden="true">
              {exchange.headersMs !== undefined && (
                <rect
                  x="0"
                  y="15"
                  height="2"
                  width={(exchange.headersMs / totalMs) * 300}
                  className="timeline-wait"
                />
              )}
              <path
                className="timeline-records"
                d={records.map(({ ms }) => `M${((ms / totalMs) * 300).toFixed(2)} 7v18`).join('')}
                vectorEffect="non-scaling-stroke"
              />
              <path
                className="timeline-chosen"
                d={`M${((record.ms / totalMs) * 300).toFixed(2)} 1v30`}
                vectorEffect="non-scaling-stroke"
              />
            </svg>
            <div className="timeline-scale mono" aria-hidden="true">
              <span>0</span>
              <span>{seconds(totalMs / 2)}</span>
              <span>{seconds(totalMs)}</span>
            </div>
          </div>
          <label className="label" htmlFor={id}>
            Record {place + 1} of {records.length}
          </label>
          <input
            id={id}
            className="slider"
            style={filledTo(place / Math.max(1, records.length - 1))}
            type="range"
            min={1}
            max={records.length}
            step={1}
            value={place + 1}
            aria-valuetext={`record ${place + 1}, after ${seconds(record.ms)}`}
            onChange={(event) => setChosen(event.target.valueAsNumber - 1)}
          />
          <div className="record">
            <p className="mono">
              #{place + 1} · {seconds(record.ms)} · {record.bytes} B
            </p>
            <pre className="json">{readable(record.text)}</pre>
          </div>
        </>
      )}
      {issues !== undefined && issues.length > 0 && (
        <section aria-labelledby={`${id}-notes`}>
          <h3 id={`${id}-notes`}>{issues.length === 1 ? '1 note' : `${issues.length} notes`}</h3>
          <ul className="notes">
            {issues.map((issue) => (
              <li key={`${issue.code}-${issue.chunk ?? ''}`}>
                <span className="mono">
                  {issue.chunk === undefined ? '' : `#${issue.chunk + 1} `}
                  {issue.code}
                  {issue.count > 1 ? ` × ${issue.count}` : ''}
                </span>
                <p>{issue.message}</p>
              </li>
            ))}
          </ul>
        </section>
      )}
      {issues?.length === 0 && exchange.endedMs !== undefined && exchange.status === 200 && (
        <p className="hint">Nothing in this stream deviates from the protocol.</p>
      )}
    </section>
  )
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(ms < 10_000 ? 3 : 1)} s`
}

/** A record with its JSON laid out; anything else as it came. */
function readable(text: string): string {
  const data = /^data: ?(\{[\s\S]*\})$/.exec(text)?.[1]
  if (data === undefined) return text
  try {
    // The bytes of a token are one thing, not eight lines.
    return JSON.stringify(JSON.parse(data), null, 2).replaceAll(/\[[\s\d,]+\]/g, (list) =>
      list.replaceAll(/\s+/g, ' '),
    )
  } catch {
    return text
  }
}
