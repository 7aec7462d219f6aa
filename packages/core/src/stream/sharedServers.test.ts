import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

import type { CompletionError } from '../CompletionError.ts'
import { cutBytes, joinBytes, readRecording } from '../testing/index.ts'
import { listModels } from './listModels.ts'
import { describeSnapshot, play, type Outcome } from './quirkHarness.ts'

/** Our own recordings of three servers, too large to keep inside the project. */
const folder = fileURLToPath(new URL('../../../../../shared/recordings/servers/', import.meta.url))
const servers = ['llama-cpp-python', 'ollama', 'transformers-serve']

interface RecordedCase {
  file: string
  request: { path: string; body?: { stream?: boolean; n?: number } }
  status: number | null
  headers: [string, string][]
  end: string
}

interface WireChoice {
  finish_reason?: string | null
  message?: WireMessage
  delta?: WireMessage
}

interface WireMessage {
  content?: string | null
  tool_calls?: { index?: number; function: { name?: string; arguments?: string } }[] | null
}

/** What an answer says by a plain reading of its first choice, for answers without framing quirks. */
function readPlainly(text: string): Pick<Outcome, 'text' | 'tools' | 'finish' | 'error'> {
  const read: Pick<Outcome, 'text' | 'tools' | 'finish' | 'error'> = {
    text: null,
    tools: [],
    finish: null,
    error: null,
  }
  const records = text.startsWith('data:')
    ? text
        .split('\n\n')
        .map((record) => record.replace(/^data: ?/, '').trim())
        .filter((data) => data !== '' && data !== '[DONE]')
    : [text]
  const tools: [string, string][] = []
  for (const data of records) {
    let chunk: { error?: string | { message: string }; choices?: WireChoice[] }
    try {
      chunk = JSON.parse(data)
    } catch {
      continue // Cut off.
    }
    if (chunk.error) read.error = typeof chunk.error === 'string' ? chunk.error : chunk.error.message
    const choice = chunk.choices?.[0]
    const said = choice?.message ?? choice?.delta
    if (typeof said?.content === 'string')
      read.text = (typeof read.text === 'string' ? read.text : '') + said.content
    for (const [place, call] of (said?.tool_calls ?? []).entries()) {
      const tool = (tools[call.index ?? place] ??= ['', ''])
      tool[0] = call.function.name ?? tool[0]
      tool[1] += call.function.arguments ?? ''
    }
    read.finish = choice?.finish_reason ?? read.finish
  }
  return { ...read, tools }
}

/** What must come of a recorded answer. */
function expectation({ status }: RecordedCase, body: string, words: string | null): object {
  const nothing = { text: null, tools: [], finish: null, ending: 'error', words }
  if (status !== 200) return { ...nothing, error: 'http' }
  if (body === '') return { ...nothing, error: 'not-an-api' }
  const { error, ...read } = readPlainly(body)
  if (error !== null) return { ...read, ending: 'error', error: 'server', words: error }
  return { ...read, ending: read.finish === null ? 'cut-off' : 'finished', error: null, words: null }
}

/** The server's words by a plain reading of an error's body; `null` where it has none. */
function readWords(body: string): string | null {
  let value: { error?: string | { message: string }; detail?: string | { msg: string }[]; message?: string }
  try {
    value = JSON.parse(body)
  } catch {
    return body.trim().slice(0, 200) || null
  }
  const { error, detail, message } = value
  if (error) return typeof error === 'string' ? error : error.message
  if (Array.isArray(detail)) return detail.map(({ msg }) => msg).join(' ')
  return detail ?? message ?? null
}

/** Whether all words stand in a text, in whatever order and with whatever between. */
function hasWords(text: string, words: string): boolean {
  return words.split(/\s+/).every((word) => text.includes(word))
}

