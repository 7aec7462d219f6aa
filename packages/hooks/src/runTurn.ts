import {
  CompletionError,
  streamCompletion,
  type AnswerStatus,
  type ChatAssistantMessage,
  type ChatClient,
  type ChatCompletionRequest,
  type Choice,
  type CompletionErrorData,
  type CompletionEvent,
  type CompletionSnapshot,
  type CompletionStream,
  type ToolCall,
  type ToolRun,
  type Usage,
} from '@candor/core'

import { createFrame } from './createFrame.ts'
import { createId } from './createId.ts'
import type { Continued, Join } from './createJoin.ts'
import { createPace } from './createPace.ts'
import { unlessAborted } from './unlessAborted.ts'
import { unusableRequest } from './unusableRequest.ts'

/** One request and where its answer goes. */
export interface Turn {
  client: ChatClient
  signal: AbortSignal
  /** Whether tool calls of a finished answer are run at once; else they wait for the user's result. */
  runsTools: boolean
  /** The message that the first choice grows in; further choices become its siblings. */
  answer: ChatAssistantMessage
  /** What the answer goes on from. */
  continued: Continued | undefined
  /** Makes the request; what it throws fails the turn. */
  request: () => Promise<ChatCompletionRequest>
  /** Takes the answer as far as it came, at most once a frame. The end is what `runTurn` returns. */
  publish: (answers: readonly ChatAssistantMessage[]) => void
  /** Called with each event, before it shows. Must not throw. */
  onEvent: (event: CompletionEvent) => void
}

/**
 * Streams one answer: every chunk into the stream's own draft, one snapshot a frame to `publish`. Returns the answer as
 * it ended, one message for each choice; never throws, since a failure is part of the answer.
 */
export async function runTurn(turn: Turn): Promise<readonly ChatAssistantMessage[]> {
  const { client, signal, request, publish, onEvent, answer, continued } = turn
  let join: Join | undefined
  let grow = createGrower(continued, join)
  let answers: readonly ChatAssistantMessage[] = [answer]
  let stream: CompletionStream | undefined
  let failure: CompletionErrorData | undefined
  let tools: ToolRuns | undefined
  let loadingTools: Promise<void> | undefined
  let isOver = false
  const frame = createFrame(() => {
    if (stream !== undefined) answers = grow(answers, stream.snapshot())
    publish(answers)
  })
  try {
    // What the app does to a request may take its time; a stop does not wait for it.
    const ready = await unlessAborted(Promise.all([request(), continued && loadJoin(continued)]), signal)
    if (ready !== undefined) {
      const [checked, joined] = ready
      if (joined !== undefined) {
        join = joined
        grow = createGrower(continued, join)
        answers = [{ ...answer, choice: { ...answer.choice, logprobs: join.logprobs } }]
      }
      stream = streamCompletion(checked, { client, signal })
      const pace = createPace()
      for await (const event of stream) {
        onEvent(event)
        if (event.type === 'tool-call-start') loadingTools ??= readCalls()
        frame.request()
        await pace()
      }
    }
  } catch (error) {
    failure = error instanceof CompletionError ? error.toData() : unusableRequest(error)
  }
  if (loadingTools !== undefined) await unlessAborted(loadingTools, signal)
  isOver = true
  frame.cancel()
  const snapshot = stream?.snapshot()
  if (snapshot !== undefined) answers = grow(answers, snapshot)
  return endAnswers({ answers, snapshot, failure, tools, runsTools: turn.runsTools })

  /** From here on calls are read while they come. Till then, and without, they show as the server sent them. */
  async function readCalls(): Promise<void> {
    try {
      tools = await import('./toolRuns.ts')
      grow = createGrower(continued, join, tools.createToolRuns())
    } catch {
      // It could not be loaded; whole arguments are read without it.
    }
    if (!isOver) frame.request()
  }
}

type ToolRuns = typeof import('./toolRuns.ts')

/** Calls as the server sent them. */
function unreadRuns({ message }: Choice): ChatAssistantMessage['toolRuns'] {
  const calls = message.tool_calls ?? []
  return Object.fromEntries(calls.map(({ id }) => [id, { status: 'arguments-streaming' }]))
}

async function loadJoin(continued: Continued): Promise<Join> {
  const { createJoin } = await import('./createJoin.ts')
  return createJoin(continued)
}

