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
  type JsonParser,
  type StreamIssue,
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
  let parsing: Promise<void> | undefined
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
        if (event.type === 'tool-call-start') parsing ??= parseArguments()
        frame.request()
        await pace()
      }
    }
  } catch (error) {
    failure = error instanceof CompletionError ? error.toData() : unusableRequest(error)
  }
  isOver = true
  frame.cancel()
  const snapshot = stream?.snapshot()
  if (snapshot !== undefined) answers = grow(answers, snapshot)
  return endAnswers(answers, snapshot, failure, turn.runsTools)

  /** From here on arguments are read while they come. Till then, and without, a call shows as the server sent it. */
  async function parseArguments(): Promise<void> {
    try {
      const { createJsonParser } = await import('./jsonParser.ts')
      grow = createGrower(continued, join, createJsonParser)
    } catch {
      // It could not be loaded; whole arguments are read without it.
    }
    if (!isOver) frame.request()
  }
}

async function loadJoin(continued: Continued): Promise<Join> {
  const { createJoin } = await import('./createJoin.ts')
  return createJoin(continued)
}

const noCalls: readonly ToolCall[] = []

/** Makes messages of a stream's snapshots; what did not change since the last one is the same object. */
function createGrower(
  continued: Continued | undefined,
  join: Join | undefined,
  createParser?: () => JsonParser,
): (
  answers: readonly ChatAssistantMessage[],
  snapshot: CompletionSnapshot,
) => readonly ChatAssistantMessage[] {
  // Of each choice and call; a parser reads only what is new.
  const parsers = new Map<string, JsonParser>()
  // What was made of a call as it came, and of a list of them.
  const runs = new WeakMap<ToolCall, ToolRun>()
  const toolRuns = new WeakMap<readonly ToolCall[], ChatAssistantMessage['toolRuns']>()

  function growToolRun(call: ToolCall, place: string): ToolRun {
    if (call.type === 'custom') return { status: 'arguments-streaming', arguments: call.custom.input }
    const parser = parsers.get(place) ?? createParser?.()
    if (parser === undefined) return { status: 'arguments-streaming' }
    parsers.set(place, parser)
    parser.push(call.function.arguments.slice(parser.length))
    const { value } = parser
    return { status: 'arguments-streaming', ...(value !== undefined && { arguments: value }) }
  }

  function growToolRuns({ index, message }: Choice): ChatAssistantMessage['toolRuns'] {
    const calls = message.tool_calls ?? noCalls
    const known = toolRuns.get(calls)
    if (known !== undefined) return known
    const grown = calls.map((call, position): [string, ToolRun] => {
      const run = runs.get(call) ?? growToolRun(call, `${index}/${position}`)
      runs.set(call, run)
      return [call.id, run]
    })
    const next = Object.fromEntries(grown)
    toolRuns.set(calls, next)
    return next
  }

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
      toolRuns: growToolRuns(choice),
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

/** The messages as the answer ended; without a snapshot it never began: it failed, or was stopped before. */
function endAnswers(
  answers: readonly ChatAssistantMessage[],
  snapshot: CompletionSnapshot | undefined,
  failure: CompletionErrorData | undefined,
  runsTools: boolean,
): readonly ChatAssistantMessage[] {
  const error = failure ?? snapshot?.error
  return answers.map((grown): ChatAssistantMessage => {
    const facts = snapshot === undefined ? {} : factsOf(snapshot, grown.model)
    const answer = withDistinctCallIds({ ...grown, ...facts })
    const status = endOf(answer, snapshot, failure)
    return {
      ...answer,
      status,
      ...(error !== undefined && { error }),
      toolRuns: endToolRuns(answer, status, runsTools),
    }
  })
}

/** Each call of an answer has an id of its own: the user decides on calls by their ids, and results name them. */
function withDistinctCallIds(answer: ChatAssistantMessage): ChatAssistantMessage {
  const calls = answer.choice.message.tool_calls ?? []
  const ids = new Set(calls.map(({ id }) => id))
  if (ids.size === calls.length) return answer
  const taken = new Set<string>()
  const tool_calls = calls.map((call) => {
    let { id } = call
    for (let twin = 2; taken.has(id); twin++) id = `${call.id}-${twin}`
    taken.add(id)
    return id === call.id ? call : { ...call, id }
  })
  const message = { ...answer.choice.message, tool_calls }
  const issue: StreamIssue = {
    code: 'tool-call-id-repeated',
    message: 'Several tool calls had one id; the later ones were given ids of their own.',
    count: calls.length - ids.size,
  }
  return { ...answer, choice: { ...answer.choice, message }, issues: [...answer.issues, issue] }
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
