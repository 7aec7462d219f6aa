import {
  buildRequest,
  CompletionError,
  streamCompletion,
  type AnswerStatus,
  type ChatAssistantMessage,
  type ChatClient,
  type ChatCompletionParams,
  type Choice,
  type CompletionErrorData,
  type CompletionEvent,
  type CompletionSnapshot,
  type CompletionStream,
  type EndpointProfile,
  type ToolRun,
  type Usage,
} from '@candor/core'

import { createFrame } from './createFrame.ts'
import { createId } from './createId.ts'
import { createPace } from './createPace.ts'

/** One request and where its answer goes. */
export interface Turn {
  request: ChatCompletionParams
  client: ChatClient
  profile?: EndpointProfile
  signal: AbortSignal
  /** Whether tool calls of a finished answer are run at once; else they wait for the user's result. */
  runsTools: boolean
  /** The message that the first choice grows in; further choices become its siblings. */
  answer: ChatAssistantMessage
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
  const { request, client, profile, signal, publish, onEvent } = turn
  let answers: readonly ChatAssistantMessage[] = [turn.answer]
  let stream: CompletionStream | undefined
  let failure: CompletionErrorData | undefined
  const grow = (): void => {
    if (stream !== undefined) answers = growAnswers(answers, stream.snapshot())
  }
  const frame = createFrame(() => {
    grow()
    publish(answers)
  })
  try {
    const checked = buildRequest(request, profile === undefined ? {} : { profile })
    stream = streamCompletion(checked, { client, signal })
    const pace = createPace()
    for await (const event of stream) {
      onEvent(event)
      frame.request()
      await pace()
    }
  } catch (error) {
    failure = error instanceof CompletionError ? error.toData() : unexpected(error)
  }
  frame.cancel()
  grow()
  return endAnswers(answers, stream?.snapshot(), failure, turn.runsTools)
}

/** The messages of a snapshot's choices; those that did not change are the same objects. */
function growAnswers(
  answers: readonly ChatAssistantMessage[],
  snapshot: CompletionSnapshot,
): readonly ChatAssistantMessage[] {
  const { choices } = snapshot.completion
  const [first] = answers
  if (first === undefined || choices.length === 0) return answers
  const grown = [...answers]
  choices.forEach((choice, position) => {
    const reasoning = snapshot.reasoning[position] ?? ''
    // A server that numbers its only choice otherwise than 0 still answers in the message that waits for it.
    const place =
      choices.length === 1 && grown.length === 1
        ? 0
        : grown.findIndex((answer) => answer.choice.index === choice.index)
    const previous = grown[place] ?? { ...first, id: createId(), toolRuns: {} }
    const next = growAnswer(previous, choice, reasoning, snapshot)
    if (place === -1) grown.push(next)
    else grown[place] = next
  })
  return grown
}

function growAnswer(
  previous: ChatAssistantMessage,
  choice: Choice,
  reasoning: string,
  snapshot: CompletionSnapshot,
): ChatAssistantMessage {
  const { completion, issues, timings } = snapshot
  // The head of an answer is not its first token: a server may think for a minute between the two.
  const status = timings.firstTokenMs === undefined ? 'submitted' : 'streaming'
  const isSame =
    previous.status === status &&
    previous.choice === choice &&
    previous.reasoning === reasoning &&
    previous.issues === issues &&
    previous.usage === completion.usage
  if (isSame) return previous
  return {
    ...previous,
    ...factsOf(snapshot, previous.model),
    choice,
    reasoning,
    status,
    finishReason: choice.finish_reason,
    toolRuns: growToolRuns(previous, choice),
  }
}

function growToolRuns(previous: ChatAssistantMessage, choice: Choice): ChatAssistantMessage['toolRuns'] {
  const calls = choice.message.tool_calls ?? []
  const callsBefore = previous.choice.message.tool_calls ?? []
  if (calls === callsBefore || calls.length === 0) return previous.toolRuns
  const runs: Record<string, ToolRun> = {}
  calls.forEach((call, place) => {
    const run = previous.toolRuns[call.id]
    runs[call.id] = run !== undefined && call === callsBefore[place] ? run : { status: 'arguments-streaming' }
  })
  return runs
}

/** The messages as the answer ended; without a snapshot it never began. */
function endAnswers(
  answers: readonly ChatAssistantMessage[],
  snapshot: CompletionSnapshot | undefined,
  failure: CompletionErrorData | undefined,
  runsTools: boolean,
): readonly ChatAssistantMessage[] {
  const error = failure ?? snapshot?.error
  return answers.map((answer): ChatAssistantMessage => {
    const status = endOf(answer, snapshot, failure)
    return {
      ...answer,
      ...(snapshot !== undefined && factsOf(snapshot, answer.model)),
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
  const ending = snapshot?.ending ?? 'error'
  if (failure !== undefined) return ending === 'timed-out' ? 'timed-out' : 'error'
  return ending === 'open' ? 'cut-off' : ending
}

function endToolRuns(
  answer: ChatAssistantMessage,
  status: AnswerStatus,
  runsTools: boolean,
): ChatAssistantMessage['toolRuns'] {
  const runs: Record<string, ToolRun> = {}
  for (const call of answer.choice.message.tool_calls ?? []) {
    const args = call.type === 'function' ? parsedOrAbsent(call.function.arguments) : call.custom.input
    const known = args === undefined ? {} : { arguments: args }
    runs[call.id] =
      status === 'finished'
        ? { status: runsTools ? 'running' : 'waiting-for-result', ...known }
        : { status: 'aborted', errorText: 'The answer ended before the call was complete.', ...known }
  }
  return runs
}

function parsedOrAbsent(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

function unexpected(error: unknown): CompletionErrorData {
  const message = error instanceof Error ? error.message : String(error)
  return { type: 'request', message: `The request could not be made: ${message}`, retryable: false }
}
