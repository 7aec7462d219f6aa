import {
  acceptableHistory,
  CompletionError,
  refuseToolCall,
  replayMessage,
  runTools,
  toolForRequest,
  toolLoopStep,
  type AnyTool,
  type ChatAssistantMessage,
  type ChatClient,
  type ChatCompletionParams,
  type ChatMessage,
  type ChatStatus,
  type CompletionErrorData,
  type CompletionEvent,
  type EndpointProfile,
  type RequestMessage,
  type ToolApproval,
  type ToolCall,
  type ToolChoice,
  type ToolLoopLimit,
  type ToolLoopLimits,
  type ToolLoopStopReason,
  type ToolRun,
} from '@candor/core'
import { MutationObserver, QueryClient } from '@tanstack/react-query'
import { createStore } from 'zustand/vanilla'

import { callUserCode } from './callUserCode.ts'
import type {
  ChatActions,
  ChatInput,
  ChatState,
  ChatStateSource,
  TurnOutcome,
  TurnParams,
} from './ChatHandle.ts'
import { createFrame } from './createFrame.ts'
import { createId } from './createId.ts'
import { initialState } from './initialState.ts'
import { reduceChat, type ChatChange } from './reduceChat.ts'
import { runTurn } from './runTurn.ts'

/** What a conversation needs to know. Changed options count from the next request on; a running one keeps its own. */
export interface ChatOptions {
  /** The server, from `createClient`. */
  client: ChatClient
  /** Parameters of every request, by their wire names; `model` at least, where the server wants one. */
  request?: TurnParams
  /** The conversation's id. @default one of its own */
  id?: string
  /** What the server accepts and refuses. @default what every server accepts */
  profile?: EndpointProfile
  /** How the conversation begins: instructions, or an earlier conversation. Read once. @default [] */
  initialMessages?: readonly (RequestMessage | ChatMessage)[]
  /**
   * What the model is told before every request, as a system message; unlike one in `initialMessages` it can be
   * changed while the conversation goes on, and is no part of it. @default none
   */
  instructions?: string
  /** What `send` does while a turn runs: send it after that turn, or refuse it. @default 'queue' */
  whenBusy?: 'queue' | 'refuse'
  /** Called with each chunk and each note of a stream, as it comes. What it throws does not reach the stream. */
  onEvent?: (event: CompletionEvent) => void
  /** Called when a turn has ended, however it ended, with the messages of the current branch. */
  onFinish?: (outcome: TurnOutcome, messages: readonly ChatMessage[]) => void
  /** Called when a turn has failed. */
  onError?: (error: CompletionErrorData) => void
}

/** What a conversation with tools needs to know. */
export interface ToolLoopOptions extends ChatOptions, ToolLoopLimits {
  /** What the model may call. */
  tools: readonly AnyTool[]
  /**
   * Which tool the model may, must or must not call: one value, or a function of the step (0 is the first request of a
   * turn). `(step) => (step === 0 ? 'required' : 'none')` is for models too small to choose. @default the server's own
   */
  toolChoice?: ToolChoice | ((step: number) => ToolChoice | undefined)
  /**
   * Which calls the user must allow: those whose tool says so (`needsApproval`), all, or none. @default 'by-tool'
   */
  approval?: 'by-tool' | 'always' | 'never'
  /** How many tools run at once; 1 where `parallel_tool_calls` is false. @default 4 */
  maxParallel?: number
  /** Milliseconds after which a tool is given up, for tools that do not say. @default no limit */
  toolTimeoutMs?: number
}

/** A conversation outside React: its state and what can be done to it. */
export interface ChatController {
  /** The conversation's id. */
  readonly id: string
  /** Where the state lives. */
  readonly store: ChatStateSource
  /** What a user can do; the functions need no `this`. */
  readonly actions: ChatActions
  /** Takes new options; see `ChatOptions` for when they count. */
  readonly setOptions: (options: ChatOptions | ToolLoopOptions) => void
}

/** What runs now. */
interface Run {
  readonly controller: AbortController
  /** Resolvers of calls that wait for the user, by `tool_call.id`. */
  readonly waiting: Map<string, WaitingCall>
}

