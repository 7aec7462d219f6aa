import { expect, test } from 'vitest'
import * as z from 'zod'

import { defineTool, toolForRequest } from '../tools/defineTool.ts'
import { checkRequest } from './checkRequest.ts'
import { openai } from './profiles/openai.ts'

function issuesOf(parameters: z.ZodType, strict?: boolean): string[] {
  const tool = defineTool({ name: 'weather', parameters, ...(strict !== undefined && { strict }) })
  const params = {
    model: 'm',
    messages: [{ role: 'user' as const, content: 'Weather?' }],
    tools: [toolForRequest(tool)],
  }
  return checkRequest(params, { profile: openai }).map(({ path, level }) => `${path}: ${level}`)
}

test('a strict tool of zod is one that OpenAI takes', () => {
  expect(issuesOf(z.object({ city: z.string(), unit: z.enum(['c', 'f']).nullish() }), true)).toEqual([])
})

test('what cannot be strict is reported at its place among the tools', () => {
  expect(issuesOf(z.object({ city: z.string().optional() }), true)).toEqual([
    'tools[0].function.parameters.properties.city: error',
  ])
})

test('a tool that is not strict takes any schema', () => {
  expect(issuesOf(z.object({ tags: z.record(z.string(), z.string()) }))).toEqual([])
  expect(issuesOf(z.object({ city: z.string().optional() }), false)).toEqual([])
})
