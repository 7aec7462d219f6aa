import {
  endedOutcome,
  refuseToolCall,
  runTools,
  type AnyTool,
  type ChatAssistantMessage,
  type ChatMessage,
  type ToolCall,
  type ToolLoopLimit,
  type ToolLoopStep,
  type ToolOutcome,
  type ToolRun,
} from '@candor/core'

import { hasEnded, isWaiting } from './answerMessage.ts'
import { callUserCode } from './callUserCode.ts'
import type { TurnParams } from './ChatHandle.ts'
import type { RequestFollower } from './ChatMiddleware.ts'
import type { AnyChatOptions } from './ChatOptions.ts'
import { createFrame } from './createFrame.ts'
import { createId } from './createId.ts'
import { decisionOn, type Decisions } from './decisionOn.ts'

/** The calls of an answer, and all that is needed to answer them. */
export interface CallsToAnswer {
  answer: ChatAssistantMessage
  /** Which calls are to be run, and which refused. */
  step: Extract<ToolLoopStep, { type: 'run-tools' }>
  /** The message after which the results come. */
  afterId: string
  options: AnyChatOptions
  /** Parameters of the turn, over those of the conversation. */
  params: TurnParams | undefined
  /** Names of tools that the user allowed once and for all. */
  allowedTools: readonly string[]
  signal: AbortSignal
  followers: readonly RequestFollower[]
  /** What the user decides about calls. */
  decisions: Decisions
  /** Takes the runs as they stand, at most once a frame, and at the end. */
  publish: (toolRuns: ChatAssistantMessage['toolRuns']) => void
}

/** The results as messages, each after the one before it. */
export interface AnsweredCalls {
  messages: readonly ChatMessage[]
  /** Milliseconds in which nothing but the user's decision was waited for. */
  waitedMs: number
}

/** Answers every open call of an answer: runs it, or says why it was not run. Never rejects. */
export async function answerToolCalls(asked: CallsToAnswer): Promise<AnsweredCalls> {
  const { answer, step, options, followers, publish } = asked
  const { maxParallel = 4, toolTimeoutMs } = options
  const { parallel_tool_calls } = { ...options.request, ...asked.params }
  const clock = createWaitClock()
  let { toolRuns } = answer
  const frame = createFrame(() => publish(toolRuns))
  const setRun = (call: ToolCall, toolRun: ToolRun): void => {
    toolRuns = { ...toolRuns, [call.id]: toolRun }
    clock.follow(Object.values(toolRuns))
    for (const follower of followers) callUserCode(follower.onToolRun, call, toolRun)
    frame.request()
  }

  const refusals = step.refused.map((call) => {
    const outcome = refuseToolCall(call, 'aborted', `The call was not run: ${limitWords(step.limit)}.`)
    setRun(call, outcome.run)
    return outcome
  })
  // Calls that ended before the conversation was saved have their results already.
  const open = step.calls.filter((call) => !hasEnded(answer.toolRuns[call.id]))
  const outcomes = await runTools(open, {
    tools: approvedTools(asked, open),
    signal: asked.signal,
    maxParallel: parallel_tool_calls === false ? 1 : maxParallel,
    ...(toolTimeoutMs !== undefined && { timeoutMs: toolTimeoutMs }),
    approve: async ({ call }) => (await decisionOn(asked.decisions, call.id, 'approval')).approval!,
    provideResult: async ({ call }) => (await decisionOn(asked.decisions, call.id, 'result')).result!.value,
    onRun(toolCallId, toolRun) {
      const call = open.find(({ id }) => id === toolCallId)
      if (call !== undefined) setRun(call, toolRun)
    },
  })
  frame.cancel()
  publish(toolRuns)

  const ended = step.calls.map(
    (call) => outcomes[open.indexOf(call)] ?? endedOutcome(call, toolRuns[call.id] ?? { status: 'aborted' }),
  )
  return { messages: inRow([...ended, ...refusals], asked.afterId), waitedMs: clock.stop() }
}

function inRow(outcomes: readonly ToolOutcome[], afterId: string): ChatMessage[] {
  let parentId = afterId
  return outcomes.map(({ message }): ChatMessage => {
    const node: ChatMessage = { id: createId(), parentId, createdAt: Date.now(), role: 'tool', message }
    parentId = node.id
    return node
  })
}

/** The tools, each needing approval as the conversation's policy and the user say. */
function approvedTools({ options, allowedTools }: CallsToAnswer, calls: readonly ToolCall[]): AnyTool[] {
  const { tools = answeredByUser(calls), approval = 'by-tool' } = options
  return tools.map((tool): AnyTool => {
    if (allowedTools.includes(tool.name)) return { ...tool, needsApproval: false }
    if (approval === 'by-tool') return tool
    if (typeof approval === 'function') {
      return { ...tool, needsApproval: (args: unknown) => approval(tool, args) }
    }
    return { ...tool, needsApproval: approval === 'always' }
  })
}

/** For a conversation that was given no code for its tools: the user gives every result. */
function answeredByUser(calls: readonly ToolCall[]): AnyTool[] {
  const names = new Set(
    calls.map((call) => (call.type === 'function' ? call.function.name : call.custom.name)),
  )
  return [...names].map((name) => ({ name, parameters: {} }))
}

/** Measures the time in which calls wait for the user and none runs. */
function createWaitClock(): { follow: (runs: readonly ToolRun[]) => void; stop: () => number } {
  let waitedMs = 0
  let since: number | undefined
  const pause = (): void => {
    if (since !== undefined) waitedMs += Date.now() - since
    since = undefined
  }
  return {
    follow(runs) {
      const isWaitingOnly = runs.some(isWaiting) && runs.every((run) => isWaiting(run) || hasEnded(run))
      if (!isWaitingOnly) pause()
      else since ??= Date.now()
    },
    stop() {
      pause()
      return waitedMs
    },
  }
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
