import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
import { createCompletion, streamCompletion, tokenSeries, type CompletionSnapshot } from '@candor/core'
import { jsonSchema, readUIMessageStream, streamText, tool, toUIMessageStream } from 'ai'
import OpenAI from 'openai'

/** What a reader gathered of a choice, so that none is fast by leaving work out. */
export interface GatheredChoice {
  readonly content: string
  readonly arguments: string
  /** How many tokens have logprobs. */
  readonly tokens: number
}

/** What a reader gathered of a stream. */
export interface Gathered {
  readonly choices: readonly GatheredChoice[]
  /** How often it showed the answer while it came in. */
  readonly snapshots: number
  /** The result as its users get it, for the scenario that weighs it. */
  readonly kept?: unknown
}

/** What is asked for: some readers prepare for it, and all send it. */
export interface Asked {
  choices: number
  /** Alternatives a token; 0 asks for no logprobs. */
  alternatives: number
}

/** Answers every request with the same body. */
export type Serve = () => Response

/** A server that has the whole answer ready: its body costs as little as a body can. */
export function serve(pieces: Iterable<Uint8Array>): Serve {
  return () => {
    const iterator = pieces[Symbol.iterator]()
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        const { done, value } = iterator.next()
        if (done === true) controller.close()
        else controller.enqueue(value)
      },
    })
    return new Response(body, { headers: { 'content-type': 'text/event-stream' } })
  }
}

/** Whether a record is the first one of a frame of 16 ms, when so many come in a second. */
export function createFrames(recordsPerSecond: number): (record: number) => boolean {
  let shown = -1
  return (record) => {
    const frame = Math.floor((record * 1000) / recordsPerSecond / 16)
    const isNew = frame !== shown
    shown = frame
    return isNew
  }
}

const baseURL = 'http://localhost/v1'
const messages = [{ role: 'user' as const, content: 'Hi' }]

function requestOf({ choices, alternatives }: Asked) {
  const logprobs = alternatives > 0 && { logprobs: true, top_logprobs: alternatives }
  return { model: 'm', messages, n: choices, ...logprobs }
}

// -- the floor --------------------------------------------------------------------------------------------------------

interface FloorChoice {
  content: string
  arguments: string
  logprobs: unknown[]
}

interface FloorChunk {
  choices: {
    index: number
    delta: { content?: string | null; tool_calls?: { function: { arguments: string } }[] }
    logprobs: { content: unknown[] } | null
  }[]
}

/** The least that reading a stream can be: decode, split, `JSON.parse`, append. It takes every server at its word. */
export async function readFloor(serveBody: Serve): Promise<Gathered> {
  const reader = serveBody().body!.getReader()
  const decoder = new TextDecoder()
  const choices: FloorChoice[] = []
  let rest = ''
  for (;;) {
    const { done, value } = await reader.read()
    if (done) break
    const records = (rest + decoder.decode(value, { stream: true })).split('\n\n')
    rest = records.pop() ?? ''
    for (const record of records) {
      const data = record.slice(6)
      if (data === '[DONE]') break
      appendChunk(choices, JSON.parse(data))
    }
  }
  return gatherFloor(choices)
}

function appendChunk(choices: FloorChoice[], chunk: FloorChunk): void {
  for (const { index, delta, logprobs } of chunk.choices) {
    const choice = (choices[index] ??= { content: '', arguments: '', logprobs: [] })
    if (delta.content) choice.content += delta.content
    if (delta.tool_calls) choice.arguments += delta.tool_calls[0]?.function.arguments ?? ''
    if (logprobs) choice.logprobs.push(...logprobs.content)
  }
}

function gatherFloor(choices: FloorChoice[]): Gathered {
  return {
    choices: choices.map((choice) => ({ ...choice, tokens: choice.logprobs.length })),
    snapshots: 0,
    kept: choices,
  }
}

// -- Candor -----------------------------------------------------------------------------------------------------------

/** The final answer alone. */
export async function readCandor(serveBody: Serve, asked: Asked): Promise<Gathered> {
  const snapshot = await createCompletion(
    { ...requestOf(asked), stream: true },
    { baseURL, fetch: async () => serveBody() },
  )
  return gatherCandor(snapshot, 0)
}