/** Makes messages of a stream's snapshots; what did not change since the last one is the same object. */
function createGrower(
  continued: Continued | undefined,
  join: Join | undefined,
  growToolRuns: ReturnType<ToolRuns['createToolRuns']> = unreadRuns,
): (
  answers: readonly ChatAssistantMessage[],
  snapshot: CompletionSnapshot,
) => readonly ChatAssistantMessage[] {
  function growAnswer(
    previous: ChatAssistantMessage,
    position: number,
    snapshot: CompletionSnapshot,
  ): ChatAssistantMessage {
    const { completion, issues, timings } = snapshot
    const received = completion.choices[position]!
    const reasoning = (continued?.by.reasoning ?? '') + (snapshot.reasoning[position] ?? '')
    // The head of an answer is not its first token: a server may think for a minute between the two.
    const status = timings.firstTokenMs === undefined ? 'submitted' : 'streaming'
    const isSame =
      previous.status === status &&
      sources.get(previous) === received &&
      previous.reasoning === reasoning &&
      previous.issues === issues &&
      previous.usage === completion.usage
    if (isSame) return previous
    const choice = join?.choice(received) ?? received
    const next: ChatAssistantMessage = {
      ...previous,
      ...factsOf(snapshot, previous.model),
      choice,
      reasoning,
      status,
      finishReason: choice.finish_reason,
      toolRuns: choice.message.tool_calls === undefined ? previous.toolRuns : growToolRuns(choice),
    }
    sources.set(next, received)
    return next
  }

  // The choice that a message was made of, as it came.
  const sources = new WeakMap<ChatAssistantMessage, Choice>()

  return (answers, snapshot) => {
    const { choices } = snapshot.completion
    const [first] = answers
    if (first === undefined || choices.length === 0) return answers
    const grown = [...answers]
    choices.forEach((choice, position) => {
      // A server that numbers its only choice otherwise than 0 still answers in the message that waits for it.
      const place =
        choices.length === 1 && grown.length === 1
          ? 0
          : grown.findIndex((answer) => answer.choice.index === choice.index)
      const previous = grown[place] ?? { ...first, id: createId(), toolRuns: {} }
      const next = growAnswer(previous, position, snapshot)
      if (place === -1) grown.push(next)
      else grown[place] = next
    })
    return grown
  }
}

interface EndedTurn {
  answers: readonly ChatAssistantMessage[]
  /** The end of the stream; without, it never began. */
  snapshot: CompletionSnapshot | undefined
  failure: CompletionErrorData | undefined
  /** What reads calls, when there are any. */
  tools: ToolRuns | undefined
  runsTools: boolean
}

/** The messages as the answer ended; without a snapshot it never began: it failed, or was stopped before. */
function endAnswers({
  answers,
  snapshot,
  failure,
  tools,
  runsTools,
}: EndedTurn): readonly ChatAssistantMessage[] {
  const error = failure ?? snapshot?.error
  return answers.map((grown): ChatAssistantMessage => {
    const facts = snapshot === undefined ? {} : factsOf(snapshot, grown.model)
    const whole = { ...grown, ...facts }
    const answer = tools?.withDistinctCallIds(whole) ?? whole
    const status = endOf(answer, snapshot, failure)
    return {
      ...answer,
      status,
      ...(error !== undefined && { error }),
      toolRuns: endToolRuns(answer, status, runsTools),
    }
  })
}

/** What a snapshot says of the answer as a whole. */
function factsOf(
  { completion, timings, issues }: CompletionSnapshot,
  askedModel: string,
): Pick<ChatAssistantMessage, 'model' | 'timings' | 'issues' | 'envelope'> & { usage?: Usage } {
  const { choices: _, usage, model, object: __, ...envelope } = completion
  return {
    model: model === '' ? askedModel : model,
    ...(usage !== undefined && { usage }),
    timings,
    issues,
    envelope,
  }
}

function endOf(
  answer: ChatAssistantMessage,
  snapshot: CompletionSnapshot | undefined,
  failure: CompletionErrorData | undefined,
): AnswerStatus {
  // A choice that said why it ended is whole, whatever became of the others.
  if (answer.choice.finish_reason !== null) return 'finished'
  const ending = snapshot?.ending ?? 'stopped'
  if (failure !== undefined) return ending === 'timed-out' ? 'timed-out' : 'error'
  return ending === 'open' ? 'cut-off' : ending
}

function endToolRuns(
  answer: ChatAssistantMessage,
  status: AnswerStatus,
  runsTools: boolean,
): ChatAssistantMessage['toolRuns'] {
  const calls = answer.choice.message.tool_calls ?? []
  return Object.fromEntries(
    calls.map((call): [string, ToolRun] => {
      const known = knownArguments(call)
      if (status === 'finished') {
        return [call.id, { status: runsTools ? 'running' : 'waiting-for-result', ...known }]
      }
      const errorText = 'The answer ended before the call was complete.'
      return [call.id, { status: 'aborted', errorText, ...known }]
    }),
  )
}

/** The arguments as a value; absent when they are not JSON. */
function knownArguments(call: ToolCall): { arguments?: unknown } {
  if (call.type === 'custom') return { arguments: call.custom.input }
  try {
    return { arguments: JSON.parse(call.function.arguments) as unknown }
  } catch {
    return {}
  }
}
