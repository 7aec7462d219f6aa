import { progressFacts } from './progressFacts.ts'
import type { ModelProgress } from '../server/status.ts'

/** What is being done to get the model ready, and how far it is. */
export function OwnModelProgress({ own }: { own: ModelProgress }) {
  const { what, bytesDone, bytesTotal } = own
  return (
    <div className="own-model-progress">
      <p>{what}</p>
      {bytesDone !== undefined && bytesTotal !== undefined ? (
        <>
          <progress className="progress" max={bytesTotal} value={bytesDone} aria-label={what} />
          <p className="mono">{progressFacts(own)}</p>
        </>
      ) : (
        <progress className="progress" aria-label={what} />
      )}
    </div>
  )
}