/** Every event, and a snapshot whenever a frame begins. */
export async function readCandorEvents(
  serveBody: Serve,
  asked: Asked,
  isFrame?: (record: number) => boolean,
): Promise<Gathered> {
  const stream = streamCompletion(requestOf(asked), { baseURL, fetch: async () => serveBody() })
  let snapshots = 0
  let shown: CompletionSnapshot | undefined
  for await (const event of stream) {
    if (event.type !== 'chunk' || !isFrame?.(event.number)) continue
    const snapshot = stream.snapshot()
    if (snapshot !== shown) snapshots++
    shown = snapshot
  }
  return gatherCandor(stream.snapshot(), snapshots)
}

function gatherCandor(snapshot: CompletionSnapshot, snapshots: number): Gathered {
  if (snapshot.ending !== 'finished') throw new Error(`The answer is ${snapshot.ending}.`)
  return {
    choices: snapshot.completion.choices.map(({ message, logprobs }) => {
      const call = message.tool_calls?.[0]
      return {
        content: message.content ?? '',
        arguments: call?.type === 'function' ? call.function.arguments : '',
        tokens: (logprobs && tokenSeries(logprobs)?.length) ?? 0,
      }
    }),
    snapshots,
    kept: snapshot,
  }
}

// -- openai-node ------------------------------------------------------------------------------------------------------

function openaiClient(serveBody: Serve): OpenAI {
  return new OpenAI({ apiKey: 'none', baseURL, fetch: async () => serveBody(), maxRetries: 0 })
}

/** Its `ChatCompletionStream`, with a look at its running snapshot whenever a frame begins. */
export async function readOpenAI(
  serveBody: Serve,
  asked: Asked,
  isFrame?: (record: number) => boolean,
): Promise<Gathered> {
  const stream = openaiClient(serveBody).chat.completions.stream(requestOf(asked))
  let snapshots = 0
  let record = 0
  for await (const _ of stream) {
    if (isFrame?.(record++) && stream.currentChatCompletionSnapshot !== undefined) snapshots++
  }
  const completion = await stream.finalChatCompletion()
  return {
    choices: completion.choices.map(({ message, logprobs }) => {
      const call = message.tool_calls?.[0]
      return {
        content: message.content ?? '',
        arguments: call?.type === 'function' ? call.function.arguments : '',
        tokens: logprobs?.content?.length ?? 0,
      }
    }),
    snapshots,
    kept: completion,
  }
}

/** Its bare iterator over chunks; the answer is put together as the floor does it. */
export async function readOpenAIChunks(serveBody: Serve, asked: Asked): Promise<Gathered> {
  const stream = await openaiClient(serveBody).chat.completions.create({ ...requestOf(asked), stream: true })
  const gathered: FloorChoice[] = []
  for await (const chunk of stream) appendChunk(gathered, chunk as FloorChunk)
  return gatherFloor(gathered)
}

// -- AI SDK -----------------------------------------------------------------------------------------------------------

function startAiSdk(serveBody: Serve) {
  const provider = createOpenAICompatible({
    name: 'local',
    apiKey: 'none',
    baseURL,
    fetch: async () => serveBody(),
  })
  return streamText({
    model: provider('m'),
    prompt: 'Hi',
    maxRetries: 0,
    tools: { write_file: tool({ inputSchema: jsonSchema({ type: 'object' }) }) },
    onError({ error }) {
      throw error
    },
  })
}

function gatherAiSdk(content: string, toolInput: unknown, snapshots: number): Gathered {
  const text = toolInput === undefined ? '' : JSON.stringify(toolInput)
  return { choices: [{ content, arguments: text, tokens: 0 }], snapshots }
}

/** `streamText`, every part of its stream. */
export async function readAiSdk(serveBody: Serve): Promise<Gathered> {
  let content = ''
  let toolInput: unknown
  for await (const part of startAiSdk(serveBody).stream) {
    if (part.type === 'text-delta') content += part.text
    else if (part.type === 'tool-call') toolInput = part.input
    else if (part.type === 'error') throw part.error
  }
  return gatherAiSdk(content, toolInput, 0)
}

/** The message that its hooks show, which it makes anew for every part. */
export async function readAiSdkMessages(serveBody: Serve): Promise<Gathered> {
  const { stream } = startAiSdk(serveBody)
  let snapshots = 0
  let content = ''
  let toolInput: unknown
  for await (const message of readUIMessageStream({ stream: toUIMessageStream({ stream }) })) {
    snapshots++
    const part = message.parts.at(-1)
    if (part?.type === 'text') content = part.text
    else if (part?.type === 'tool-write_file') toolInput = part.input
  }
  return gatherAiSdk(content, toolInput, snapshots)
}
