import { createClient, defineTool, llamaCpp, type ChatCompletionParams } from '@candor/core'
import { createRandom, type Random } from '@candor/core/testing'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { z } from 'zod'

import type { ChatState, TurnOutcome } from './ChatHandle.ts'
import { createChat, type ChatController } from './createChat.ts'
import { selectMessages } from './selectMessages.ts'

const tool = defineTool({ name: 'look', parameters: z.object({ what: z.string() }) })

/** Tools of every kind of behaviour: at once, never, failing, after approval, by the user. */
const tools = [
  { ...tool, execute: () => 'seen' },
  { ...tool, name: 'hang', execute: () => new Promise<string>(() => {}) },
  { ...tool, name: 'fail', execute: () => Promise.reject(new Error('broken')) },
  { ...tool, name: 'guarded', needsApproval: true, execute: () => 'allowed' },
  { ...tool, name: 'asked' },
]
const toolNames = [...tools.map(({ name }) => name), 'unknown']

/** A server of every kind of behaviour, which looks at what it is sent. */
function createMoodyServer(random: Random) {
  const open = new Set<AbortSignal>()
  const wrong: string[] = []
  const client = createClient({
    baseURL: 'http://model.test/v1',
    async fetch(_, init) {
      const request: ChatCompletionParams = JSON.parse(typeof init?.body === 'string' ? init.body : '{}')
      const { signal } = init!
      const problem = historyProblem(request)
      if (problem !== undefined) wrong.push(problem)
      for (const other of open) if (!other.aborted) wrong.push('two requests at once')
      if (random.below(8) === 0) return new Response('{"error":{"message":"no"}}', { status: 400 })
      open.add(signal!)
      return new Response(
        streamOf(random, signal!, () => open.delete(signal!)),
        {
          headers: { 'content-type': 'text/event-stream' },
        },
      )
    },
  })
  return { client, wrong }
}

function streamOf(random: Random, signal: AbortSignal, onEnd: () => void): ReadableStream<Uint8Array> {
  const pieces = piecesOf(random)
  // Some hang after their last piece until somebody leaves.
  const isHanging = random.below(6) === 0
  return new ReadableStream({
    start(controller) {
      signal.addEventListener('abort', () => {
        onEnd()
        controller.error(signal.reason)
      })
    },
    async pull(controller) {
      await new Promise((resolve) => setTimeout(resolve, 0))
      if (signal.aborted) return
      const piece = pieces.shift()
      if (piece !== undefined) controller.enqueue(new TextEncoder().encode(piece))
      else if (isHanging) await new Promise(() => {})
      else {
        onEnd()
        controller.close()
      }
    },
  })
}

function chunk(delta: object, finish_reason: string | null = null): string {
  return `data: ${JSON.stringify({ choices: [{ index: 0, delta, finish_reason }] })}\n\n`
}

function piecesOf(random: Random): string[] {
  const call = (index: number): string =>
    chunk({
      tool_calls: [
        {
          index,
          id: `call_${random.below(3)}`,
          type: 'function',
          function: { name: random.pick(toolNames), arguments: random.pick(['{"what":"it"}', '{}', '{"wh']) },
        },
      ],
    })
  const text = [chunk({ content: 'Some ' }), chunk({ content: 'words.' })]
  const calls = Array.from({ length: 1 + random.below(2) }, (_, index) => call(index))
  const said = random.pick([text, calls, [...text, ...calls], []])
  const ending = random.pick([
    [chunk({}, 'stop'), 'data: [DONE]\n\n'],
    [chunk({}, 'stop'), 'data: [DONE]\n\n'],
    [chunk({}, 'length')],
    [],
    ['data: {"error":{"message":"GPU on fire"}}\n\n'],
  ])
  return [...said, ...ending]
}

/** What a server would refuse; `undefined` when nothing. */
function historyProblem({ messages }: ChatCompletionParams): string | undefined {
  for (const [place, message] of messages.entries()) {
    if (message.role === 'assistant' && (message.tool_calls?.length ?? 0) > 0) {
      const ids = message.tool_calls!.map(({ id }) => id)
      const answers = messages.slice(place + 1, place + 1 + ids.length)
      const answered = answers.map((answer) => (answer.role === 'tool' ? answer.tool_call_id : answer.role))
      if (ids.toSorted().join() !== answered.toSorted().join()) return `unanswered calls: ${ids.join()}`
    }
    if (message.role === 'assistant' && !message.content && !message.tool_calls?.length)
      return 'an empty answer'
  }
  return undefined
}

/** Does one thing that a user can do, whether it makes sense now or not. */
function act(chat: ChatController, random: Random): void {
  const { actions, store } = chat
  const state = store.getState()
  const messageId = random.pick([...state.messageIds, 'nowhere'])
  const callId = `call_${random.below(4)}`
  const choices: (() => unknown)[] = [
    () => actions.send('Hello'),
    () => actions.send('Hello'),
    () => actions.send({ text: 'Look', files: [new Blob(['x'], { type: 'image/png' })] }),
    () => actions.stop(),
    () => actions.retry(),
    () => actions.regenerate(random.pick(['last', messageId]) === 'last' ? undefined : messageId),
    () => actions.edit(messageId, 'Changed'),
    () => actions.continue({ messageId }),
    () =>
      actions.selectBranch(
        random.pick(
          Object.values(state.branches)
            .flatMap(({ ids }) => ids)
            .concat('x'),
        ),
      ),
    () => actions.selectChoice(0),
    () => actions.approveToolCall(callId, { always: random.below(4) === 0 }),
    () => actions.denyToolCall(callId),
    () => actions.provideToolResult(callId, 'given'),
    () => actions.retryToolCall(callId),
    () => actions.unqueue(0),
    () => actions.sendQueued(),
    () => actions.load(JSON.parse(JSON.stringify(actions.toJSON()))),
    () => random.below(5) === 0 && actions.reset(),
  ]
  void random.pick(choices)()
}

const isQuiet = ({ status, queue }: ChatState): boolean =>
  queue.length === 0 && status !== 'submitted' && status !== 'streaming'

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }))
afterEach(() => void vi.useRealTimers())

/** Looks often: most come to rest at once. */
const patience = { interval: 2, timeout: 5_000 }

const seeds = Array.from({ length: 40 }, (_, seed) => seed + 1)

it.each(seeds)(
  'whatever is done in whatever order (%i), a chat comes to rest and every request is one that servers accept',
  async (seed) => {
    const random = createRandom(seed)
    const { client, wrong } = createMoodyServer(random)
    const chat = createChat({ client, request: { model: 'm' }, profile: llamaCpp, tools, maxSteps: 4 })
    for (let step = 0; step < 60; step++) {
      act(chat, random)
      if (random.below(3) > 0) await vi.advanceTimersByTimeAsync(random.below(4))
    }
    await vi.waitFor(() => {
      chat.actions.stop()
      chat.actions.unqueue(0)
      expect(isQuiet(chat.store.getState())).toBe(true)
    }, patience)
    // And it can be used: what is sent now is answered, fails or is stopped, and is told.
    const ended = vi.fn<(outcome: TurnOutcome) => void>()
    void chat.actions.send('Still there?').then(ended)
    await vi.waitFor(() => {
      chat.actions.stop()
      chat.actions.sendQueued()
      expect(ended).toHaveBeenCalledExactlyOnceWith(
        expect.stringMatching(/^(?:finished|stopped|failed|cut-off)$/),
      )
    }, patience)
    expect(wrong).toEqual([])
    expect(selectMessages(chat.store.getState()).some(({ role }) => role === 'user')).toBe(true)
  },
)
