import { expect, test } from 'vitest'

import { changeDraft, NOTHING_TYPED, type DraftWithKeys } from './changeDraft.ts'
import type { EndpointDraft } from './connection.ts'

const openai = 'https://api.openai.com/v1'
const groq = 'https://api.groq.com/openai/v1'

function after(...changes: readonly Partial<EndpointDraft>[]): EndpointDraft {
  const start: DraftWithKeys = NOTHING_TYPED
  return changes.reduce(changeDraft, start).draft
}

test('a key does not go along to another address', () => {
  expect(after({ baseUrl: openai }, { apiKey: 'sk-openai' }, { baseUrl: groq, model: '' })).toEqual({
    baseUrl: groq,
    apiKey: '',
    model: '',
  })
})

test('back at the address that it was typed for, a key is there again', () => {
  const draft = after(
    { baseUrl: openai },
    { apiKey: 'sk-openai' },
    { baseUrl: groq },
    { apiKey: 'gsk-groq' },
    { baseUrl: openai },
  )
  expect(draft.apiKey).toBe('sk-openai')
})

test('a key stays while only the path or the model changes', () => {
  const draft = after(
    { baseUrl: 'localhost:8080' },
    { apiKey: 'key' },
    { baseUrl: 'http://localhost:8080/v1' },
  )
  expect(draft.apiKey).toBe('key')
  expect(after({ baseUrl: openai }, { apiKey: 'key' }, { model: 'gpt' }).apiKey).toBe('key')
})

test.each([
  ['another port', 'http://localhost:8080/v1', 'http://localhost:8081/v1'],
  ['another scheme', 'https://localhost:8080/v1', 'http://localhost:8080/v1'],
  ['a host that begins the same', 'https://api.openai.com', 'https://api.openai.com.example.org'],
  ['half an address', 'https://api.openai.com', 'https://api.openai.c'],
])('%s is another address', (_, typedFor, changedTo) => {
  expect(after({ baseUrl: typedFor }, { apiKey: 'key' }, { baseUrl: changedTo }).apiKey).toBe('')
})

test('a key that is emptied is forgotten', () => {
  const draft = after(
    { baseUrl: openai },
    { apiKey: 'sk-openai' },
    { apiKey: '' },
    { baseUrl: groq },
    { baseUrl: openai },
  )
  expect(draft.apiKey).toBe('')
})
