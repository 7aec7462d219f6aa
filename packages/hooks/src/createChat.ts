import type {
  ChatAssistantMessage,
  ChatMessage,
  CompletionErrorData,
  EndpointProfile,
  ToolLoopStopReason,
  ToolRun,
} from '@candor/core'
import { QueryClient } from '@tanstack/react-query'

import { isEmptyAnswer, isWaiting } from './answerMessage.ts'
import { callUserCode } from './callUserCode.ts'
import type {
  ChatActions,
  ChatFiles,
  ChatInput,
  ChatState,
  ChatStateSource,
  TurnOutcome,
  TurnParams,
} from './ChatHandle.ts'
import type { AnyChatOptions, ChatOptions, ToolLoopOptions } from './ChatOptions.ts'
import { createChatStore } from './createChatStore.ts'
import { createId } from './createId.ts'
import { createTurnRunner, loadToolCalls, pathTo, type TurnStart } from './createTurnRunner.ts'
import type { ToolDecision } from './decisionOn.ts'
import { initialState } from './initialState.ts'
import { isSameTurn, leafAnswer } from './leafAnswer.ts'
import { reduceChat, type ChatChange } from './reduceChat.ts'
import { restoreChat, saveChat, type SavedChat } from './SavedChat.ts'
import { standingOf } from './standingOf.ts'

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
  /** Loads what the next turn will need, so that it need not wait for it. */
  readonly preload: () => void
  /** Replaces the beginning by what was kept; false, and nothing done, when more than that is there: for storages. */
  readonly restore: (saved: SavedChat) => boolean
  /** Takes in what another tab wrote: for storages, whose function is told whether a turn runs here. */
  readonly merge: (change: (state: ChatState, isRunning: boolean) => ChatState) => void
  /** Keeps what is sent waiting until a promise has settled: for storages. */
  readonly hold: (until: Promise<unknown>) => void
  /** Tells the user that the conversation is not kept; `null` when it is again: for storages. */
  readonly setStorageError: (storageError: string | null) => void
}

interface QueuedInput {
  /** What is sent; `undefined` while its files are read. */
  readonly input: ChatInput | undefined
  readonly params: TurnParams | undefined
  readonly resolve: (outcome: TurnOutcome) => void
}

