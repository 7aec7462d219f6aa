import {
  CompletionError,
  type ChatAssistantMessage,
  type ChatMessage,
  type CompletionErrorData,
  type ToolLoopStep,
  type ToolLoopStopReason,
} from '@candor/core'
import { MutationObserver, type QueryClient } from '@tanstack/react-query'

import { emptyAnswer, wireMessage } from './answerMessage.ts'
import { callUserCode } from './callUserCode.ts'
import type { ChatState, TurnParams } from './ChatHandle.ts'
import type { RequestFollower } from './ChatMiddleware.ts'
import type { AnyChatOptions } from './ChatOptions.ts'
import type { Continued } from './createJoin.ts'
import type { Decisions, ToolDecision } from './decisionOn.ts'
import { mergedParams } from './mergedParams.ts'
import type { ChatChange } from './reduceChat.ts'
import { unlessAborted } from './unlessAborted.ts'
import { unusableRequest } from './unusableRequest.ts'

/** What a turn begins with. */
export interface TurnStart {
  /** Adds or names the message that is to be answered. */
  head: () => string | null
  /** Parameters of the turn, over those of the conversation. */
  params?: TurnParams | undefined
  /** What the first answer is to go on from. */
  continued?: Continued | undefined
  /** What the user has decided already, by `tool_call.id`. */
  decisions?: ReadonlyMap<string, ToolDecision>
}

/** Runs the turns of one conversation, one at a time. */
export interface TurnRunner {
  /** Whether a turn runs. */
  isRunning: () => boolean
  /** Runs a turn; resolves when it has ended, with the reason, or with `undefined` when it was discarded. */
  start: (turn: TurnStart) => Promise<ToolLoopStopReason | undefined>
  /** Stops the running turn and keeps what arrived. */
  stop: () => void
  /** Stops the running turn; what it still says reaches nobody. */
  discard: () => void
  /** Loads what the next turn will need, so that it need not wait for it. */
  preload: (history: readonly ChatMessage[]) => void
  /** Hands a decision to the running turn, which heeds it for a call that is being answered; false when none runs. */
  decide: (toolCallId: string, decision: ToolDecision) => boolean
}

/** Where a runner reads and writes. */
export interface TurnRunnerOptions {
  chatId: string
  queryClient: QueryClient
  /** The options of the moment: each step takes the latest. */
  options: () => AnyChatOptions
  getState: () => ChatState
  dispatch: (change: ChatChange) => void
}

interface Run extends Decisions {
  readonly controller: AbortController
  /** Ids of the calls that are being answered: a decision counts for these alone, never for later ones of the same id. */
  openIds: ReadonlySet<string>
  /** The middleware of the request whose answer is being worked on. */
  followers: readonly RequestFollower[]
  /** Milliseconds in which nothing but the user's decision was waited for. */
  waitedMs: number
}

let runners = 0