interface WaitingCall {
  decide?(approval: ToolApproval): void
  provide?(result: unknown): void
}

interface QueuedInput {
  readonly input: ChatInput
  readonly params: TurnParams | undefined
  readonly resolve: (outcome: TurnOutcome) => void
}

/** Creates a conversation. The hooks do this; call it yourself for one that outlives every component. */
export function createChat(
  firstOptions: ChatOptions | ToolLoopOptions,
  queryClient: QueryClient = new QueryClient(),
): ChatController {
  let options: ChatOptions & Partial<ToolLoopOptions> = firstOptions
  const id = options.id ?? createId()
  const beginning = initialState(options.initialMessages ?? [])
  const store = createStore<ChatState>(() => beginning)
  let running: Run | null = null
  let queue: QueuedInput[] = []
  let endingRequest: Promise<unknown> | null = null

  const dispatch = (change: ChatChange): void => store.setState(reduceChat(store.getState(), change), true)
  const leafId = (): string | null => store.getState().messageIds.at(-1) ?? null

  /** The messages from the first to the given one, along its branch. */
  function pathTo(messageId: string | null): ChatMessage[] {
    const { messages } = store.getState()
    const path: ChatMessage[] = []
    for (let message = messages[messageId ?? '']; message; message = messages[message.parentId ?? '']) {
      path.push(message)
    }
    return path.toReversed()
  }

  /** Runs a turn that answers the message that `headId` names or adds. */
  async function start(headId: () => string | null, params: TurnParams | undefined): Promise<TurnOutcome> {
    const run: Run = { controller: new AbortController(), waiting: new Map() }
    running = run
    dispatch({ type: 'turn-start' })
    let reason: ToolLoopStopReason
    let failure: CompletionErrorData | null = null
    try {
      reason = await runLoop(run, headId(), params)
    } catch (error) {
      // What the app gave could not be used: a schema without JSON Schema, a `toolChoice` that throws.
      reason = 'failed'
      failure = unusable(error)
    }
    if (running !== run) return 'discarded'
    running = null
    if (failure !== null || store.getState().stopReason !== reason) endTurn(reason, failure)
    const { error } = store.getState()
    if (error !== null) callUserCode(options.onError, error)
    const outcome = outcomeOf(reason)
    callUserCode(options.onFinish, outcome, pathTo(leafId()))
    // What waits behind a failure would most likely fail too; it stays until a turn succeeds.
    if (outcome !== 'failed') sendNext()
    return outcome
  }

  function endTurn(
    reason: ToolLoopStopReason,
    error: CompletionErrorData | null,
    answers: readonly ChatAssistantMessage[] = [],
  ): void {
    const status = reason === 'failed' ? 'error' : reason === 'cut-off' ? 'interrupted' : 'idle'
    dispatch({ type: 'turn-end', answers, status, error, stopReason: reason })
  }

  /** Asks the model and runs tools in turn, until `toolLoopStep` says that it is enough. */
  async function runLoop(
    run: Run,
    firstId: string | null,
    params: TurnParams | undefined,
  ): Promise<ToolLoopStopReason> {
    const { signal } = run.controller
    const startedAt = Date.now()
    const countFrom = pathTo(firstId).length
    let headId = firstId
    let tokens = 0
    for (;;) {
      const history = pathTo(headId)
      const step = toolLoopStep(history.map(toRequestMessage), options, {
        countFrom,
        tokens,
        elapsedMs: Date.now() - startedAt,
      })
      switch (step.type) {
        case 'stop':
          return step.reason
        case 'run-tools': {
          const answer = history.findLast((message) => message.role === 'assistant')!
          headId = await answerToolCalls(run, answer, step.calls, step.refused, step.limit)
          if (signal.aborted) return 'stopped'
          break
        }
        case 'ask-model': {
          const answer = await ask(run, history, step.step, params)
          const reason = endOfAnswer(answer)
          if (reason !== undefined) return reason
          headId = answer.id
          tokens += answer.usage?.total_tokens ?? 0
          break
        }
        default: {
          const unknown: never = step
          return unknown
        }
      }
    }
  }

  /** Why a turn goes no further after an answer; `undefined` when tools are to be run. */
  function endOfAnswer(answer: ChatAssistantMessage): ToolLoopStopReason | undefined {
    switch (answer.status) {
      case 'error':
      case 'timed-out':
        return 'failed'
      case 'cut-off':
      case 'stopped':
        return answer.status
      default:
        return options.tools === undefined || !answer.choice.message.tool_calls?.length
          ? 'answered'
          : undefined
    }
  }

  /** One request and its answer: the choice that is shown. */
  async function ask(
    run: Run,
    history: readonly ChatMessage[],
    step: number,
    params: TurnParams | undefined,
  ): Promise<ChatAssistantMessage> {
    const { client, profile, onEvent } = options
    const request = requestFor(history, step, params)
    const first = emptyAnswer(history.at(-1)?.id ?? null, request)
    let shown = first
    dispatch({ type: 'messages-add', messages: [first] })
    dispatch({ type: 'status-change', status: 'submitted' })

    // A turn is a mutation whose scope is the conversation: devtools show it, `useIsMutating` counts it. `always`,
    // because a server on this machine answers without a network.
    const turn = new MutationObserver(queryClient, {
      mutationKey: ['candor', 'turn', id],
      scope: { id: `candor/${id}` },
      networkMode: 'always',
      retry: false,
      mutationFn: async (body: ChatCompletionParams) => {
        const answers = await runTurn({
          request: body,
          client,
          ...(profile !== undefined && { profile }),
          signal: run.controller.signal,
          runsTools: options.tools !== undefined,
          answer: first,
          publish(grown) {
            const status = grown.some((answer) => answer.status === 'streaming') ? 'streaming' : 'submitted'
            dispatch({ type: 'answers-update', answers: grown, status })
          },
          onEvent: (event) => callUserCode(onEvent, event),
        })
        shown = shownOf(answers)
        const reason = endOfAnswer(shown)
        // Text and status end in one change, before anything that the app hangs on mutations is waited for.
        if (running === run) {
          if (reason !== undefined) endTurn(reason, shown.error ?? null, answers)
          else dispatch({ type: 'answers-update', answers, status: 'waiting-for-tools' })
        }
        if (shown.error !== undefined) throw new CompletionError(shown.error)
        return answers
      },
    })
    // Waiting here rather than in the scope: a mutation that waits there is not sure to go on in a hidden tab. Only an
    // emptied conversation has a request before this one that is still ending.
    if (endingRequest !== null) await endingRequest
    try {
      const mutation = turn.mutate(request)
      endingRequest = mutation.catch(() => {})
      await mutation
    } catch (error) {
      if (shown === first) throw error
    } finally {
      endingRequest = null
      turn.reset()
    }
    return shown
  }

  /** The choice that goes on: the one on the current branch, else the first. */
  function shownOf(answers: readonly ChatAssistantMessage[]): ChatAssistantMessage {
    const shownIds = store.getState().branches[answers[0]?.parentId ?? '']
    return answers.find((answer) => answer.id === shownIds?.shown) ?? answers[0]!
  }

  function requestFor(
    history: readonly ChatMessage[],
    step: number,
    params: TurnParams | undefined,
  ): ChatCompletionParams {
    const { instructions = '', tools, toolChoice } = options
    const told: RequestMessage[] = instructions === '' ? [] : [{ role: 'system', content: instructions }]
    const merged: TurnParams = { ...options.request }
    if (tools !== undefined && tools.length > 0) {
      merged.tools = [...(merged.tools ?? []), ...tools.map(toolForRequest)]
      const choice = typeof toolChoice === 'function' ? toolChoice(step) : toolChoice
      if (choice !== undefined) merged.tool_choice = choice
    }
    Object.assign(merged, params)
    const request: ChatCompletionParams = {
      model: '',
      messages: [...told, ...acceptableHistory(history.map(toRequestMessage))],
      stream: true,
    }
    for (const [name, value] of Object.entries(merged)) if (value !== undefined) request[name] = value
    // A server with one model wants none named; whether this one does is for the request's check to say.
    if (merged.model === undefined) Reflect.deleteProperty(request, 'model')
    return request
  }

  /** Runs the calls of an answer and adds what the model is told; returns the id of the last message added. */
  async function answerToolCalls(
    run: Run,
    answer: ChatAssistantMessage,
    calls: readonly ToolCall[],
    refused: readonly ToolCall[],
    limit: ToolLoopLimit | undefined,
  ): Promise<string> {
    const refusals = refused.map((call) =>
      refuseToolCall(call, 'aborted', `The call was not run: ${limitWords(limit)}.`),
    )
    let toolRuns: Record<string, ToolRun> = { ...answer.toolRuns }
    for (const refusal of refusals) toolRuns[refusal.message.tool_call_id] = refusal.run
    const publish = (): void => {
      dispatch({ type: 'answers-update', answers: [{ ...answer, toolRuns }], status: 'waiting-for-tools' })
    }
    const frame = createFrame(publish)
    publish()
    const tools = approvedAs(options.tools ?? [], options.approval ?? 'by-tool')
    const outcomes = await runTools(calls, {
      tools,
      signal: run.controller.signal,
      maxParallel: options.request?.parallel_tool_calls === false ? 1 : (options.maxParallel ?? 4),
      ...(options.toolTimeoutMs !== undefined && { timeoutMs: options.toolTimeoutMs }),
      approve: ({ call }) =>
        new Promise((resolve) => run.waiting.set(call.id, { decide: (approval) => resolve(approval) })),
      provideResult: ({ call }) =>
        new Promise((resolve) => run.waiting.set(call.id, { provide: (result) => resolve(result) })),
      onRun: (toolCallId, toolRun) => {
        toolRuns = { ...toolRuns, [toolCallId]: toolRun }
        frame.request()
      },
    })
    frame.cancel()
    if (running !== run) return answer.id
    publish()
    let parentId = answer.id
    const messages = [...outcomes, ...refusals].map(({ message }): ChatMessage => {
      const node: ChatMessage = { id: createId(), parentId, createdAt: Date.now(), role: 'tool', message }
      parentId = node.id
      return node
    })
    dispatch({ type: 'messages-add', messages })
    return parentId
  }

  function waitingCall(toolCallId: string): WaitingCall | undefined {
    const call = running?.waiting.get(toolCallId)
    running?.waiting.delete(toolCallId)
    return call
  }

  function addUserMessage(parentId: string | null, input: ChatInput): string {
    const message: ChatMessage = {
      id: createId(),
      parentId,
      createdAt: Date.now(),
      role: 'user',
      message: { role: 'user', content: input },
    }
    dispatch({ type: 'messages-add', messages: [message] })
    return message.id
  }

  function setQueue(next: QueuedInput[]): void {
    queue = next
    dispatch({ type: 'queue-change', queue: queue.map(({ input }) => input) })
  }

  function sendNext(): void {
    const [next, ...rest] = queue
    if (next === undefined || running !== null) return
    setQueue(rest)
    void start(() => addUserMessage(leafId(), next.input), next.params).then(next.resolve)
  }

  /** Begins a turn unless one runs; what is not a new input cannot wait, since the conversation moves on. */
  function startUnlessBusy(
    headId: () => string | null,
    params: TurnParams | undefined,
  ): Promise<TurnOutcome> {
    return running === null ? start(headId, params) : Promise.resolve('refused')
  }

  /** Drops the running turn without a trace: what it still says reaches nobody. */
  function discardRun(): void {
    const run = running
    running = null
    run?.controller.abort()
    const waiting = queue
    setQueue([])
    for (const { resolve } of waiting) resolve('discarded')
  }

  const actions: ChatActions = {
    send(input, params) {
      if (running === null && queue.length === 0) return start(() => addUserMessage(leafId(), input), params)
      // Not "while anything runs": a turn that ended on screen may still settle among the app's mutations.
      if (options.whenBusy === 'refuse' && isBusy(store.getState().status)) return Promise.resolve('refused')
      const sent = new Promise<TurnOutcome>((resolve) => setQueue([...queue, { input, params, resolve }]))
      sendNext()
      return sent
    },
    stop() {
      running?.controller.abort()
    },
    retry(params) {
      return startUnlessBusy(() => {
        const leaf = store.getState().messages[leafId() ?? '']
        if (leaf?.role !== 'assistant') return leaf?.id ?? null
        if (isEmpty(leaf)) dispatch({ type: 'message-remove', messageId: leaf.id })
        return leaf.parentId
      }, params)
    },
    regenerate(messageId, params) {
      return startUnlessBusy(() => {
        const path = pathTo(leafId())
        const message =
          messageId === undefined
            ? path.findLast(({ role }) => role === 'assistant')
            : store.getState().messages[messageId]
        if (message === undefined) return leafId()
        dispatch({ type: 'branch-select', messageId: message.id })
        return message.role === 'assistant' ? message.parentId : message.id
      }, params)
    },
    edit(messageId, input, params) {
      return startUnlessBusy(
        () => addUserMessage(store.getState().messages[messageId]?.parentId ?? null, input),
        params,
      )
    },
    selectBranch(messageId) {
      dispatch({ type: 'branch-select', messageId })
    },
    approveToolCall(toolCallId) {
      waitingCall(toolCallId)?.decide?.({ approved: true })
    },
    denyToolCall(toolCallId, reason) {
      waitingCall(toolCallId)?.decide?.({ approved: false, ...(reason !== undefined && { reason }) })
    },
    provideToolResult(toolCallId, result) {
      waitingCall(toolCallId)?.provide?.(result)
    },
    unqueue(index) {
      const removed = queue[index]
      if (removed === undefined) return
      setQueue(queue.filter((_, place) => place !== index))
      removed.resolve('discarded')
    },
    reset() {
      discardRun()
      dispatch({ type: 'conversation-replace', state: beginning })
    },
  }

  return {
    id,
    store,
    actions,
    setOptions(next) {
      options = next
    },
  }
}