/** Creates a conversation. The hooks do this; call it yourself for one that outlives every component. */
export function createChat(
  firstOptions: ChatOptions | ToolLoopOptions,
  queryClient: QueryClient = new QueryClient(),
): ChatController {
  let options: AnyChatOptions = firstOptions
  const id = options.id ?? createId()
  const beginning = initialState(options.initialMessages ?? [])
  const { getState, setState, subscribe } = createChatStore(beginning)
  const dispatch = (change: ChatChange): void => setState(reduceChat(getState(), change))
  const runner = createTurnRunner({ chatId: id, queryClient, options: () => options, getState, dispatch })
  let queue: readonly QueuedInput[] = []
  // The user stopped, or a turn failed: what waits goes out when the user goes on, not by itself. A turn is going on.
  let isHeld = false
  let holds = 0
  // Something was said, loaded or emptied here: there is more than the beginning.
  let isBegun = false
  // The user chose another conversation than the one that is being loaded.
  let isReplaced = false

  const leafId = (): string | null => getState().messageIds.at(-1) ?? null
  const currentPath = (): ChatMessage[] => pathTo(getState(), leafId())

  async function runTurn(turn: TurnStart): Promise<TurnOutcome> {
    isHeld = false
    isBegun = true
    const reason = await runner.start(turn)
    if (reason === undefined) return 'discarded'
    const outcome = outcomeOf(reason)
    const { error } = getState()
    if (outcome === 'failed' && error !== null) callUserCode(options.onError, error)
    callUserCode(options.onFinish, outcome, currentPath())
    // What waits behind a failure would most likely fail too.
    if (outcome === 'failed') isHeld = true
    sendNext()
    return outcome
  }

  /**
   * Begins a turn unless one runs, or what it would begin from is still being loaded; what is not a new input cannot
   * wait, since the conversation moves on.
   */
  function runUnlessBusy(turn: TurnStart): Promise<TurnOutcome> {
    return runner.isRunning() || holds > 0 ? Promise.resolve('refused') : runTurn(turn)
  }

  function addUserMessage(parentId: string | null, input: ChatInput): string {
    leaveCalls(parentId)
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

  /** Ends the calls of an answer that wait for the user, who goes on without them: nothing will come of them any more. */
  function leaveCalls(messageId: string | null): void {
    const { messages, status } = getState()
    const answer = messages[messageId ?? '']
    if (!isWaitingFor(answer)) return
    const toolRuns = Object.fromEntries(
      Object.entries(answer.toolRuns).map(([callId, run]): [string, ToolRun] => [
        callId,
        isWaiting(run)
          ? { ...run, status: 'aborted', errorText: 'The user went on without this call.' }
          : run,
      ]),
    )
    dispatch({ type: 'answers-update', answers: [{ ...answer, toolRuns }], status })
  }

  function setQueue(next: readonly QueuedInput[]): void {
    queue = next
    dispatch({ type: 'queue-change', queue: readInputs() })
  }

  function readInputs(): ChatInput[] {
    return queue.flatMap(({ input }) => (input === undefined ? [] : [input]))
  }

  function enqueue(input: ChatInput | ChatFiles, params: TurnParams | undefined): Promise<TurnOutcome> {
    return new Promise((resolve) => {
      const isRead = !isFiles(input)
      const queued: QueuedInput = { input: isRead ? input : undefined, params, resolve }
      setQueue([...queue, queued])
      if (!isRead) void readFiles(input, queued)
    })
  }

  /** Reads the files of an input in its place in the queue, so that what is sent meanwhile comes after it. */
  async function readFiles(files: ChatFiles, queued: QueuedInput): Promise<void> {
    let read: QueuedInput[] = []
    let failure: unknown
    try {
      const { filesToParts } = await import('./filesToParts.ts')
      read = [{ ...queued, input: await filesToParts(files) }]
    } catch (error) {
      failure = error
    }
    // The conversation was emptied meanwhile.
    if (!queue.includes(queued)) return
    setQueue(queue.flatMap((waiting) => (waiting === queued ? read : [waiting])))
    if (read.length === 0) {
      dispatch({ type: 'error-show', error: refusal(failure) })
      queued.resolve('refused')
    }
    sendNext()
  }

  /** What a promise of code gives; what cannot be loaded is told. */
  async function loadOrTell<Loaded>(loading: Promise<Loaded>): Promise<Loaded | undefined> {
    try {
      return await loading
    } catch (error) {
      dispatch({ type: 'error-show', error: refusal(error) })
      return undefined
    }
  }

  function sendNext(): void {
    const [next, ...rest] = queue
    if (next?.input === undefined || isHeld || runner.isRunning() || holds > 0) return
    const { input, params, resolve } = next
    setQueue(rest)
    void runTurn({ head: () => addUserMessage(leafId(), input), params }).then(resolve)
  }

  /** Another conversation in the same place: with the same storage. */
  function replaceBy(state: ChatState): void {
    const { isRestoring, storageError } = getState()
    dispatch({ type: 'conversation-replace', state: { ...state, isRestoring, storageError } })
    isReplaced = isRestoring
    isBegun = true
  }

  /** Drops the running turn and all that waits. */
  function discard(): void {
    runner.discard()
    const waiting = queue
    setQueue([])
    for (const { resolve } of waiting) resolve('discarded')
  }

  /** Hands a decision to the turn that waits for it, or takes a turn up again that waited when it was saved. */
  function decide(toolCallId: string, decision: ToolDecision): void {
    if (runner.decide(toolCallId, decision)) return
    const run = answerOfCall(toolCallId)?.toolRuns[toolCallId]
    if (run === undefined || !isWaiting(run)) return
    void runUnlessBusy({ head: leafId, decisions: new Map([[toolCallId, decision]]) })
  }

  function answerOfCall(toolCallId: string): ChatAssistantMessage | undefined {
    return currentPath().findLast(
      (message): message is ChatAssistantMessage =>
        message.role === 'assistant' && toolCallId in message.toolRuns,
    )
  }

  function toolNameOf(toolCallId: string): string | undefined {
    const calls = answerOfCall(toolCallId)?.choice.message.tool_calls ?? []
    const call = calls.find((candidate) => candidate.id === toolCallId)
    return call?.type === 'custom' ? call.custom.name : call?.function.name
  }

  const actions: ChatActions = {
    send(input, params) {
      const isBusy = runner.isRunning() || queue.length > 0
      if (!isBusy && holds === 0 && !isFiles(input)) {
        return runTurn({ head: () => addUserMessage(leafId(), input), params })
      }
      if (options.whenBusy === 'refuse' && isBusy) return Promise.resolve('refused')
      isHeld = false
      const sent = enqueue(input, params)
      sendNext()
      return sent
    },
    sendQueued() {
      isHeld = false
      sendNext()
    },
    stop() {
      isHeld = true
      runner.stop()
    },
    retry(params) {
      const leaf = getState().messages[leafId() ?? '']
      const isContinued = leaf?.role === 'assistant' && leaf.prefill !== undefined
      // Its thinking is that of the attempt that failed.
      const continued = isContinued ? { text: leaf.prefill, by: { ...leaf, reasoning: '' } } : undefined
      return runUnlessBusy({ head: headForRetry, params, continued })
    },
    regenerate(messageId, params) {
      if (messageId !== undefined && getState().messages[messageId] === undefined) {
        return Promise.resolve('refused')
      }
      return runUnlessBusy({
        head() {
          const message =
            messageId === undefined
              ? currentPath().findLast(({ role }) => role === 'assistant')
              : getState().messages[messageId]
          if (message === undefined) return leafId()
          dispatch({ type: 'branch-select', messageId: message.id })
          return message.role === 'assistant' ? message.parentId : message.id
        },
        params,
      })
    },
    edit(messageId, input, params) {
      const message = getState().messages[messageId]
      if (message?.role !== 'user') return Promise.resolve('refused')
      return runUnlessBusy({ head: () => addUserMessage(message.parentId, input), params })
    },
    continue({ messageId, prefix, params } = {}) {
      const answer =
        messageId === undefined
          ? currentPath().findLast(({ role }) => role === 'assistant')
          : getState().messages[messageId]
      if (answer?.role !== 'assistant') return actions.retry(params)
      // It is not half-written: its calls, or their results, are what to go on from.
      if (answer.id === leafId() && hasCalls(answer)) return actions.retry(params)
      const prefill = prefix ?? answer.choice.message.content ?? ''
      if (prefill === '') return actions.regenerate(answer.id, params)
      const problem = prefillProblem(options.profile)
      if (problem !== undefined && !runner.isRunning()) {
        dispatch({ type: 'error-show', error: refusal(problem) })
        return Promise.resolve('failed')
      }
      return runUnlessBusy({
        head() {
          dispatch({ type: 'branch-select', messageId: answer.id })
          return answer.parentId
        },
        continued: { text: prefill, by: answer },
        params,
      })
    },
    selectBranch(messageId) {
      dispatch({ type: 'branch-select', messageId })
    },
    selectChoice(index, messageId) {
      const { messages, branches } = getState()
      const answer = messages[messageId ?? leafAnswer(getState())?.id ?? '']
      if (answer?.role !== 'assistant') return
      const chosen = branches[answer.parentId ?? '']?.ids.find((siblingId) => {
        const sibling = messages[siblingId]
        return sibling?.role === 'assistant' && isSameTurn(sibling, answer) && sibling.choice.index === index
      })
      if (chosen !== undefined) dispatch({ type: 'branch-select', messageId: chosen })
    },
    approveToolCall(toolCallId, { always = false, arguments: args } = {}) {
      const name = toolNameOf(toolCallId)
      const { allowedTools } = getState()
      if (always && name !== undefined && !allowedTools.includes(name)) {
        dispatch({ type: 'allowed-tools-change', allowedTools: [...allowedTools, name] })
      }
      decide(toolCallId, { approval: { approved: true, ...(args !== undefined && { arguments: args }) } })
    },
    denyToolCall(toolCallId, reason) {
      decide(toolCallId, { approval: { approved: false, ...(reason !== undefined && { reason }) } })
    },
    provideToolResult(toolCallId, result) {
      decide(toolCallId, { result: { value: result } })
    },
    disallowTool(toolName) {
      const allowedTools = getState().allowedTools.filter((name) => name !== toolName)
      dispatch({ type: 'allowed-tools-change', allowedTools })
    },
    async retryToolCall(toolCallId, args) {
      const loaded = await loadOrTell(loadToolCalls())
      const answer = answerOfCall(toolCallId)
      if (loaded === undefined || answer === undefined) return 'refused'
      const approval = { approved: true as const, ...(args !== undefined && { arguments: args }) }
      return runUnlessBusy({
        head() {
          const messages = loaded.retriedCall(answer, currentPath(), toolCallId, args)
          dispatch({ type: 'messages-add', messages })
          return messages.at(-1)!.id
        },
        decisions: new Map([[toolCallId, { approval }]]),
      })
    },
    unqueue(index) {
      const removed = queue.filter(({ input }) => input !== undefined)[index]
      if (removed === undefined) return
      setQueue(queue.filter((queued) => queued !== removed))
      removed.resolve('discarded')
    },
    reset() {
      discard()
      replaceBy(beginning)
    },
    toJSON() {
      return saveChat(getState())
    },
    load(saved) {
      const state = restoreChat(saved)
      discard()
      replaceBy(state)
    },
  }

  /** The message that is answered anew: the question of a failed answer, or results that nobody has used yet. */
  function headForRetry(): string | null {
    const leaf = getState().messages[leafId() ?? '']
    if (leaf?.role !== 'assistant') return leaf?.id ?? null
    // Its calls were not answered when it was left: they are what is to be taken up.
    if (hasCalls(leaf)) return leaf.id
    if (isEmptyAnswer(leaf)) dispatch({ type: 'message-remove', messageId: leaf.id })
    return leaf.parentId
  }

  return {
    id,
    store: { getState, subscribe },
    actions,
    setOptions(next) {
      options = next
    },
    preload: () => runner.preload(currentPath()),
    restore(saved) {
      if (isReplaced) return true
      if (isBegun) return false
      const { queue: waiting, isRestoring, storageError } = getState()
      dispatch({
        type: 'conversation-replace',
        state: { ...restoreChat(saved), queue: waiting, isRestoring, storageError },
      })
      return true
    },
    merge(change) {
      const asking = getState().messages[leafId() ?? '']
      dispatch({ type: 'conversation-replace', state: change(getState(), runner.isRunning()) })
      if (runner.isRunning() && isWaitingFor(asking) && !isWaitingFor(getState().messages[asking.id])) {
        // The user has decided there on what waits here, and the turn goes on there.
        runner.discard()
        dispatch({ type: 'status-change', status: standingOf(getState()).status })
      }
    },
    hold(until) {
      const release = (): void => {
        holds -= 1
        if (holds > 0) return
        isReplaced = false
        dispatch({ type: 'restoring-change', isRestoring: false })
        sendNext()
      }
      holds += 1
      dispatch({ type: 'restoring-change', isRestoring: true })
      until.then(release, release)
    },
    setStorageError(storageError) {
      dispatch({ type: 'storage-error-change', storageError })
    },
  }
}

/** Why a server cannot go on with a half-written answer; `undefined` where it can. */
function prefillProblem(profile: EndpointProfile | undefined): string | undefined {
  if (profile === undefined) {
    return 'Servers differ in how they continue a half-written answer, and which one this is was not said. Give the chat a `profile`, or ask for another answer.'
  }
  if (profile.prefill !== undefined && profile.prefill.style !== 'none') return undefined
  return `${profile.name} cannot continue a half-written answer. Ask for another one, or send a message that asks to go on.`
}

function isWaitingFor(message: ChatMessage | undefined): message is ChatAssistantMessage {
  return message?.role === 'assistant' && Object.values(message.toolRuns).some(isWaiting)
}

/** Whether an answer has calls that were, or can be, run. */
function hasCalls({ status, choice }: ChatAssistantMessage): boolean {
  return status === 'finished' && (choice.message.tool_calls?.length ?? 0) > 0
}

function isFiles(input: ChatInput | ChatFiles): input is ChatFiles {
  return typeof input === 'object' && 'files' in input
}

function refusal(error: unknown): CompletionErrorData {
  const message = error instanceof Error ? error.message : String(error)
  return { type: 'request', message, retryable: false }
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
