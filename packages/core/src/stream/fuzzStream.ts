import { CompletionError } from '../CompletionError.ts'
import type { CompletionSnapshot } from '../CompletionSnapshot.ts'
import { createRandom, type Random } from '../testing/createRandom.ts'
import { cutBytes } from '../testing/cutBytes.ts'
import { mutateBytes } from '../testing/mutateBytes.ts'
import * as recordings from '../testing/recordings/index.ts'
import { joinBytes, readRecording } from '../testing/replayResponse.ts'
import { streamCompletion } from './streamCompletion.ts'

/** Bodies to begin with: of each recording the beginning and the end, so that a hundred thousand runs take a minute. */
const bodies: Uint8Array<ArrayBuffer>[] = Object.values(recordings).map((text) => {
  const pieces = readRecording(text).pieces.map((piece) => piece.bytes)
  const short = pieces.length > 12 ? [...pieces.slice(0, 8), ...pieces.slice(-3)] : pieces
  return joinBytes(short)
})

/**
 * Plays one mutated recording and throws when the client does not hold up: anything thrown but a `CompletionError`, a
 * prototype touched, an answer that cannot be read or written out, or is out of all proportion to what was sent, or that
 * depends on how the bytes were cut.
 */
export async function fuzzStream(seed: number): Promise<void> {
  const random = createRandom(seed)
  const body = mutateBytes(random.pick(bodies), random)
  try {
    await check(body, random)
  } catch (cause) {
    throw new Error(`Seed ${seed}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
  }
}

interface Play {
  stream: boolean
  n: number
  thinkTags: boolean
  /** Whether the connection breaks at the end. */
  breaks: boolean
}

async function check(body: Uint8Array<ArrayBuffer>, random: Random): Promise<void> {
  const settings: Play = {
    stream: random.below(4) > 0,
    n: 1 + random.below(3),
    thinkTags: random.below(4) === 0,
    breaks: random.below(8) === 0,
  }
  const snapshot = await play(body, random.pick([body.length, 1 + random.below(1024)]), settings)
  checkSnapshot(snapshot, body.length)
  if (random.below(8) === 0) {
    const again = await play(body, 1 + random.below(16), settings)
    if (comparable(again) !== comparable(snapshot))
      throw new Error('The answer depends on how its bytes are cut.')
  }
}

/** An answer without what differs from run to run. */
function comparable({ completion, reasoning, ending, error, issues }: CompletionSnapshot): string {
  return JSON.stringify([completion, reasoning, ending, error?.message, issues]).replace(
    /"call_candor\w+"/g,
    '""',
  )
}

async function play(
  body: Uint8Array<ArrayBuffer>,
  pieceBytes: number,
  { stream, n, thinkTags, breaks }: Play,
): Promise<CompletionSnapshot> {
  const pieces = cutBytes(body, Math.max(1, pieceBytes))
  let at = 0
  const answer = new ReadableStream({
    pull(controller) {
      const piece = pieces[at++]
      if (piece !== undefined) controller.enqueue(piece)
      else if (breaks) controller.error(new TypeError('terminated'))
      else controller.close()
    },
  })
  const completion = streamCompletion(
    { model: 'm', messages: [], stream, n },
    { baseURL: '/v1', retries: 0, thinkTags, fetch: () => Promise.resolve(new Response(answer)) },
  )
  let told = 0
  try {
    for await (const event of completion) {
      if ('text' in event) told += event.text.length
      if ((told & 15) === 0) completion.snapshot()
    }
  } catch (error) {
    if (!(error instanceof CompletionError)) throw error
    if (!error.message || completion.snapshot().error === undefined) {
      throw new Error('An error says nothing.', { cause: error })
    }
  }
  if (told > 10 * body.length) throw new Error('The events outgrew the body.')
  return completion.snapshot()
}

function checkSnapshot(snapshot: CompletionSnapshot, bodyLength: number): void {
  if (snapshot.ending === 'open') throw new Error('The answer never ended.')
  const { choices } = snapshot.completion
  if (choices.length > 128 || choices.length !== snapshot.reasoning.length)
    throw new Error('The choices are wrong.')
  for (const { message, index, finish_reason } of choices) {
    if (!Number.isInteger(index) || index < 0 || index > 127) throw new Error(`There is a choice ${index}.`)
    if (typeof (message.content ?? '') !== 'string') throw new Error('Content is no text.')
    if (typeof (finish_reason ?? '') !== 'string') throw new Error('finish_reason is no text.')
    if ((message.tool_calls?.length ?? 0) > 128) throw new Error('There are too many tool calls.')
    if (Object.getPrototypeOf(message) !== Object.prototype)
      throw new Error('A message has a foreign prototype.')
  }
  const written = JSON.stringify(snapshot)
  if (written.length > 100 * bodyLength + 20_000) throw new Error('The answer outgrew its body.')
  if ('polluted' in {} || Object.keys(Object.prototype).length > 0)
    throw new Error('The prototype was touched.')
}

// `pnpm --filter @candor/core fuzz 1000000 7`: a million more, from seed 7 million on.
if (import.meta.main) {
  const runs = Number(process.argv[2] ?? 100_000)
  const first = Number(process.argv[3] ?? 1) * 1_000_000
  for (let seed = first; seed < first + runs; seed++) await fuzzStream(seed)
  process.stdout.write(`${runs} streams held, seeds ${first} to ${first + runs - 1}\n`)
}
