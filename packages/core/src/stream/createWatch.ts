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
  /** Begins an attempt: a new signal for `fetch`, and no time-out yet. A stop stays. */
  beginAttempt(): AbortSignal
  /** Waits for something for at most `ms` from now; 0 or Infinity waits for ever. Replaces what was waited for before. */
  expect(stage: WaitStage, ms: number): void
  /** Something came: the current wait begins anew. Not in `grace`, in which a server may well keep the line warm. */
  touch(): void
  /** Calls back when an outcome is there, at once if it is; replaces what was to be called before. */
  onOutcome(callback: () => void): void
  /** Settles when the attempt's outcome is there: for what does not take a signal. */
  readonly ended: Promise<void>
  /** Ends the request now, as its caller. */
  stop: () => void
  /** Ends all timers; what still runs of the request is aborted. */
  close(): void
}

/** Starts watching. Costs one timer, not one for each chunk. */
export function createWatch(signal: AbortSignal | undefined, totalMs: number): Watch {
  let controller = new AbortController()
  let { promise: ended, resolve: resolveEnded } = defer()
  let outcome: WatchOutcome | undefined
  let callback: (() => void) | undefined
  let stage: WaitStage = 'connect'
  let waitMs = 0
  let deadline = Number.POSITIVE_INFINITY
  let timer: ReturnType<typeof setTimeout> | undefined
  let timerAt = Number.POSITIVE_INFINITY
  const totalTimer = isLimit(totalMs)
    ? setTimeout(() => settle({ type: 'timed-out', stage: 'total', ms: totalMs }), totalMs)
    : undefined

  function settle(next: WatchOutcome): void {
    if (outcome !== undefined) return
    outcome = next
    clearTimeout(timer)
    controller.abort()
    resolveEnded()
    callback?.()
  }

  function arm(): void {
    clearTimeout(timer)
    timerAt = deadline
    timer =
      deadline === Number.POSITIVE_INFINITY
        ? undefined
        : setTimeout(onTimer, Math.min(deadline - performance.now(), 2 ** 31 - 1))
  }

  function onTimer(): void {
    // The deadline has moved on since: cheaper than a new timer for each piece that comes.
    if (performance.now() < deadline - 1) arm()
    else settle({ type: 'timed-out', stage, ms: waitMs })
  }

  const stop = (): void => settle({ type: 'stopped', stage, ms: 0 })
  const watch: Watch = {
    get outcome() {
      return outcome
    },
    get ended() {
      return ended
    },
    onOutcome(next) {
      callback = next
      if (outcome !== undefined) next()
    },
    beginAttempt() {
      if (outcome?.type === 'timed-out' && outcome.stage !== 'total') outcome = undefined
      if (outcome === undefined) {
        controller = new AbortController()
        ;({ promise: ended, resolve: resolveEnded } = defer())
      }
      return controller.signal
    },
    expect(next, ms) {
      stage = next
      waitMs = ms
      deadline = isLimit(ms) ? performance.now() + ms : Number.POSITIVE_INFINITY
      if (deadline < timerAt || timer === undefined) arm()
    },
    touch() {
      if (stage !== 'grace' && isLimit(waitMs)) deadline = performance.now() + waitMs
    },
    stop,
    close() {
      clearTimeout(timer)
      clearTimeout(totalTimer)
      signal?.removeEventListener('abort', stop)
      controller.abort()
    },
  }
  if (signal?.aborted) stop()
  else signal?.addEventListener('abort', stop, { once: true })
  return watch
}

function defer(): { promise: Promise<void>; resolve: () => void } {
  let resolve!: () => void
  const promise = new Promise<void>((settle) => {
    resolve = settle
  })
  return { promise, resolve }
}

function isLimit(ms: number): boolean {
  return ms > 0 && ms < Number.POSITIVE_INFINITY
}
