import type { ToolRun } from '../ChatMessage.ts'
import { validateWithSchema } from '../request/schema.ts'
import type { ToolCall, ToolMessage } from '../wire.ts'
import type { AnyTool } from './defineTool.ts'
import { messageOf, resultMessage, toolOutcome, type ToolOutcome } from './toolOutcome.ts'

/** What the user decided about a call that waits for approval. */
export type ToolApproval =
  | { approved: true; /** Arguments to run with instead of the model's. */ arguments?: unknown }
  | { approved: false; /** Told to the model. */ reason?: string }

/** A call whose arguments are what its tool takes. */
export interface CheckedToolCall {
  /** The call as the model made it. */
  call: ToolCall
  /** Its tool. */
  tool: AnyTool
  /** The arguments, as the schema gave them back. */
  arguments: unknown
  /** Aborts with the turn. */
  signal: AbortSignal
}

/** How tools are run. */
export interface RunToolsOptions {
  /** What can be called. */
  tools: readonly AnyTool[]
  /** Stops every run. */
  signal?: AbortSignal
  /** How many tools run at once; those that wait for the user do not count. @default 4 */
  maxParallel?: number
  /** Milliseconds after which a run is given up, for tools that do not say. @default no limit */
  timeoutMs?: number
  /** Asked before a tool that needs approval runs. @default such calls are denied */
  approve?: (call: CheckedToolCall) => ToolApproval | Promise<ToolApproval>
  /** Asked for the result of a tool without `execute`. @default such calls fail */
  provideResult?: (call: CheckedToolCall) => Promise<unknown>
  /** Called with each change of a run; a run object is never changed afterwards. */
  onRun?: (toolCallId: string, run: ToolRun) => void
}

/**
 * Runs tool calls side by side and returns how each ended, in their order. Never throws and never leaves a call
 * without an answer: a tool that throws, is denied, takes too long, is stopped or does not exist is answered with
 * that, so the conversation goes on.
 */
export async function runTools(calls: readonly ToolCall[], options: RunToolsOptions): Promise<ToolOutcome[]> {
  const slots = createSlots(options.maxParallel ?? 4)
  return Promise.all(calls.map((call) => runTool(call, options, slots)))
}

async function runTool(call: ToolCall, options: RunToolsOptions, slots: Slots): Promise<ToolOutcome> {
  const { tools, timeoutMs, onRun } = options
  const signal = options.signal ?? new AbortController().signal
  let run: ToolRun = { status: 'running' }
  const show = (next: ToolRun): void => {
    run = next
    onRun?.(call.id, run)
  }
  const finish = (change: ToolRun, content?: ToolMessage['content']): ToolOutcome => {
    const { progress: _, ...rest } = run
    const durationMs = run.startedAt === undefined ? undefined : Math.max(0, Date.now() - run.startedAt)
    const outcome = toolOutcome(
      call,
      { ...rest, ...change, ...(durationMs !== undefined && { durationMs }) },
      content ?? change.errorText ?? '',
    )
    show(outcome.run)
    return outcome
  }

  const name = call.type === 'function' ? call.function.name : call.custom.name
  const tool = tools.find((candidate) => candidate.name === name)
  if (tool === undefined) {
    const names = tools.map((candidate) => candidate.name).join(', ')
    const known = names === '' ? 'No tools are available.' : `The tools are: ${names}.`
    return finish({ status: 'unknown', errorText: `There is no tool named "${name}". ${known}` })
  }

  try {
    // The schema, `needsApproval` and `approve` are the app's code too: none of them can hold up a stop.
    const read = await raceAbort(readArguments(call, tool), signal)
    if ('problem' in read) {
      const parsed = read.parsed === undefined ? {} : { arguments: read.parsed }
      return finish({ status: 'invalid', errorText: read.problem, ...parsed })
    }
    let args = read.value
    run = { status: 'running', arguments: args }

    const mustAsk =
      typeof tool.needsApproval === 'function'
        ? await raceAbort(Promise.resolve(tool.needsApproval(args)), signal)
        : tool.needsApproval
    if (mustAsk === true) {
      show({ ...run, status: 'waiting-for-approval' })
      const approval = await raceAbort(
        Promise.resolve(
          options.approve?.({ call, tool, arguments: args, signal }) ?? {
            approved: false as const,
            reason: 'Nobody could be asked.',
          },
        ),
        signal,
      )
      if (!approval.approved) {
        const reason = approval.reason === undefined || approval.reason === '' ? '' : ` ${approval.reason}`
        return finish({ status: 'denied', errorText: `The user did not allow this call.${reason}` })
      }
      if (approval.arguments !== undefined) {
        const checked = await raceAbort(checkArguments(approval.arguments, tool), signal)
        if ('problem' in checked) return finish({ status: 'invalid', errorText: checked.problem })
        args = checked.value
        run = { ...run, arguments: args }
      }
    }

    if (tool.execute === undefined) {
      show({ ...run, status: 'waiting-for-result' })
      if (options.provideResult === undefined) {
        return finish({ status: 'failed', errorText: `Nobody could answer for "${name}".` })
      }
      const provided = options.provideResult({ call, tool, arguments: args, signal })
      const result = await raceAbort(provided, signal)
      return finish({ status: 'done', result }, resultMessage(call, result).content)
    }

    await raceAbort(slots.take(), signal, slots.give)
    try {
      show({ ...run, status: 'running', startedAt: Date.now() })
      const result = await execute(tool, args, call.id, signal, tool.timeoutMs ?? timeoutMs, (progress) => {
        if (run.status === 'running') show({ ...run, progress })
      })
      return finish({ status: 'done', result }, resultMessage(call, result).content)
    } finally {
      slots.give()
    }
  } catch (error) {
    if (signal.aborted) {
      return finish({ status: 'aborted', errorText: 'The call was stopped before it ended.' })
    }
    if (error instanceof TimedOut) return finish({ status: 'timed-out', errorText: error.message })
    return finish({ status: 'failed', errorText: `The tool failed: ${messageOf(error)}` })
  }
}

