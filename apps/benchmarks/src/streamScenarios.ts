import { generateText, generateToolCall, joinRecords, type GeneratedStream } from './generateStream.ts'
import type { Contender, Round, Scenario } from './Scenario.ts'
import {
  createFrames,
  readAiSdk,
  readAiSdkMessages,
  readCandor,
  readCandorEvents,
  readFloor,
  readOpenAI,
  readOpenAIChunks,
  serve,
  type Gathered,
} from './streamReaders.ts'

/** A body that the network hands over in pieces of this size costs what its bytes cost, and next to nothing by piece. */
const pieceBytes = 64 * 1024

/** How fast the live answers come: a fast hosted model, so that a frame shows one or two new tokens. */
const tokensPerSecond = 100

interface Kind {
  name: string
  title: string
  unit: string
  sizes: readonly number[]
  generate: (size: number) => GeneratedStream
  /** Alternatives a token that are asked for. */
  alternatives?: number
  /** Why the AI SDK gathers less than was sent. */
  aiSdkLoses?: string
}

const kinds: readonly Kind[] = [
  {
    name: 'text',
    title: 'text',
    unit: 'tokens',
    sizes: [4000, 8000, 16_000],
    generate: (size) => generateText(size),
  },
  {
    name: 'logprobs',
    title: 'text with logprobs and five alternatives a token',
    unit: 'tokens',
    sizes: [2000, 4000, 8000],
    alternatives: 5,
    generate: (size) => generateText(size, 5),
    aiSdkLoses: 'loses the logprobs',
  },
  {
    name: 'tool-arguments',
    title: 'the arguments of a tool call in deltas of four characters',
    unit: 'KB',
    sizes: [16, 64, 256],
    generate: (size) => generateToolCall(size * 1024),
  },
  {
    name: 'choices',
    title: 'eight choices at once',
    unit: 'tokens each',
    sizes: [500, 1000, 2000],
    generate: (size) => generateText(size, 0, 8),
    aiSdkLoses: 'takes all choices for one and mixes their texts',
  },
]

function round(stream: GeneratedStream, contenders: readonly Contender[]): Round {
  return {
    contenders,
    check(result, { name }) {
      const { choices } = result as Gathered
      const isAiSdk = name.startsWith('AI SDK')
      if (isAiSdk && stream.choices.length > 1) {
        const sent = stream.choices.reduce((sum, { content }) => sum + content.length, 0)
        if (choices[0]?.content.length !== sent) throw new Error(`${name}: not all text was read.`)
        return
      }
      for (const [index, expected] of stream.choices.entries()) {
        const { content, arguments: text, tokens } = choices[index] ?? {}
        if (content !== expected.content)
          throw new Error(`${name}: the text of choice ${index} is not what was sent.`)
        if (text !== expected.arguments) throw new Error(`${name}: the arguments are not what was sent.`)
        if (!isAiSdk && tokens !== expected.tokens)
          throw new Error(`${name}: ${tokens} tokens have logprobs.`)
      }
    },
  }
}

/** From bytes to the final answer. */
function wholeScenario({ generate, alternatives = 0, aiSdkLoses, ...kind }: Kind): Scenario {
  return {
    ...kind,
    title: `From bytes to the final answer: ${kind.title}, body in pieces of 64 KB`,
    measures: 'time',
    prepare(size) {
      const stream = generate(size)
      const serveBody = serve(joinRecords(stream.records, pieceBytes))
      const choices = stream.choices.length
      const asked = { choices, alternatives }
      return round(stream, [
        { name: 'floor: decode, split, JSON.parse, append', run: () => readFloor(serveBody) },
        { name: 'Candor createCompletion', run: () => readCandor(serveBody, asked) },
        { name: 'Candor streamCompletion, every event', run: () => readCandorEvents(serveBody, asked) },
        { name: 'openai-node create, appended by hand', run: () => readOpenAIChunks(serveBody, asked) },
        { name: 'openai-node stream', run: () => readOpenAI(serveBody, asked) },
        {
          name: 'AI SDK streamText',
          ...(aiSdkLoses && { note: aiSdkLoses }),
          run: () => readAiSdk(serveBody),
        },
      ])
    },
  }
}

/** The same, but piece by piece, and shown while it comes in. */
function liveScenario({ generate, alternatives = 0, aiSdkLoses, ...kind }: Kind): Scenario {
  return {
    ...kind,
    name: `${kind.name}-live`,
    title: `The same live: ${kind.title}, a piece a record, ${tokensPerSecond} records a second, shown every 16 ms of that`,
    measures: 'time',
    prepare(size) {
      const stream = generate(size)
      const serveBody = serve(stream.records)
      const choices = stream.choices.length
      const asked = { choices, alternatives }
      const frames = (): ((record: number) => boolean) => createFrames(tokensPerSecond * choices)
      return round(stream, [
        { name: 'floor, not shown', run: () => readFloor(serveBody) },
        { name: 'Candor streamCompletion, not shown', run: () => readCandorEvents(serveBody, asked) },
        {
          name: 'Candor streamCompletion, a snapshot a frame',
          run: () => readCandorEvents(serveBody, asked, frames()),
        },
        {
          name: 'openai-node stream, its snapshot a frame',
          note: 'its snapshot is one object that changes in place, which React cannot take as state',
          run: () => readOpenAI(serveBody, asked, frames()),
        },
        {
          name: 'AI SDK streamText → readUIMessageStream',
          note: `makes a message for every part${aiSdkLoses ? `; ${aiSdkLoses}` : ''}`,
          run: () => readAiSdkMessages(serveBody),
        },
      ])
    },
  }
}

export const streamScenarios: readonly Scenario[] = kinds.flatMap((kind) => [
  wholeScenario(kind),
  liveScenario(kind),
])
