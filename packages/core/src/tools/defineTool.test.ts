import { describe, expect, expectTypeOf, it } from 'vitest'
import { z } from 'zod'

import type { ToolCall } from '../wire.ts'
import { defineTextTool, defineTool, toolForRequest } from './defineTool.ts'
import { runTools } from './runTools.ts'
import { toolRunOf, type PartialDeep } from './toolRunOf.ts'

const weather = defineTool({
  name: 'get_weather',
  description: 'The weather in a city.',
  parameters: z.object({ city: z.string(), days: z.number().default(1) }),
  execute: async ({ city, days }) => ({ city, days, degrees: 18 }),
})

const call: ToolCall = {
  id: 'call_1',
  type: 'function',
  function: { name: 'get_weather', arguments: '{"city":"Paris"}' },
}

describe('a defined tool', () => {
  it('is listed in a request with the JSON Schema of what the model writes', () => {
    expect(toolForRequest(weather)).toEqual({
      type: 'function',
      function: {
        name: 'get_weather',
        description: 'The weather in a city.',
        parameters: expect.objectContaining({ type: 'object', required: ['city'] }),
      },
    })
  })

  it('is listed with raw JSON Schema as it is', () => {
    const parameters = { type: 'object', properties: { zone: { type: 'string' } } } as const
    expect(toolForRequest(defineTool({ name: 'now', parameters }))).toEqual({
      type: 'function',
      function: { name: 'now', parameters },
    })
  })

  it('that is strict is listed with the strict form of its schema', () => {
    const parameters = {
      type: 'object',
      properties: { zone: { type: 'string' } },
      required: ['zone'],
    } as const
    expect(toolForRequest(defineTool({ name: 'now', parameters, strict: true }))).toEqual({
      type: 'function',
      function: { name: 'now', parameters: { ...parameters, additionalProperties: false }, strict: true },
    })
  })

  it('gives its code what the schema gives back', () => {
    expectTypeOf<NonNullable<typeof weather.execute>>()
      .parameter(0)
      .toEqualTypeOf<{ city: string; days: number }>()
    const raw = defineTool({
      name: 'f',
      parameters: { type: 'object', properties: { n: { type: 'integer' } }, required: ['n'] },
      execute: ({ n }) => n,
    })
    expectTypeOf<NonNullable<typeof raw.execute>>().parameter(0).toEqualTypeOf<{ n: number }>()
  })

  it('types its runs: whole arguments and a result when it is done, parts while they stream', async () => {
    const [outcome] = await runTools([call], { tools: [weather] })
    const run = toolRunOf(weather, call, outcome?.run)
    expect(run).toMatchObject({
      status: 'done',
      arguments: { city: 'Paris', days: 1 },
      result: { degrees: 18 },
    })
    const ended = run?.status === 'done' ? run : undefined
    expectTypeOf(ended!.result.degrees).toEqualTypeOf<number>()
    const streaming = run?.status === 'arguments-streaming' ? run : undefined
    expectTypeOf(streaming?.arguments).toEqualTypeOf<
      PartialDeep<{ city: string; days: number }> | undefined
    >()
  })

  it('has no run of another tool’s call', () => {
    const other = { ...call, function: { name: 'roll_dice', arguments: '{}' } }
    expect(toolRunOf(weather, other, { status: 'done', result: 4 })).toBeUndefined()
  })
})

describe('a tool that takes text', () => {
  const python = defineTextTool({
    name: 'python',
    description: 'Runs Python.',
    format: { type: 'grammar', grammar: { syntax: 'regex', definition: '.*' } },
    execute: (code) => code.length,
  })

  it('is a custom tool in a request', () => {
    expect(toolForRequest(python)).toEqual({
      type: 'custom',
      custom: {
        name: 'python',
        description: 'Runs Python.',
        format: { type: 'grammar', grammar: { syntax: 'regex', definition: '.*' } },
      },
    })
  })

  it('is run with the text as the model wrote it', async () => {
    const custom: ToolCall = { id: 'call_1', type: 'custom', custom: { name: 'python', input: 'print(1)' } }
    const [outcome] = await runTools([custom], { tools: [python] })
    expect(outcome?.message).toEqual({ role: 'tool', tool_call_id: 'call_1', content: '8' })
  })
})
