import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

import { CompletionError } from '../CompletionError.ts'
import type { CompletionSnapshot } from '../CompletionSnapshot.ts'
import { cutBytesEverywhere } from '../testing/cutBytes.ts'
import { createFakeFetch, joinBytes, readRecording, type Recording } from '../testing/index.ts'
import { variantsOf } from './quirkHarness.ts'
import { streamCompletion } from './streamCompletion.ts'

/** Streams of other projects, which stay outside this one. */
const folder = fileURLToPath(new URL('../../../../../shared/recordings/', import.meta.url))

interface Expectation {
  file: string
  expect: {
    text: string
    reasoning: string
    refusal: string
    finish_reason: string | null
    usage: { [count: string]: number } | null
    tool_calls: { name: string; arguments: string }[]
    error: string | null
  }
}

const request = { model: 'm', messages: [{ role: 'user' as const, content: 'Hi' }] }

async function play(recording: Recording, pieceBytes?: number): Promise<CompletionSnapshot> {
  const fetch = createFakeFetch(recording, pieceBytes === undefined ? {} : { pieceBytes })
  const stream = streamCompletion(request, { baseURL: 'http://localhost/v1', fetch })
  try {
    for await (const event of stream) void event
  } catch (error) {
    if (!(error instanceof CompletionError)) throw error
  }
  return stream.snapshot()
}

function outcomeOf({ completion, reasoning, error }: CompletionSnapshot): unknown {
  const [choice] = completion.choices
  const { usage } = completion
  return {
    text: choice?.message.content ?? '',
    reasoning: reasoning[0] ?? '',
    refusal: choice?.message.refusal ?? '',
    finish_reason: choice?.finish_reason ?? null,
    usage: usage
      ? {
          prompt_tokens: usage.prompt_tokens,
          completion_tokens: usage.completion_tokens,
          total_tokens: usage.total_tokens,
        }
      : null,
    tool_calls: (choice?.message.tool_calls ?? []).map((call) =>
      call.type === 'function' ? { name: call.function.name, arguments: call.function.arguments } : call,
    ),
    error: error?.serverMessage ?? null,
  }
}

describe.runIf(existsSync(`${folder}expected.json`))(
  'recorded streams of other projects come out as they were read by hand',
  () => {
    const expectations: Expectation[] = existsSync(`${folder}expected.json`)
      ? JSON.parse(readFileSync(`${folder}expected.json`, 'utf8'))
      : []
    for (const { file, expect: expected } of expectations) {
      for (const pieceBytes of [undefined, 1, 7, 4096]) {
        it(`${file}, ${pieceBytes === undefined ? 'whole' : `in pieces of ${pieceBytes} bytes`}`, async () => {
          const snapshot = await play(readRecording(readFileSync(folder + file, 'utf8')), pieceBytes)
          expect(outcomeOf(snapshot)).toEqual(expected)
        })
      }

      const recording = readRecording(readFileSync(folder + file, 'utf8'))
      const whole = joinBytes(recording.pieces.map((piece) => piece.bytes))
      const variants = variantsOf({ body: new TextDecoder().decode(whole) })
      it.each(variants)(`${file}, $name`, async ({ bytes }) => {
        const varied = { ...recording, pieces: [{ atMs: 0, bytes }] }
        for (const pieceBytes of [bytes.length, 1, 7]) {
          expect(outcomeOf(await play(varied, pieceBytes))).toEqual(expected)
        }
      })

      // In two at every byte costs the square of the length.
      if (whole.length > 6000) continue
      it(`${file}, cut at every byte`, async () => {
        for (const cut of cutBytesEverywhere(whole)) {
          const pieces = cut.map((bytes) => ({ atMs: 0, bytes }))
          expect(outcomeOf(await play({ ...recording, pieces })), `at byte ${cut[0]!.length}`).toEqual(
            expected,
          )
        }
      })
    }
  },
)
