import { deepseek, llamaCpp, transformersServe, type ChatCompletionParams } from '@candor/core'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'

import { structuredRequest, type StructuredForm } from './structuredRequest.ts'

const request: ChatCompletionParams = {
  model: 'm',
  messages: [
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: 'Invent a person.' },
  ],
}
const form: StructuredForm = {
  schema: z.object({ name: z.string() }),
  name: 'person',
  description: undefined,
  strict: undefined,
  format: undefined,
  profile: undefined,
}
const jsonSchema = {
  type: 'object',
  properties: { name: { type: 'string' } },
  required: ['name'],
  additionalProperties: false,
}

describe('asking for an answer of a schema', () => {
  it('holds the server to the schema where it can be held', () => {
    for (const profile of [undefined, llamaCpp]) {
      expect(structuredRequest(request, { ...form, profile })).toEqual({
        ...request,
        response_format: {
          type: 'json_schema',
          json_schema: { name: 'person', strict: true, schema: jsonSchema },
        },
      })
    }
  })

  it('holds it to JSON and tells it the schema where it knows only that', () => {
    const asked = structuredRequest(request, { ...form, profile: deepseek })
    expect(asked.response_format).toEqual({ type: 'json_object' })
    expect(asked.messages).toEqual([
      {
        role: 'system',
        content: expect.stringMatching(/^Be brief\.\n\nAnswer with nothing but JSON .*"name"/s),
      },
      { role: 'user', content: 'Invent a person.' },
    ])
  })

  it('only tells it the schema where it ignores both', () => {
    const asked = structuredRequest(
      { ...request, messages: request.messages.slice(1) },
      { ...form, profile: transformersServe },
    )
    expect(asked).not.toHaveProperty('response_format')
    expect(asked.messages[0]).toMatchObject({ role: 'system', content: expect.stringContaining('"name"') })
  })

  it('asks by parameters of one server where the app says how', () => {
    const asked = structuredRequest(request, { ...form, format: (schema) => ({ guided_json: schema }) })
    expect(asked).toMatchObject({ guided_json: { type: 'object' } })
    expect(asked).not.toHaveProperty('response_format')
  })

  it('does not hold the server strictly to a schema that has no strict form', () => {
    const asked = structuredRequest(request, { ...form, schema: z.record(z.string(), z.number()) })
    expect(asked.response_format).toMatchObject({ type: 'json_schema', json_schema: { strict: false } })
  })
})
