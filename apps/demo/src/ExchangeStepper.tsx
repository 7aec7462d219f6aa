import type { Exchange } from './exchanges.ts'
import { Icon } from './Icon.tsx'

export interface ExchangeStepperProps {
  exchanges: readonly Exchange[]
  exchange: Exchange
  onStep: (number: number) => void
}

/** Goes through the requests of a thread. */
export function ExchangeStepper({ exchanges, exchange, onStep }: ExchangeStepperProps) {
  const place = exchanges.indexOf(exchange)
  const before = exchanges[place - 1]
  const next = exchanges[place + 1]
  return (
    <div className="stepper">
      <button
        type="button"
        className="icon-button"
        aria-label="Request before"
        disabled={before === undefined}
        onClick={() => before && onStep(before.number)}
      >
        <Icon name="before" />
      </button>
      <span>
        Request {exchange.number} of {exchanges.at(-1)?.number}
      </span>
      <button
        type="button"
        className="icon-button"
        aria-label="Next request"
        disabled={next === undefined}
        onClick={() => next && onStep(next.number)}
      >
        <Icon name="next" />
      </button>
    </div>
  )
}
