import { groq, llamaCpp, mistral, openai } from '@candor/core'
import { describe, expect, it } from 'vitest'

import {
  EMBEDDED_DEFAULTS,
  ENDPOINT_DEFAULTS,
  INITIAL_SETTINGS,
  instructions,
  requestParams,
} from './settings.ts'

describe('the parameters of a request', () => {
  it('are the defaults of the connection where the reader chose none', () => {
    expect(requestParams(INITIAL_SETTINGS, EMBEDDED_DEFAULTS, undefined)).toEqual({
      temperature: 0,
      max_tokens: 256,
      logprobs: true,
      top_logprobs: 5,
    })
  })

  it('ask for several answers at a temperature at which they differ, unless the reader chose one', () => {
    const three = { ...INITIAL_SETTINGS, figures: { n: 3 } }
    expect(requestParams(three, EMBEDDED_DEFAULTS, undefined)).toMatchObject({ n: 3, temperature: 0.8 })
    expect(requestParams(three, ENDPOINT_DEFAULTS, undefined)).not.toHaveProperty('temperature')
    const alike = { ...INITIAL_SETTINGS, figures: { n: 3, temperature: 0 } }
    expect(requestParams(alike, EMBEDDED_DEFAULTS, undefined)).toMatchObject({ n: 3, temperature: 0 })
  })

  it('leave a figure out that the reader emptied, and send 0', () => {
    const settings = { ...INITIAL_SETTINGS, figures: { temperature: null, seed: 0, top_logprobs: 0 } }
    expect(requestParams(settings, EMBEDDED_DEFAULTS, undefined)).toEqual({
      max_tokens: 256,
      seed: 0,
      logprobs: true,
      top_logprobs: 0,
    })
  })

  it('name the token limit as the server wants it', () => {
    const settings = { ...INITIAL_SETTINGS, figures: { max_tokens: 9 } }
    expect(requestParams(settings, ENDPOINT_DEFAULTS, openai)).toMatchObject({
      max_completion_tokens: 9,
    })
  })

  it('ask for no alternatives while logprobs are off', () => {
    const params = requestParams({ ...INITIAL_SETTINGS, logprobs: false }, ENDPOINT_DEFAULTS, undefined)
    expect(params).toEqual({})
  })

  it('ask for no logprobs where the server refuses them', () => {
    expect(requestParams(INITIAL_SETTINGS, ENDPOINT_DEFAULTS, groq)).not.toHaveProperty('logprobs')
  })

  it('ask for the token counts where the server is known to tell them, and nowhere else', () => {
    const usage = { include_usage: true }
    const options = [llamaCpp, openai, groq, mistral, undefined].map(
      (profile) => requestParams(INITIAL_SETTINGS, ENDPOINT_DEFAULTS, profile).stream_options,
    )
    expect(options).toEqual([usage, usage, usage, undefined, undefined])
  })

  it('ask for any JSON while the schema is half typed', () => {
    const settings = { ...INITIAL_SETTINGS, format: 'json_schema' as const, schema: '{"type":' }
    expect(requestParams(settings, {}, undefined).response_format).toEqual({ type: 'json_object' })
  })
})

describe('the instructions', () => {
  it('hold the word JSON where JSON mode would be refused without it', () => {
    expect(instructions({ ...INITIAL_SETTINGS, format: 'json_object', system: 'Be brief.' })).toBe(
      'Be brief.\n\nAnswer in JSON.',
    )
  })

  it('stay as they were typed where they hold it already', () => {
    const system = 'Write json, and nothing else.'
    expect(instructions({ ...INITIAL_SETTINGS, format: 'json_object', system })).toBe(system)
  })

  it('are none when nothing was typed', () => {
    expect(instructions(INITIAL_SETTINGS)).toBe('')
  })
})
