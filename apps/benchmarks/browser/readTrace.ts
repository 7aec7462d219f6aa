/** A stretch of the main thread, in milliseconds. */
export interface Task {
  readonly start: number
  readonly wall: number
  /** Processor time: what it lasts when nothing else wants the processor. */
  readonly cpu: number
}

/** A key, from its press to its paint, in milliseconds. */
export interface Key {
  /** What the main thread worked in between, whatever for: processor time. */
  readonly work: number
  /** From the press until the page began to handle it: how long what was running kept it waiting. */
  readonly delay: number
  /** From the press until the frame with the letter was handed over to be shown; waits for the next frame among it. */
  readonly untilPaint: number
}

export interface Trace {
  readonly tasks: readonly Task[]
  readonly keys: readonly Key[]
}

export const traceCategories: readonly string[] = [
  'devtools.timeline',
  'disabled-by-default-devtools.timeline',
]

interface TraceEvent {
  readonly name: string
  readonly ph: string
  readonly pid: number
  readonly tid: number
  /** Microseconds, like `dur` and `tdur`. */
  readonly ts: number
  readonly dur?: number
  readonly tdur?: number
  readonly args: {
    readonly data?: {
      readonly type?: string
      readonly timeStamp?: number
      readonly processingStart?: number
      readonly commitFinishTime?: number
    }
  }
}

/** Reads what Chromium recorded: the tasks of the page's main thread, and its keys. */
export function readTrace(recorded: Buffer): Trace {
  const { traceEvents } = JSON.parse(recorded.toString()) as { traceEvents: TraceEvent[] }
  // A spare renderer has a main thread too, and nothing to do.
  const page = traceEvents.find(({ name }) => name === 'FunctionCall')
  const tasks = traceEvents
    .filter(({ name, pid, tid }) => name === 'RunTask' && pid === page?.pid && tid === page.tid)
    .map(({ ts, dur = 0, tdur = 0 }) => ({ start: ts / 1000, wall: dur / 1000, cpu: tdur / 1000 }))
    .toSorted((one, other) => one.start - other.start)
  return { tasks, keys: traceEvents.flatMap((event) => readKey(event, tasks)) }
}

function readKey({ name, ph, ts, args }: TraceEvent, tasks: readonly Task[]): Key[] {
  const { type, timeStamp, processingStart, commitFinishTime } = args.data ?? {}
  if (name !== 'EventTiming' || ph !== 'b' || type !== 'keydown') return []
  if (timeStamp === undefined || processingStart === undefined || !commitFinishTime) return []
  const start = ts / 1000
  const untilPaint = commitFinishTime - timeStamp
  const work = tasks.reduce((sum, task) => {
    const overlap = Math.min(task.start + task.wall, start + untilPaint) - Math.max(task.start, start)
    return overlap <= 0 || task.wall === 0 ? sum : sum + task.cpu * (overlap / task.wall)
  }, 0)
  return [{ work, delay: processingStart - timeStamp, untilPaint }]
}
