import { describe, expect, it } from 'vitest'

import { CompletionError } from '../CompletionError.ts'
import type { CompletionEnding, CompletionSnapshot } from '../CompletionSnapshot.ts'
import { cutBytes, cutBytesEverywhere } from '../testing/cutBytes.ts'
import type { ChatCompletionParams } from '../wire.ts'
import { streamCompletion, type CompletionSettings } from './streamCompletion.ts'
import type { StreamIssueCode } from './issueSentences.ts'

/** Something that a real server does, with bytes that show it, and what must come of them. */
export interface Quirk {
  /** Its number in the list of quirks, or its place in the comparison of servers. */
  number: number | string
  /** What the server does, in one sentence: the test's name. */
  fact: string
  /** The body of the answer. */
  body: string | Uint8Array<ArrayBuffer>
  /** Status and headers of the answer. @default 200 and none */
  head?: ResponseInit
  /** The server never closes the connection. @default false */
  staysOpen?: boolean
  /** What is asked for besides `model` and `messages`. */
  request?: Partial<ChatCompletionParams>
  settings?: CompletionSettings
  /** How the bytes may be changed without changing the answer. @default every way */
  variants?: { lineEnds?: false; comments?: false; byteOrderMark?: false }
  /** What is not the default: a whole answer without text, finished by `stop`, without issues. */
  outcome?: Partial<Outcome>
  /** Every issue that is found, in order. @default [] */
  issues?: StreamIssueCode[]
  /** What else must hold. */
  check?: (snapshot: CompletionSnapshot) => void
}

/** An answer in short. Lists have one entry for each choice; alone it may stand without the list. */
export interface Outcome {
  text: string | null | (string | null)[]
  reasoning: string | string[]
  refusal: string | null
  /** Name and arguments (or input) of each tool call of the first choice. */
  tools: (readonly [name: string, text: string])[]
  finish: string | null | (string | null)[]
  ending: CompletionEnding
  /** The server's words. */
  error: string | null
}

const defaults: Outcome = {
  text: null,
  reasoning: '',
  refusal: null,
  tools: [],
  finish: 'stop',
  ending: 'finished',
  error: null,
}

/** A record with a chunk: the usual envelope around what is given. */
export function chunk(json: string): string {
  return `data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"m",${json}}\n\n`
}

/** A record with a chunk of one choice. */
export function delta(json: string, more = ''): string {
  return chunk(`"choices":[{"index":0,"delta":${json}${more}}]`)
}

/** The end of an answer that is as it should be. */
export const stop: string = `${delta('{}', ',"finish_reason":"stop"')}data: [DONE]\n\n`

/** Plays pieces of a body to a client and returns what came of it. */
export async function play(
  pieces: readonly Uint8Array<ArrayBuffer>[],
  { request, settings, staysOpen = false }: Pick<Quirk, 'request' | 'settings' | 'staysOpen'> = {},
  head: ResponseInit = {},
): Promise<CompletionSnapshot> {
  const fetch = (): Promise<Response> => Promise.resolve(new Response(bodyOf(pieces, staysOpen), head))
  const stream = streamCompletion(
    { model: 'm', messages: [{ role: 'user', content: 'Hi' }], ...request },
    { retries: 0, ...settings, baseURL: 'http://localhost/v1', fetch },
  )
  try {
    for await (const event of stream) void event
  } catch (error) {
    if (!(error instanceof CompletionError)) throw error
  }
  return stream.snapshot()
}

function bodyOf(pieces: readonly Uint8Array<ArrayBuffer>[], staysOpen: boolean): ReadableStream<Uint8Array> {
  let at = 0
  return new ReadableStream({
    async pull(controller) {
      const piece = pieces[at++]
      if (piece !== undefined) controller.enqueue(piece)
      else if (staysOpen) await new Promise(() => {})
      else controller.close()
    },
  })
}

/** What is told of an answer, without what differs from run to run. */
export function describeSnapshot({ completion, reasoning, ending, error, issues }: CompletionSnapshot): {
  outcome: Outcome
  issues: string[]
} {
  const [first] = completion.choices
  return {
    outcome: {
      text: one(
        completion.choices.map((choice) => choice.message.content),
        null,
      ),
      reasoning: one(reasoning, ''),
      refusal: first?.message.refusal ?? null,
      tools: (first?.message.tool_calls ?? []).map((call) =>
        call.type === 'custom'
          ? [call.custom.name, call.custom.input]
          : [call.function.name, call.function.arguments],
      ),
      finish: one(
        completion.choices.map((choice) => choice.finish_reason),
        null,
      ),
      ending,
      error: error === undefined ? null : (error.serverMessage ?? error.message),
    },
    issues: issues.map((issue) => issue.code),
  }
}

function one<Item>(items: readonly Item[], none: Item): Item | Item[] {
  return items.length > 1 ? [...items] : (items[0] ?? none)
}

/** One answer as text that can be compared, whatever ids were made up. */
function comparable({ completion, reasoning, ending, error, issues }: CompletionSnapshot): string {
  const told = [completion, reasoning, ending, error?.message, issues.map(({ code, count }) => [code, count])]
  return JSON.stringify(told, undefined, 1).replace(/"call_candor\w+"/g, '"call_candor"')
}

/** A body with other line ends, with comments, with a byte-order mark: the first as it is. */
export function variantsOf({
  body,
  variants = {},
}: Pick<Quirk, 'body' | 'variants'>): { name: string; bytes: Uint8Array<ArrayBuffer> }[] {
  const encoder = new TextEncoder()
  if (typeof body !== 'string') return [{ name: 'as it is', bytes: body }]
  const texts = [{ name: 'as it is', text: body }]
  if (variants.lineEnds !== false) {
    texts.push({ name: 'with CR', text: body.replaceAll('\n', '\r') })
    texts.push({ name: 'with CRLF', text: body.replaceAll('\n', '\r\n') })
  }
  if (variants.comments !== false) {
    texts.push({ name: 'with comments', text: `: a comment\n${body.replaceAll('\n', '\n:\n: a comment\n')}` })
  }
  if (variants.byteOrderMark !== false) texts.push({ name: 'with a byte-order mark', text: `\uFEFF${body}` })
  return texts.map(({ name, text }) => ({ name, bytes: encoder.encode(text) }))
}

/** Tests quirks: what comes of them, and that it stays the same however the bytes are cut, ended and commented. */
export function describeQuirks(title: string, quirks: readonly Quirk[]): void {
  describe(title, () => {
    for (const quirk of quirks) {
      it(`${quirk.number}: ${quirk.fact}`, async () => {
        const [plain, ...others] = variantsOf(quirk)
        const snapshot = await play([plain!.bytes], quirk, quirk.head)
        expect(describeSnapshot(snapshot)).toEqual({
          outcome: { ...defaults, ...quirk.outcome },
          issues: quirk.issues ?? [],
        })
        quirk.check?.(snapshot)

        const expected = comparable(snapshot)
        for (const pieces of cutBytesEverywhere(plain!.bytes)) {
          const cutAt = pieces[0]!.length
          expect(comparable(await play(pieces, quirk, quirk.head)), `cut at byte ${cutAt}`).toBe(expected)
        }
        for (const { name, bytes } of others) {
          for (const size of [bytes.length, 1, 2, 3, 7]) {
            const pieces = cutBytes(bytes, size)
            expect(comparable(await play(pieces, quirk, quirk.head)), `${name}, in pieces of ${size}`).toBe(
              expected,
            )
          }
        }
      })
    }
  })
}
