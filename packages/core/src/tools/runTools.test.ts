import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { z } from 'zod'

import type { ToolRun } from '../ChatMessage.ts'
import type { ToolCall } from '../wire.ts'
import { defineTool } from './defineTool.ts'
import { runTools, type RunToolsOptions, type ToolApproval } from './runTools.ts'

function callOf(name: string, args: unknown = {}, id: string = name): ToolCall {
  const text = typeof args === 'string' ? args : JSON.stringify(args)
  return { id, type: 'function', function: { name, arguments: text } }
}

const weather = defineTool({
  name: 'get_weather',
  parameters: z.object({ city: z.string(), unit: z.enum(['celsius', 'fahrenheit']).default('celsius') }),
  execute: ({ city, unit }) => ({ city, unit, degrees: 18 }),
})
const noArguments = z.object({})

/** Runs one call and returns its end with every state that it went through. */
async function runOne(call: ToolCall, options: RunToolsOptions) {
  const runs: ToolRun[] = []
  const [outcome] = await runTools([call], { ...options, onRun: (_, run) => runs.push(run) })
  return { ...outcome!, statuses: runs.map((run) => run.status), runs }
}

/** A promise that the test settles. */
function deferred<Value>() {
  let resolve!: (value: Value) => void
  let reject!: (error: unknown) => void
  const promise = new Promise<Value>((yes, no) => {
    resolve = yes
    reject = no
  })
  return { promise, resolve, reject }
}

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

describe('a tool call', () => {
  it('runs with checked arguments and tells the model the result as JSON', async () => {
    const { run, message, statuses } = await runOne(callOf('get_weather', { city: 'Paris' }, 'call_1'), {
      tools: [weather],
    })
    expect(statuses).toEqual(['running', 'done'])
    expect(run).toMatchObject({
      arguments: { city: 'Paris', unit: 'celsius' },
      result: { city: 'Paris', unit: 'celsius', degrees: 18 },
      durationMs: 0,
    })
    expect(message).toEqual({
      role: 'tool',
      tool_call_id: 'call_1',
      content: '{"city":"Paris","unit":"celsius","degrees":18}',
    })
  })

  it.each([
    ['a text as it is', 'sunny', 'sunny'],
    ['an empty text', '', ''],
    ['zero', 0, '0'],
    ['false', false, 'false'],
    ['null', null, 'null'],
    ['an empty list', [], '[]'],
    ['text parts as they are', [{ type: 'text', text: 'sunny' }], [{ type: 'text', text: 'sunny' }]],
    ['that a tool without a result is done', undefined, 'Done.'],
  ])('tells the model %s', async (_, result, content) => {
    const tool = defineTool({ name: 'f', parameters: noArguments, execute: () => result })
    expect((await runOne(callOf('f'), { tools: [tool] })).message.content).toEqual(content)
  })

  it('takes empty arguments for none', async () => {
    const tool = defineTool({ name: 'f', parameters: noArguments, execute: (args) => args })
    expect((await runOne(callOf('f', ''), { tools: [tool] })).run).toMatchObject({
      status: 'done',
      result: {},
    })
  })

  it('that throws is answered with the error', async () => {
    const tool = defineTool({
      name: 'f',
      parameters: noArguments,
      execute() {
        throw new Error('the dice fell off the table')
      },
    })
    const { run, message } = await runOne(callOf('f'), { tools: [tool] })
    expect(run).toMatchObject({ status: 'failed', errorText: 'The tool failed: the dice fell off the table' })
    expect(message.content).toBe(run.errorText)
  })

  it.each<[string, unknown, string]>([
    ['nothing', undefined, 'it did not say why'],
    ['an error without words', new RangeError(), 'RangeError'],
    ['words', 'no dice', 'no dice'],
    ['data', { code: 7 }, '{"code":7}'],
    ['what cannot be written', { big: 1n }, 'it did not say why'],
  ])('that throws %s is answered all the same', async (_, thrown, words) => {
    const tool = defineTool({
      name: 'f',
      parameters: noArguments,
      execute() {
        throw thrown
      },
    })
    const { run } = await runOne(callOf('f'), { tools: [tool] })
    expect(run).toMatchObject({ status: 'failed', errorText: `The tool failed: ${words}` })
  })

  it('whose result has no JSON is answered with that', async () => {
    const tool = defineTool({ name: 'f', parameters: noArguments, execute: () => ({ big: 1n }) })
    const { run } = await runOne(callOf('f'), { tools: [tool] })
    expect(run.status).toBe('failed')
    expect(run.errorText).toContain('its result cannot be written as JSON')
  })

  it('of a tool that does not exist is answered with those that do', async () => {
    const { run, message } = await runOne(callOf('Paris'), { tools: [weather] })
    expect(run.status).toBe('unknown')
    expect(message.content).toBe('There is no tool named "Paris". The tools are: get_weather.')
  })

  it('whose arguments are not JSON is answered with what they were', async () => {
    const { run, message } = await runOne(callOf('get_weather', '{"city":'), { tools: [weather] })
    expect(run.status).toBe('invalid')
    expect(message.content).toContain('The arguments are not JSON')
    expect(message.content).toContain('{"city":')
  })

  it('whose arguments do not fit is answered with the place and the reason', async () => {
    const { run, message } = await runOne(callOf('get_weather', { city: 7 }), { tools: [weather] })
    expect(run).toMatchObject({ status: 'invalid', arguments: { city: 7 } })
    expect(message.content).toContain('city: ')
  })

  it('is checked against raw JSON Schema too', async () => {
    const tool = defineTool({
      name: 'f',
      parameters: { type: 'object', properties: { count: { type: 'integer' } }, required: ['count'] },
      execute: ({ count }) => count + 1,
    })
    expect((await runOne(callOf('f', { count: 1 }), { tools: [tool] })).run.result).toBe(2)
    expect((await runOne(callOf('f', {}), { tools: [tool] })).run.status).toBe('invalid')
  })

  it('shows its progress while it runs, and none afterwards', async () => {
    const half = deferred<void>()
    let report!: (progress: { fraction?: number; text?: string }) => void
    const tool = defineTool({
      name: 'f',
      parameters: noArguments,
      async execute(_, context) {
        report = context.onProgress
        report({ fraction: 0.5, text: 'half way' })
        await half.promise
      },
    })
    const running = runOne(callOf('f'), { tools: [tool] })
    half.resolve()
    const { runs, run } = await running
    expect(runs.map(({ status, progress }) => [status, progress?.fraction])).toEqual([
      ['running', undefined],
      ['running', 0.5],
      ['done', undefined],
    ])
    report({ fraction: 0.9 })
    expect(runs).toHaveLength(3)
    expect(run).not.toHaveProperty('progress')
  })
})

