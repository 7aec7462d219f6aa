import { OwnModelProgress } from './OwnModelProgress.tsx'
import type { Connection } from './useConnection.ts'

export interface ModelNoticeProps {
  connection: Connection
  onConnection: () => void
}

/** Why no message can be sent now, and the ways on. */
export function ModelNotice({ connection, onConnection }: ModelNoticeProps) {
  const { own } = connection
  const another = (
    <button type="button" className="button" onClick={onConnection}>
      Use another endpoint
    </button>
  )
  switch (own.state) {
    case 'ready':
      return null
    case 'connecting':
      return <div className="notice">Asking the demo’s server how its model stands.</div>
    case 'preparing':
      return (
        <div className="notice">
          <OwnModelProgress own={own} />
          <div className="actions">{another}</div>
        </div>
      )
    case 'unreachable':
      return (
        <div className="notice notice-bad" role="alert">
          <p>
            <strong>The demo’s server does not answer.</strong> What you see here is kept. Start it again in
            the terminal; this page finds it by itself.
          </p>
        </div>
      )
    case 'stopped':
      return (
        <div className="notice">
          <p>
            <strong>The model is stopped.</strong> Nothing can be sent to it until it runs again.
          </p>
          <div className="actions">
            {another}
            <button type="button" className="button button-primary" onClick={connection.start}>
              Start
            </button>
          </div>
        </div>
      )
    case 'failed': {
      // The first way on is a sentence; the others, with their variables, are a list that fills a phone.
      const [hint = '', otherWays] = own.hint.split(/ (?=Or use a model elsewhere)/)
      return (
        <div className="notice notice-bad" role="alert">
          <p>
            <strong>{own.what}</strong> {hint}
          </p>
          {otherWays !== undefined && (
            <details>
              <summary>Other ways</summary>
              <p>{otherWays}</p>
            </details>
          )}
          {own.detail !== undefined && own.detail !== '' && (
            <details>
              <summary>Its last words</summary>
              <pre>{own.detail}</pre>
            </details>
          )}
          <div className="actions">
            {another}
            <button type="button" className="button button-primary" onClick={connection.start}>
              Start again
            </button>
          </div>
        </div>
      )
    }
    case 'none':
      return (
        <div className="notice">
          <p>
            <strong>The demo runs without a model.</strong> Type the address of one, or start the demo with
            CANDOR_BASE_URL or CANDOR_GGUF set.
          </p>
          <div className="actions">{another}</div>
        </div>
      )
    default: {
      const unknown: never = own
      return unknown
    }
  }
}
