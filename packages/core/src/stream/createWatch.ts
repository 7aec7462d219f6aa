/** What a request waits for. */
export type WaitStage = 'connect' | 'first-byte' | 'idle' | 'grace' | 'total'

/** Why a request ended before the server ended it. */
export interface WatchOutcome {
  type: 'stopped' | 'timed-out'
  /** What was waited for, and how long. */
  stage: WaitStage
  ms: number
}

/** Ends a request when its caller says so or when nothing comes for too long. */
export interface Watch {
  /** Why the request was ended; `undefined` while it was not. */
  readonly outcome: WatchOutcome | undefined
  /** Of the current attempt: aborted when the request is to end. */
  readonly signal: AbortSignal
  /** Begins an attempt: a new signal, and no time-out yet. A stop stays, and so does the end of all time. */
  beginAttempt(): void
  /** Waits for something for at most `ms` from now; 0 or Infinity waits for ever. Replaces what was waited for before. */
  expect(stage: WaitStage, ms: number): void
  /** Something came: the current wait begins anew. Not in `grace`, in which a server may well keep the line warm. */
  touch(): void
  /** Ends the request now, as its caller. */
  stop: () => void
  /** Ends all timers; what still runs of the request is aborted. */
  close(): void
}

/** Starts watching. Costs one timer, not one for each chunk. */
export function createWatch(caller: AbortSignal | undefined, totalMs: number): Watch {
  let controller = new AbortController()
  let outcome: WatchOutcome | undefined
  let stage: WaitStage = 'connect'
  let waitMs = 0
  let deadline = Infinity
  const endsAt = after(totalMs)
  let timer: ReturnType<typeof setTimeout> | undefined
  let timerAt = Infinity

  function settle(type: WatchOutcome['type'], at: WaitStage, ms: number): void {
    if (outcome !== undefined) return
    outcome = { type, stage: at, ms }
    controller.abort()
  }

  function arm(): void {
    clearTimeout(timer)
    timerAt = Math.min(deadline, endsAt)
    if (timerAt < Infinity) timer = setTimeout(onTimer, Math.min(timerAt - performance.now(), longestMs))
  }

  function onTimer(): void {
    const now = performance.now() + 1
    if (now >= endsAt) settle('timed-out', 'total', totalMs)
    else if (now >= deadline) settle('timed-out', stage, waitMs)
    // The deadline has moved on since: cheaper than a new timer for each piece that comes.
    else arm()
  }

  const stop = (): void => settle('stopped', stage, 0)
  if (caller?.aborted) stop()
  caller?.addEventListener('abort', stop)

  return {
    get outcome() {
      return outcome
    },
    get signal() {
      return controller.signal
    },
    beginAttempt() {
      if (outcome?.type === 'timed-out' && outcome.stage !== 'total') outcome = undefined
      if (outcome !== undefined) return
      controller = new AbortController()
      deadline = Infinity
      arm()
    },
    expect(next, ms) {
      stage = next
      waitMs = ms
      deadline = after(ms)
      if (deadline < timerAt) arm()
    },
    touch() {
      if (stage !== 'grace') deadline = after(waitMs)
    },
    stop,
    close() {
      clearTimeout(timer)
      caller?.removeEventListener('abort', stop)
      controller.abort()
    },
  }
}

/** When so many milliseconds are over. */
function after(ms: number): number {
  return ms > 0 ? performance.now() + ms : Infinity
}

/** Timers cannot wait longer than this. */
const longestMs = 2 ** 31 - 1

/** Calls back when a signal is aborted, at once if it is. */
export function onAbort(signal: AbortSignal, callback: () => void): void {
  if (signal.aborted) callback()
  else signal.addEventListener('abort', callback, { once: true })
}