describe('time-out', () => {
  it('gives up a tool that takes too long and aborts its signal', async () => {
    let signal: AbortSignal | undefined
    const tool = defineTool({
      name: 'f',
      parameters: noArguments,
      timeoutMs: 2000,
      execute(_, context) {
        signal = context.signal
        return new Promise(() => {})
      },
    })
    const running = runOne(callOf('f'), { tools: [tool], timeoutMs: 60_000 })
    await vi.advanceTimersByTimeAsync(1999)
    expect(signal?.aborted).toBe(false)
    await vi.advanceTimersByTimeAsync(1)
    const { run, message } = await running
    expect(signal?.aborted).toBe(true)
    expect(run).toMatchObject({ status: 'timed-out', durationMs: 2000 })
    expect(message.content).toBe('The tool did not end within 2 s and was given up.')
  })

  it('does not run while the user thinks about allowing the call', async () => {
    const decision = deferred<{ approved: true }>()
    const tool = defineTool({
      name: 'f',
      parameters: noArguments,
      needsApproval: true,
      timeoutMs: 1000,
      execute: () => 'ok',
    })
    const running = runOne(callOf('f'), { tools: [tool], approve: () => decision.promise })
    await vi.advanceTimersByTimeAsync(3_600_000)
    decision.resolve({ approved: true })
    expect((await running).run).toMatchObject({ status: 'done', durationMs: 0 })
  })

  it('leaves no timer behind when the tool ends in time', async () => {
    await runOne(callOf('get_weather', { city: 'Paris' }), { tools: [weather], timeoutMs: 1000 })
    expect(vi.getTimerCount()).toBe(0)
  })
})

describe('stopping', () => {
  it('ends every call at once, also of tools that do not heed the signal', async () => {
    const controller = new AbortController()
    const deaf = defineTool({ name: 'deaf', parameters: noArguments, execute: () => new Promise(() => {}) })
    const asking = defineTool({
      name: 'asking',
      parameters: noArguments,
      needsApproval: true,
      execute: () => 1,
    })
    const asked = defineTool({ name: 'asked', parameters: noArguments })
    const running = runTools(
      [callOf('deaf'), callOf('asking'), callOf('asked'), callOf('deaf', {}, 'waits')],
      {
        tools: [deaf, asking, asked],
        maxParallel: 1,
        signal: controller.signal,
        approve: () => new Promise(() => {}),
        provideResult: () => new Promise(() => {}),
      },
    )
    await vi.advanceTimersByTimeAsync(0)
    controller.abort()
    const outcomes = await running
    expect(outcomes.map(({ run }) => run.status)).toEqual(['aborted', 'aborted', 'aborted', 'aborted'])
    expect(outcomes.map(({ message }) => message.tool_call_id)).toEqual(['deaf', 'asking', 'asked', 'waits'])
  })

  it('is not held up by what decides whether a call may run: a schema or `needsApproval` that never answers', async () => {
    const execute = vi.fn<() => void>()
    const controller = new AbortController()
    const undecided = defineTool({
      name: 'undecided',
      parameters: noArguments,
      needsApproval: () => new Promise(() => {}),
      execute,
    })
    const unchecked = defineTool({
      name: 'unchecked',
      parameters: noArguments.refine(() => new Promise<boolean>(() => {})),
      execute,
    })
    const running = runTools([callOf('undecided'), callOf('unchecked')], {
      tools: [undecided, unchecked],
      signal: controller.signal,
    })
    await vi.advanceTimersByTimeAsync(0)
    controller.abort()
    expect((await running).map(({ run }) => run.status)).toEqual(['aborted', 'aborted'])
    expect(execute).not.toHaveBeenCalled()
  })

  it('before the start runs nothing', async () => {
    const execute = vi.fn<() => void>()
    const tool = defineTool({ name: 'f', parameters: noArguments, execute })
    const { run } = await runOne(callOf('f'), { tools: [tool], signal: AbortSignal.abort() })
    expect(run.status).toBe('aborted')
    expect(execute).not.toHaveBeenCalled()
  })
})

