import { act, cleanup, render, screen } from '@testing-library/react'
import { useEffect } from 'react'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { z } from 'zod'

import { createScriptedServer, type Exchange } from './testing/createScriptedServer.ts'
import { useStructuredCompletion, type StructuredCompletion } from './useStructuredCompletion.ts'

const schema = z.object({
  name: z.string(),
  age: z.number().max(150, 'Nobody is that old.'),
  friends: z.array(z.object({ name: z.string() })),
})
type Person = z.infer<typeof schema>

/** A component that asks for a person, and what it showed in its last render. */
async function askForPerson(): Promise<{ shown: () => StructuredCompletion<Person>; exchange: Exchange }> {
  const server = createScriptedServer()
  let person!: StructuredCompletion<Person>
  function Person() {
    const result = useStructuredCompletion({ client: server.client, request: { model: 'm' }, schema })
    useEffect(() => void (person = result))
    return <output>{JSON.stringify(result.partial)}</output>
  }
  render(<Person />)
  let exchange!: Exchange
  await act(async () => {
    void person.send('Invent a person.')
    exchange = await server.next()
  })
  return { shown: () => person, exchange }
}

/** Waits until an answer that has ended was checked. */
async function checked(isChecked: () => boolean): Promise<void> {
  await vi.waitFor(async () => {
    await frame()
    expect(isChecked()).toBe(true)
  })
}

/** Lets what came reach the screen. */
async function frame(): Promise<void> {
  await act(async () => {
    // More than one, for a machine on which a chunk is late for its frame.
    for (let round = 0; round < 3; round++) {
      await new Promise((resolve) => setTimeout(resolve, 0))
      await new Promise((resolve) => requestAnimationFrame(resolve))
    }
  })
}

afterEach(cleanup)

describe('useStructuredCompletion', () => {
  it('asks for the form, shows the value as it grows, and gives it typed at the end', async () => {
    const { shown, exchange } = await askForPerson()
    expect(exchange.request.response_format).toMatchObject({
      type: 'json_schema',
      json_schema: { name: 'answer', strict: true },
    })
    expect(shown()).toMatchObject({ partial: undefined, value: undefined, issues: [], text: '' })

    exchange.delta({ content: '{"name":"Ada Love' })
    await frame()
    expect(screen.getByRole('status').textContent).toBe('{"name":"Ada Love"}')
    expect(shown().isPathComplete(['name'])).toBe(false)

    exchange.delta({ content: 'lace","age":36,"friends":[{"name":"Charles"},{"na' })
    await frame()
    expect(shown().partial).toEqual({ name: 'Ada Lovelace', age: 36, friends: [{ name: 'Charles' }, {}] })
    expect(shown().isPathComplete(['name'])).toBe(true)
    expect(shown().isPathComplete(['friends'])).toBe(false)
    expect(shown().value).toBeUndefined()
    const firstFriend = shown().partial?.friends?.[0]

    exchange.delta({ content: 'me":"Mary"}]}' })
    exchange.finish()
    await checked(() => shown().value !== undefined)
    expect(shown().value).toEqual({
      name: 'Ada Lovelace',
      age: 36,
      friends: [{ name: 'Charles' }, { name: 'Mary' }],
    })
    expect(shown().partial?.friends?.[0]).toBe(firstFriend)
    expect(shown().issues).toEqual([])
    expect(shown().chat.status).toBe('idle')
  })

  it('says what does not fit, and where', async () => {
    const { shown, exchange } = await askForPerson()
    exchange.answer('{"name":"Methuselah","age":969,"friends":[{"name":7}]}')
    await checked(() => shown().issues.length > 0)
    expect(shown().value).toBeUndefined()
    expect(shown().partial).toMatchObject({ age: 969 })
    expect(shown().issues).toEqual([
      { path: ['age'], message: 'Nobody is that old.' },
      { path: ['friends', 0, 'name'], message: expect.any(String) },
    ])
  })

  it('says where it was cut off at the token limit', async () => {
    const { shown, exchange } = await askForPerson()
    exchange.delta({ content: '{"name":"Ada","friends":[{"na' })
    exchange.finish('length')
    await frame()
    expect(shown().partial).toEqual({ name: 'Ada', friends: [{}] })
    expect(shown().issues).toEqual([
      {
        path: ['friends', 0],
        message: 'The answer ended before its value was whole, at the most tokens that it may have.',
      },
    ])
  })

  it('keeps a refusal apart from the value', async () => {
    const { shown, exchange } = await askForPerson()
    exchange.delta({ refusal: 'I do not invent people.' })
    exchange.finish()
    await frame()
    expect(shown()).toMatchObject({
      refusal: 'I do not invent people.',
      value: undefined,
      issues: [{ path: [], message: 'The model declined to answer.' }],
    })
  })

  it('finds the value in a fence, as models write that are only told', async () => {
    const { shown, exchange } = await askForPerson()
    exchange.answer('Here you are:\n```json\n{"name":"Ada","age":36,"friends":[]}\n```')
    await checked(() => shown().value !== undefined)
    expect(shown().value).toEqual({ name: 'Ada', age: 36, friends: [] })
  })

  it('tells that an answer is no JSON', async () => {
    const { shown, exchange } = await askForPerson()
    exchange.answer('Ada is 36.')
    await frame()
    expect(shown()).toMatchObject({ partial: undefined, value: undefined, text: 'Ada is 36.' })
    expect(shown().issues[0]?.message).toMatch(/^The answer is not JSON/)
  })
})
