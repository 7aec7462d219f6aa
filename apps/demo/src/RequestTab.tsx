import type { ReactNode } from 'react'

import { CopyButton } from './CopyButton.tsx'
import type { Exchange } from './exchanges.ts'
import { Nothing } from './Nothing.tsx'

export interface RequestTabProps {
  exchange: Exchange | undefined
  /** The way to the other requests of the thread. */
  stepper: ReactNode
}

/** The request of an answer, as it was sent. */
export function RequestTab({ exchange, stepper }: RequestTabProps) {
  if (exchange === undefined) {
    return <Nothing>Send a message, and the request stands here as it was sent.</Nothing>
  }
  const json = pretty(exchange.body)
  return (
    <section className="request" aria-label={`Request ${exchange.number}`}>
      {stepper}
      <div className="request-head">
        <p className="mono">
          {exchange.method} {new URL(exchange.url).pathname}
        </p>
        <CopyButton text={json} label="Copy the request as JSON" />
      </div>
      <pre className="json">{json}</pre>
      <p className="hint">
        As it left the page. The key is added by the server that passes it on, and is not in it.
      </p>
    </section>
  )
}

function pretty(body: string): string {
  try {
    // A 64-bit seed would lose its last digits in a number; the text is shown as it was sent then.
    const value: unknown = JSON.parse(body)
    const text = JSON.stringify(value, null, 2)
    return JSON.stringify(value) === body ? text : body
  } catch {
    return body
  }
}
