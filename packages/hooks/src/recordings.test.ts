import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import {
  createClient,
  defineTool,
  streamCompletion,
  type ChatAssistantMessage,
  type ChatClient,
  type Choice,
  type CompletionSnapshot,
} from '@candor/core'
import { createFakeFetch, recordings, type FakeAnswer } from '@candor/core/testing'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'

import type { AnyChatOptions } from './ChatOptions.ts'
import { chatOn, type WatchedChat } from './testing/chatOn.ts'
import { createScriptedServer } from './testing/createScriptedServer.ts'

/** A chat whose server answers with recordings, one after the other. */
function chatOnRecordings(
  answers: readonly FakeAnswer[],
  options: Partial<AnyChatOptions> = {},
): WatchedChat {
  return chatOn({ ...createScriptedServer(), client: clientOf(answers) }, options)
}

function clientOf(answers: readonly FakeAnswer[]): ChatClient {
  return createClient({ baseURL: 'http://model.test/v1', fetch: createFakeFetch(answers) })
}

/** What the stream alone makes of a recording. */
async function snapshotOf(recording: string): Promise<CompletionSnapshot> {
  const stream = streamCompletion(
    { model: 'smollm2', messages: [{ role: 'user', content: 'Go.' }] },
    { client: clientOf([recording]) },
  )
  try {
    for await (const event of stream) void event
  } catch {
    // The failure is in the snapshot.
  }
  return stream.snapshot()
}

/** The choices of the last answer, in the order in which they came. */
function choicesOf(chat: WatchedChat): ChatAssistantMessage[] {
  const { messages, branches } = chat.state()
  const ids = branches[chat.answer().parentId ?? '']?.ids ?? []
  return ids.map((id) => messages[id]).filter((message) => message?.role === 'assistant')
}

/** Streams of other servers, which stay outside the project; none where their folder is not there. */
function foreignStreams(): [string, string][] {
  const folder = fileURLToPath(new URL('../../../../shared/recordings/', import.meta.url))
  if (!existsSync(folder)) return []
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  return files
    .filter((file) => file.endsWith('.sse'))
    .map((file) => [file, readFileSync(join(folder, file), 'utf8')])
}

const streams = [
  ...Object.entries(recordings).filter(([, text]) => /^data: /m.test(text)),
  ...foreignStreams(),
]

const nothing: Choice = {
  index: 0,
  message: { role: 'assistant', content: null, refusal: null },
  logprobs: null,
  finish_reason: null,
}

const weather = defineTool({
  name: 'get_weather',
  parameters: z.object({ city: z.string() }).loose(),
  execute: () => 'light rain, 18 degrees',
})

describe('a recorded stream', () => {
  it('of each kind is there', () => {
    expect(streams.length).toBeGreaterThan(15)
  })

  it.each(streams)('%s comes into the conversation with nothing lost', async (_, recording) => {
    const { completion, ending, issues, reasoning } = await snapshotOf(recording)
    const chat = chatOnRecordings([recording])
    await chat.actions.send('Go.')
    const answers = choicesOf(chat).toSorted((one, other) => one.choice.index - other.choice.index)
    // An answer without a word still has its place in the conversation.
    const expected = completion.choices.length === 0 ? [nothing] : completion.choices
    expect(answers.map(({ choice }) => choice)).toEqual(expected)
    for (const [place, answer] of answers.entries()) {
      const { choices: _choices, usage, model, object: _object, ...envelope } = completion
      expect(answer).toMatchObject({ envelope, reasoning: reasoning[place] ?? '' })
      expect(answer.model).toBe(model === '' ? 'scripted' : model)
      expect(answer.usage).toEqual(usage)
      expect(answer.issues.map(({ code }) => code)).toEqual(issues.map(({ code }) => code))
      expect(answer.status).toBe(answer.finishReason === null ? ending : 'finished')
    }
  })

  it('of a tool call runs the tool and goes on with the recorded answer', async () => {
    const chat = chatOnRecordings([recordings.toolCall, recordings.toolResult], {
      tools: [weather],
      toolChoice: (step) => (step === 0 ? 'required' : 'none'),
    })
    expect(await chat.actions.send('What is the weather in Paris?')).toBe('finished')
    expect(chat.lines()[1]).toMatch(/^assistant \(finished\): \[.+: done\]$/)
    expect(chat.lines()[2]).toBe('tool: light rain, 18 degrees')
    expect(chat.lines()[3]).toMatch(/^assistant \(finished\): The weather in Paris/)
  })

  it('with an error in the middle keeps what came before it', async () => {
    const chat = chatOnRecordings([recordings.errorInStream])
    expect(await chat.actions.send('Go.')).toBe('failed')
    expect(chat.state().error).toMatchObject({ type: 'server' })
    expect(chat.answer().error).toEqual(chat.state().error)
  })
})