/** The last usage and the number of logprobs by a plain reading of each record. */
function readFigures(body: string): { usage: unknown; logprobs: number } {
  const figures: { usage: unknown; logprobs: number } = { usage: undefined, logprobs: 0 }
  for (const record of body.startsWith('data:') ? body.split(/\n\ndata: ?/) : [body]) {
    let chunk: { usage?: unknown; choices?: { logprobs?: { content?: unknown[] | null } | null }[] }
    try {
      chunk = JSON.parse(record.replace(/^data: ?/, ''))
    } catch {
      continue // [DONE], or cut off.
    }
    figures.usage = chunk.usage ?? figures.usage
    figures.logprobs += chunk.choices?.[0]?.logprobs?.content?.length ?? 0
  }
  return figures
}

describe.runIf(existsSync(folder))('recorded answers of real servers', () => {
  describe.each(existsSync(folder) ? servers : [])('%s', (server) => {
    const index: { [name: string]: RecordedCase } = JSON.parse(
      readFileSync(`${folder}${server}/index.json`, 'utf8'),
    )
    for (const [name, recorded] of Object.entries(index)) {
      if (recorded.status === null || !recorded.request.path.endsWith('/chat/completions')) continue
      if (name.startsWith('cors-preflight')) continue
      it(`${name}: ${recorded.status}, ${recorded.end}`, async () => {
        const { pieces } = readRecording(readFileSync(`${folder}${server}/${recorded.file}`, 'utf8'))
        const body = joinBytes(pieces.map((piece) => piece.bytes))
        const head = { status: recorded.status!, headers: recorded.headers }
        const request = { stream: recorded.request.body?.stream ?? false }
        const snapshot = await play([body], { request }, head)
        const { outcome } = describeSnapshot(snapshot)
        for (const size of [1, 3, 1000]) {
          expect(describeSnapshot(await play(cutBytes(body, size), { request }, head)).outcome).toEqual(
            outcome,
          )
        }
        const { text, tools, finish, error, ending } = outcome
        const told = { text, tools, finish, ending, error: snapshot.error?.type ?? null, words: error }
        const bodyText = new TextDecoder().decode(body)
        expect(told).toEqual(expectation(recorded, bodyText, error))

        // What is refused is told in the server’s words.
        const words = recorded.status === 200 ? null : readWords(bodyText)
        expect(hasWords(error ?? '', words ?? ''), `${error} has the words ${words}`).toBe(true)
        const { usage, choices } = snapshot.completion
        const logprobs = choices[0]?.logprobs?.content?.length ?? 0
        expect({ usage, logprobs }).toEqual(readFigures(bodyText))
        const isRefusal = recorded.status! >= 400
        // Of an answer that is none the status is all there is; of one that fails later it says nothing.
        expect(snapshot.error?.status).toBe(isRefusal || body.length === 0 ? recorded.status : undefined)
        expect(snapshot.error?.retryable ?? false).toBe(
          isRefusal ? recorded.status! >= 500 : body.length === 0,
        )
      })
    }

    it('models: lists its models, or says why it cannot', async () => {
      const { status, headers, file } = index['models']!
      const { pieces } = readRecording(readFileSync(`${folder}${server}/${file}`, 'utf8'))
      const answer = new Response(joinBytes(pieces.map((piece) => piece.bytes)), { status: status!, headers })
      const listed = listModels({ baseURL: 'http://localhost/v1', fetch: () => Promise.resolve(answer) })
      const told = await listed.then(
        (models) => (models.length > 0 ? 200 : 'none'),
        (error: unknown) => (error as CompletionError).status,
      )
      expect(told).toBe(status)
    })

    it('err-unknown-path: is told as the server said it, with a word on /v1', async () => {
      const { status, file } = index['err-unknown-path']!
      const { pieces } = readRecording(readFileSync(`${folder}${server}/${file}`, 'utf8'))
      const body = pieces.map((piece) => piece.bytes)
      const { error } = await play(body, {}, { status: status! })
      const words = readWords(new TextDecoder().decode(joinBytes(body)))
      expect(error).toMatchObject({ type: 'http', status: 404, serverMessage: words })
      expect(error?.message).toContain('/v1')
    })
  })
})