class TimedOut extends Error {}

async function execute(
  tool: AnyTool,
  args: unknown,
  toolCallId: string,
  turnSignal: AbortSignal,
  timeoutMs: number | undefined,
  onProgress: (progress: NonNullable<ToolRun['progress']>) => void,
): Promise<unknown> {
  const controller = new AbortController()
  const stop = (): void => controller.abort(turnSignal.reason)
  turnSignal.addEventListener('abort', stop, { once: true })
  const timer =
    timeoutMs === undefined || timeoutMs === Infinity
      ? undefined
      : setTimeout(() => {
          const seconds = Math.round(timeoutMs / 100) / 10
          controller.abort(new TimedOut(`The tool did not end within ${seconds} s and was given up.`))
        }, timeoutMs)
  try {
    const { signal } = controller
    // In a promise of its own, so that a tool that throws before its first `await` fails like any other.
    const running = (async () => tool.execute?.(args, { signal, onProgress, toolCallId }) as unknown)()
    // A tool that does not heed its signal is left behind rather than waited for.
    return await raceAbort(running, signal)
  } finally {
    clearTimeout(timer)
    turnSignal.removeEventListener('abort', stop)
  }
}

type ReadArguments = { value: unknown } | { problem: string; parsed?: unknown }

async function readArguments(call: ToolCall, tool: AnyTool): Promise<ReadArguments> {
  let parsed: unknown
  if (call.type === 'custom') {
    parsed = call.custom.input
  } else {
    const text = call.function.arguments
    try {
      // "" is how most servers send a call without arguments.
      parsed = text.trim() === '' ? {} : JSON.parse(text)
    } catch (error) {
      return { problem: `The arguments are not JSON (${messageOf(error)}). They were: ${text}` }
    }
  }
  return checkArguments(parsed, tool)
}

async function checkArguments(parsed: unknown, tool: AnyTool): Promise<ReadArguments> {
  try {
    const validation = await validateWithSchema(tool.parameters, parsed)
    if (validation.issues === undefined) return { value: validation.value }
    const issues = validation.issues.map(({ path = [], message }) => {
      const place = path.map((key) => String(typeof key === 'object' ? key.key : key)).join('.')
      return place === '' ? message : `${place}: ${message}`
    })
    return { problem: `The arguments are not what the tool takes. ${issues.join(' ')}`, parsed }
  } catch (error) {
    return { problem: `The arguments could not be checked: ${messageOf(error)}`, parsed }
  }
}

/** The promise's result, or a rejection as soon as the signal aborts; `onLate` takes back what came after that. */
async function raceAbort<Value>(
  promise: Promise<Value>,
  signal: AbortSignal,
  onLate?: () => void,
): Promise<Value> {
  let stopListening: (() => void) | undefined
  const aborted = new Promise<never>((_, reject) => {
    const abort = (): void => reject(signal.reason)
    if (signal.aborted) abort()
    else signal.addEventListener('abort', abort, { once: true })
    stopListening = () => signal.removeEventListener('abort', abort)
  })
  try {
    return await Promise.race([promise, aborted])
  } catch (error) {
    // The one that lost the race may still fail or come; nobody waits for it any more.
    promise.then(onLate, () => {})
    throw error
  } finally {
    stopListening?.()
  }
}

interface Slots {
  readonly take: () => Promise<void>
  readonly give: () => void
}

/** Lets `count` takers in at a time, in the order in which they came. */
function createSlots(count: number): Slots {
  let free = Math.max(1, count)
  const waiting: (() => void)[] = []
  return {
    take() {
      if (free > 0) {
        free -= 1
        return Promise.resolve()
      }
      return new Promise((resolve) => waiting.push(resolve))
    },
    give() {
      const next = waiting.shift()
      if (next === undefined) free += 1
      else next()
    },
  }
}
