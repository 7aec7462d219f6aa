import {
  toCurl,
  toFetch,
  toOpenAINode,
  toOpenAIPython,
  type ChatCompletionParams,
  type ExportTarget,
} from '@candor/core'
import { useId, useState, type ReactNode } from 'react'

import { CopyButton } from './CopyButton.tsx'
import { presetOf } from './endpointPresets.ts'
import { requestOf, type Exchange } from './exchanges.ts'
import { Nothing } from './Nothing.tsx'

type Form = 'json' | 'curl' | 'fetch' | 'node' | 'python'

const FORMS: readonly { form: Form; words: string }[] = [
  { form: 'json', words: 'JSON' },
  { form: 'curl', words: 'curl' },
  { form: 'fetch', words: 'fetch' },
  { form: 'node', words: 'Node' },
  { form: 'python', words: 'Python' },
]

export interface RequestTabProps {
  exchange: Exchange | undefined
  /** Whether there is an answer all the same: it came before the page was loaded. */
  isEarlier: boolean
  /** The way to the other requests of the thread. */
  stepper: ReactNode
}

/** The request of an answer, as it was sent, and as another program would send it. */
export function RequestTab({ exchange, isEarlier, stepper }: RequestTabProps) {
  const id = useId()
  const [form, setForm] = useState<Form>('json')
  if (exchange === undefined) {
    return (
      <Nothing>
        {isEarlier
          ? 'This answer came before the page was loaded, and its request was not kept. The next one stands here as it is sent.'
          : 'Send a message, and the request stands here as it was sent.'}
      </Nothing>
    )
  }
  const text = written(exchange, form)
  return (
    <section className="request" aria-label={`Request ${exchange.number}`}>
      {stepper}
      <fieldset className="segments" aria-label="Written as">
        {FORMS.map(({ form: other, words }) => (
          <label key={other}>
            <input type="radio" name={id} checked={form === other} onChange={() => setForm(other)} />
            <span>{words}</span>
          </label>
        ))}
      </fieldset>
      <div className="request-head">
        <p className="mono">
          {exchange.method} {exchange.baseUrl}
          {exchange.path}
        </p>
        <CopyButton text={text} label="Copy" />
      </div>
      <pre className="json">{text}</pre>
      <p className="hint">
        {exchange.hasKey
          ? 'The key is not shown: put it into the variable that stands in its place.'
          : 'The demo’s server adds the key of its own model, so another program on this machine needs none.'}
      </p>
    </section>
  )
}

function written(exchange: Exchange, form: Form): string {
  const request = requestOf(exchange)
  if (request === undefined) return exchange.body
  const profile = presetOf(exchange.baseUrl)?.profile
  const target: ExportTarget = {
    baseURL: exchange.baseUrl,
    ...(profile !== undefined && { profile }),
    ...(!exchange.hasKey && { keyVariable: null }),
  }
  const writers: Record<Form, (request: ChatCompletionParams, target: ExportTarget) => string> = {
    json: () => pretty(exchange.body),
    curl: toCurl,
    fetch: toFetch,
    node: toOpenAINode,
    python: toOpenAIPython,
  }
  return writers[form](request, target)
}

function pretty(body: string): string {
  // A 64-bit seed would lose its last digits in a number; the text is shown as it was sent then.
  const value: unknown = JSON.parse(body)
  return JSON.stringify(value) === body ? JSON.stringify(value, null, 2) : body
}