/** A message as a request carries it. */
function toRequestMessage(message: ChatMessage): RequestMessage {
  return message.role === 'assistant' ? replayMessage(message.choice.message) : message.message
}

function isBusy(status: ChatStatus): boolean {
  return status === 'submitted' || status === 'streaming' || status === 'waiting-for-tools'
}

function emptyAnswer(parentId: string | null, request: ChatCompletionParams): ChatAssistantMessage {
  return {
    id: createId(),
    parentId,
    createdAt: Date.now(),
    role: 'assistant',
    choice: {
      index: 0,
      message: { role: 'assistant', content: null, refusal: null },
      logprobs: null,
      finish_reason: null,
    },
    reasoning: '',
    status: 'submitted',
    finishReason: null,
    model: request.model ?? '',
    ...(request.seed !== undefined && request.seed !== null && { seed: String(request.seed) }),
    timings: { startedAt: Date.now() },
    issues: [],
    envelope: {},
    toolRuns: {},
  }
}

/** Whether nothing of an answer is worth keeping. */
function isEmpty(answer: ChatAssistantMessage): boolean {
  const { content, refusal, tool_calls } = answer.choice.message
  return !content && !refusal && !tool_calls?.length && answer.reasoning === ''
}

function approvedAs(
  tools: readonly AnyTool[],
  approval: NonNullable<ToolLoopOptions['approval']>,
): readonly AnyTool[] {
  if (approval === 'by-tool') return tools
  return tools.map((tool) => ({ ...tool, needsApproval: approval === 'always' }))
}

function limitWords(limit: ToolLoopLimit | undefined): string {
  switch (limit) {
    case 'max-tool-calls':
      return 'the most tool calls of one turn were made'
    case 'max-time':
      return 'the time for this turn is over'
    case 'max-steps':
      return 'the most steps of one turn were made'
    case 'max-tokens':
      return 'the tokens for this turn are used up'
    case undefined:
      return 'the turn was over'
    default: {
      const unknown: never = limit
      return unknown
    }
  }
}

function outcomeOf(reason: ToolLoopStopReason): TurnOutcome {
  switch (reason) {
    case 'stopped':
    case 'failed':
    case 'cut-off':
      return reason
    default:
      return 'finished'
  }
}

function unusable(error: unknown): CompletionErrorData {
  const message = error instanceof Error ? error.message : String(error)
  return { type: 'request', message: `The request could not be made. ${message}`, retryable: false }
}