/** Creates what runs a conversation's turns: the model is asked and tools are run until `toolLoopStep` says stop. */
export function createTurnRunner({
  chatId,
  queryClient,
  options,
  getState,
  dispatch,
}: TurnRunnerOptions): TurnRunner {
  // Of this conversation alone: another one with its id would keep its turns waiting, and a stop could not end that.
  const scope = { id: `candor/${chatId}/${++runners}` }
  let running: Run | null = null
  let endingRequest: Promise<unknown> | null = null

  async function start({
    head,
    params,
    continued,
    decisions,
  }: TurnStart): Promise<ToolLoopStopReason | undefined> {
    const run: Run = {
      controller: new AbortController(),
      made: new Map(decisions),
      openIds: new Set(),
      waiting: new Map(),
      followers: [],
      waitedMs: 0,
    }
    running = run
    dispatch({ type: 'turn-start' })
    let reason: ToolLoopStopReason | undefined
    let failure: CompletionErrorData | null = null
    try {
      reason = await runLoop(run, head(), params, continued)
    } catch (error) {
      reason = 'failed'
      failure = unusableRequest(error)
    }
    if (running === run) endTurn(reason ?? 'stopped', failure)
    return reason
  }

  /** Ends the turn on screen: text and status in one change. */
  function endTurn(
    reason: ToolLoopStopReason,
    error: CompletionErrorData | null,
    answers: readonly ChatAssistantMessage[] = [],
  ): void {
    running = null
    const status = reason === 'failed' ? 'error' : reason === 'cut-off' ? 'interrupted' : 'idle'
    dispatch({ type: 'turn-end', answers, status, error, stopReason: reason })
  }

  /** Why the turn ended; `undefined` when it was discarded. */
  async function runLoop(
    run: Run,
    firstId: string | null,
    params: TurnParams | undefined,
    firstContinued: Continued | undefined,
  ): Promise<ToolLoopStopReason | undefined> {
    const { signal } = run.controller
    const startedAt = Date.now()
    const countFrom = pathTo(getState(), firstId).length
    let headId = firstId
    let continued = firstContinued
    let tokens = 0
    for (;;) {
      const history = pathTo(getState(), headId)
      let step: ToolLoopStep = { type: 'ask-model', step: 0 }
      const isQuestion = history.at(-1)?.role === 'user'
      // Without tools a question is asked once; what follows from calls, results and limits is for `toolLoopStep` to say.
      if (options().tools !== undefined || !isQuestion) {
        // A stop does not wait for it, unless there are calls to be ended by it.
        const loaded = await (isQuestion ? unlessAborted(loadToolCalls(), signal) : loadToolCalls())
        if (isDiscarded(run)) return undefined
        if (loaded === undefined) return 'stopped'
        const elapsedMs = Date.now() - startedAt - run.waitedMs
        step = loaded.toolLoopStep(history.map(wireMessage), options(), { countFrom, tokens, elapsedMs })
      }
      switch (step.type) {
        case 'stop':
          return step.reason
        case 'run-tools': {
          headId = await runTools(run, history, step, params)
          if (isDiscarded(run)) return undefined
          if (signal.aborted) return 'stopped'
          break
        }
        case 'ask-model': {
          const { answer, reason } = await ask(run, history, step.step, params, continued)
          if (reason !== 'goes-on') return reason
          continued = undefined
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

  function isDiscarded(run: Run): boolean {
    return running !== run
  }

  /** One request and its answer: the choice that is shown, and why the turn ends with it, if it does. */
  async function ask(
    run: Run,
    history: readonly ChatMessage[],
    step: number,
    params: TurnParams | undefined,
    continued: Continued | undefined,
  ): Promise<{ answer: ChatAssistantMessage; reason: ToolLoopStopReason | 'goes-on' | undefined }> {
    const asked = options()
    const { middleware = [], onEvent, tools } = asked
    const prefill = continued?.text
    const client = clientFor(asked, prefill)
    const requestParams = mergedParams(asked, step, params)
    const followers = middleware.map((follow) => follow({ chatId, step, client }))
    run.followers = followers
    const first = emptyAnswer(history.at(-1)?.id ?? null, requestParams, prefill)
    let answer = first
    let reason: ToolLoopStopReason | 'goes-on' | undefined
    dispatch({ type: 'messages-add', messages: [first] })
    dispatch({ type: 'status-change', status: 'submitted' })

    async function stream(): Promise<readonly ChatAssistantMessage[]> {
      try {
        const { signal } = run.controller
        const loaded = await unlessAborted(loadAskModel(), signal)
        if (loaded === undefined) return [{ ...first, status: 'stopped' }]
        const { requestForTurn, runTurn } = loaded
        return await runTurn({
          client,
          signal,
          runsTools: tools !== undefined,
          answer: first,
          continued,
          request: () => requestForTurn(asked, { history, params: requestParams, prefill, followers }),
          publish(grown) {
            const status = grown.some((one) => one.status === 'streaming') ? 'streaming' : 'submitted'
            if (!isDiscarded(run)) dispatch({ type: 'answers-update', answers: grown, status })
          },
          onEvent(event) {
            callUserCode(onEvent, event)
            for (const follower of followers) callUserCode(follower.onEvent, event)
          },
        })
      } catch (error) {
        // The module could not be loaded: the network is gone, or the app was published anew meanwhile.
        return [{ ...first, status: 'error', error: unusableRequest(error) }]
      }
    }

    // A turn is a mutation whose scope is the conversation: devtools show it, `useIsMutating` counts it. `always`,
    // because a server on this machine answers without a network.
    const turn = new MutationObserver(queryClient, {
      mutationKey: ['candor', 'turn', chatId],
      scope,
      networkMode: 'always',
      retry: false,
      mutationFn: async (_params: TurnParams) => {
        const answers = await stream()
        answer = shownOf(getState(), answers)
        if (!isDiscarded(run)) {
          reason = endOfAnswer(answer, tools !== undefined) ?? 'goes-on'
          // In one change, before anything that the app hangs on mutations is waited for.
          if (reason === 'goes-on') dispatch({ type: 'answers-update', answers, status: 'waiting-for-tools' })
          else endTurn(reason, answer.error ?? null, answers)
        }
        for (const follower of followers) callUserCode(follower.onEnd, answers)
        if (answer.error !== undefined) throw new CompletionError(answer.error)
        return answers
      },
    })
    // Waiting here rather than in the scope: a mutation that waits there is not sure to go on in a hidden tab.
    if (endingRequest !== null) await endingRequest
    const mutation = turn.mutate(requestParams)
    const ended = mutation.catch(() => {})
    endingRequest = ended
    try {
      await mutation
    } catch (error) {
      // A failure of the answer is in the answer. Here nothing was asked: the app's own code around mutations threw.
      if (answer === first && !isDiscarded(run)) {
        const failure = unusableRequest(error)
        reason = 'failed'
        endTurn(reason, failure, [{ ...first, status: 'error', error: failure }])
      }
    } finally {
      if (endingRequest === ended) endingRequest = null
      turn.reset()
    }
    return { answer, reason }
  }

  /** Runs the calls of an answer and adds what the model is told; returns the id of the last message. */
  async function runTools(
    run: Run,
    history: readonly ChatMessage[],
    step: Extract<ToolLoopStep, { type: 'run-tools' }>,
    params: TurnParams | undefined,
  ): Promise<string | null> {
    const answer = history.findLast((message) => message.role === 'assistant')!
    dispatch({ type: 'status-change', status: 'waiting-for-tools' })
    run.openIds = new Set(step.calls.map(({ id }) => id))
    const { answerToolCalls } = await loadToolCalls()
    const { messages, waitedMs } = await answerToolCalls({
      answer,
      step,
      afterId: history.at(-1)!.id,
      options: options(),
      params,
      allowedTools: getState().allowedTools,
      signal: run.controller.signal,
      followers: run.followers,
      decisions: run,
      publish(toolRuns) {
        if (isDiscarded(run)) return
        dispatch({ type: 'answers-update', answers: [{ ...answer, toolRuns }], status: 'waiting-for-tools' })
      },
    })
    run.waitedMs += waitedMs
    run.openIds = new Set()
    run.made.clear()
    if (!isDiscarded(run)) dispatch({ type: 'messages-add', messages })
    return messages.at(-1)?.id ?? null
  }

  return {
    isRunning: () => running !== null,
    start,
    stop: () => running?.controller.abort(),
    discard() {
      const run = running
      running = null
      run?.controller.abort()
    },
    preload(history) {
      // What cannot be loaded is told when it is needed.
      loadAskModel()
        .then(({ preloadTurn }) => preloadTurn(options(), history))
        .catch(() => {})
    },
    decide(toolCallId, decision) {
      if (running === null) return false
      if (!running.openIds.has(toolCallId)) return true
      const waiting = running.waiting.get(toolCallId)
      if (waiting === undefined) running.made.set(toolCallId, decision)
      else waiting(decision)
      return true
    },
  }
}

const loadAskModel = (): Promise<typeof import('./askModel.ts')> => import('./askModel.ts')

/** What answers tool calls: after what asks for them, of which it needs a part. */
export async function loadToolCalls(): Promise<typeof import('./toolCalls.ts')> {
  const askModel = await loadAskModel()
  return askModel.loadToolCalls()
}

/** The messages from the first to the given one, along its branch. */
export function pathTo({ messages }: ChatState, messageId: string | null): ChatMessage[] {
  const path: ChatMessage[] = []
  for (let message = messages[messageId ?? '']; message; message = messages[message.parentId ?? '']) {
    path.push(message)
  }
  return path.toReversed()
}

/** Why a turn goes no further after an answer; `undefined` when its calls are to be run. */
function endOfAnswer(answer: ChatAssistantMessage, runsTools: boolean): ToolLoopStopReason | undefined {
  switch (answer.status) {
    case 'error':
    case 'timed-out':
      return 'failed'
    case 'cut-off':
    case 'stopped':
      return answer.status
    default:
      return runsTools && answer.choice.message.tool_calls?.length ? undefined : 'answered'
  }
}

/** The choice that goes on: the one that is shown, else the first. */
function shownOf(state: ChatState, answers: readonly ChatAssistantMessage[]): ChatAssistantMessage {
  const siblings = state.branches[answers[0]?.parentId ?? '']
  return answers.find(({ id }) => id === siblings?.shown) ?? answers[0]!
}

/** Some servers continue a half-written answer only at another address. */
function clientFor(
  { client, profile }: AnyChatOptions,
  prefill: string | undefined,
): AnyChatOptions['client'] {
  const dialect = profile?.prefill
  const baseURL = dialect?.style === 'message-flag' ? dialect.baseURL : undefined
  return prefill === undefined || baseURL === undefined ? client : { ...client, baseURL }
}