describe('approval', () => {
  const guarded = defineTool({
    name: 'delete_file',
    parameters: z.object({ path: z.string() }),
    needsApproval: ({ path }) => !path.startsWith('/tmp/'),
    execute: ({ path }) => `deleted ${path}`,
  })

  it('is asked for with the checked arguments, and then the tool runs', async () => {
    const approve = vi.fn<() => ToolApproval>(() => ({ approved: true }))
    const { statuses } = await runOne(callOf('delete_file', { path: '/etc/passwd' }), {
      tools: [guarded],
      approve,
    })
    expect(statuses).toEqual(['waiting-for-approval', 'running', 'done'])
    expect(approve).toHaveBeenCalledWith(
      expect.objectContaining({ tool: guarded, arguments: { path: '/etc/passwd' } }),
    )
  })

  it('is not asked for where the tool does not need it for these arguments', async () => {
    const { statuses } = await runOne(callOf('delete_file', { path: '/tmp/x' }), { tools: [guarded] })
    expect(statuses).toEqual(['running', 'done'])
  })

  it('denied is told to the model with the reason', async () => {
    const { run, message } = await runOne(callOf('delete_file', { path: '/etc/passwd' }), {
      tools: [guarded],
      approve: () => ({ approved: false, reason: 'That file is needed.' }),
    })
    expect(run.status).toBe('denied')
    expect(message.content).toBe('The user did not allow this call. That file is needed.')
  })

  it('that nobody can give is denied', async () => {
    const { run } = await runOne(callOf('delete_file', { path: '/etc/passwd' }), { tools: [guarded] })
    expect(run.status).toBe('denied')
  })
})

describe('several calls', () => {
  it('run side by side up to the limit, and end in the order of the calls', async () => {
    const ends = new Map<string, () => void>()
    const started: string[] = []
    const tool = defineTool({
      name: 'f',
      parameters: noArguments,
      execute(_, { toolCallId }) {
        started.push(toolCallId)
        return new Promise<string>((resolve) => ends.set(toolCallId, () => resolve(toolCallId)))
      },
    })
    const running = runTools(
      ['a', 'b', 'c'].map((id) => callOf('f', {}, id)),
      { tools: [tool], maxParallel: 2 },
    )
    await vi.advanceTimersByTimeAsync(0)
    expect(started).toEqual(['a', 'b'])
    ends.get('b')?.()
    await vi.advanceTimersByTimeAsync(0)
    expect(started).toEqual(['a', 'b', 'c'])
    ends.get('c')?.()
    ends.get('a')?.()
    expect((await running).map(({ message }) => message.content)).toEqual(['a', 'b', 'c'])
  })

  it('that wait for the user keep no other from running', async () => {
    const decision = deferred<{ approved: true }>()
    const asking = defineTool({
      name: 'asking',
      parameters: noArguments,
      needsApproval: true,
      execute: () => 1,
    })
    const execute = vi.fn<() => number>(() => 2)
    const free = defineTool({ name: 'free', parameters: noArguments, execute })
    const running = runTools([callOf('asking'), callOf('free')], {
      tools: [asking, free],
      maxParallel: 1,
      approve: () => decision.promise,
    })
    await vi.advanceTimersByTimeAsync(0)
    expect(execute).toHaveBeenCalled()
    decision.resolve({ approved: true })
    expect((await running).map(({ run }) => run.result)).toEqual([1, 2])
  })
})

describe('a tool without `execute`', () => {
  const ask = defineTool({ name: 'ask_user', parameters: z.object({ question: z.string() }) })

  it('waits for the result that the user provides', async () => {
    const provided = deferred<unknown>()
    const running = runOne(callOf('ask_user', { question: 'Which city?' }), {
      tools: [ask],
      provideResult: () => provided.promise,
    })
    provided.resolve('Paris')
    const { statuses, message } = await running
    expect(statuses).toEqual(['waiting-for-result', 'done'])
    expect(message.content).toBe('Paris')
  })
})
