import type { Random } from './createRandom.ts'
import { joinBytes } from './replayResponse.ts'

/** What a broken or hostile server may write in the place of something else. */
const hostileTexts = [
  '__proto__',
  '"__proto__":{"polluted":1},',
  '"constructor":{"prototype":{"polluted":1}},',
  '"toString":1,',
  '"index":4294967295,',
  '"index":-1,',
  '"index":1e400,',
  '"index":"0",',
  '"index":null,',
  '"choices":{},',
  '"choices":[[]],',
  '"delta":[],',
  '"content":{"a":1},',
  '"content":[{"type":"text"}],',
  '"content":123,',
  '"tool_calls":[null,{},{"function":[]}],',
  '"tool_calls":{"0":{}},',
  '"finish_reason":{},',
  '"logprobs":{"content":[null,1,{"token":1,"logprob":"x","top_logprobs":{}}]},',
  '"logprobs":{"tokens":["a"],"token_logprobs":null,"top_logprobs":[1]},',
  '"usage":[],',
  '"usage":{"total_tokens":"NaN"},',
  '"error":{"message":{"a":[]}},',
  '"error":[],',
  '"message":{"content":null,"tool_calls":[{}]},',
  '"reasoning_details":[null,1,{"type":"reasoning.text","text":{}}],',
  '"audio":{"data":1,"transcript":null},',
  '"function_call":{"arguments":{}},',
  '"id":{},',
  '1e999',
  '-0',
  '\u0000',
  '\uFEFF',
  '\\ud800',
  '\r',
  '\n',
  '\r\n\r\n',
  ': comment\n',
  'data: ',
  'data:',
  'event: error\n',
  'error: {"message":"m"}\n',
  'data: [DONE]\n\n',
  'data: {}\n\n',
  'data: null\n\n',
  'data: [[[]]]\n\n',
  '<html>',
  '{',
  '}',
  '[',
  ']',
  '"',
].map((text) => new TextEncoder().encode(text))

type Bytes = Uint8Array<ArrayBuffer>
type Mutation = (bytes: Bytes, random: Random) => Bytes

const mutations: Mutation[] = [
  function flipBit(bytes, random) {
    const flipped = bytes.slice()
    const at = random.below(bytes.length)
    flipped[at]! ^= 1 << random.below(8)
    return flipped
  },
  function truncate(bytes, random) {
    return bytes.slice(0, random.below(bytes.length))
  },
  function remove(bytes, random) {
    const [from, to] = stretch(bytes, random)
    return joinBytes([bytes.subarray(0, from), bytes.subarray(to)])
  },
  function duplicate(bytes, random) {
    const [from, to] = stretch(bytes, random)
    return joinBytes([bytes.subarray(0, to), bytes.subarray(from)])
  },
  function move(bytes, random) {
    const [from, to] = stretch(bytes, random)
    const at = random.below(from + 1)
    return joinBytes([
      bytes.subarray(0, at),
      bytes.subarray(from, to),
      bytes.subarray(at, from),
      bytes.subarray(to),
    ])
  },
  function insertHostile(bytes, random) {
    // Behind a brace or a line end it is read most often.
    const near = random.below(bytes.length)
    const brace = bytes.indexOf(random.pick([0x7b, 0x0a, 0x2c, 0x22]), near)
    const at = brace === -1 ? near : brace + 1
    return joinBytes([bytes.subarray(0, at), random.pick(hostileTexts), bytes.subarray(at)])
  },
  function overwrite(bytes, random) {
    const [from, to] = stretch(bytes, random)
    return joinBytes([bytes.subarray(0, from), random.pick(hostileTexts), bytes.subarray(to)])
  },
  function swapRecords(bytes, random) {
    const records = new TextDecoder().decode(bytes).split('\n\n')
    const one = random.below(records.length)
    const other = random.below(records.length)
    const kept = records[one]!
    records[one] = records[other]!
    records[other] = kept
    return new TextEncoder().encode(records.join('\n\n'))
  },
]

function stretch(bytes: Bytes, random: Random): [from: number, to: number] {
  const from = random.below(bytes.length)
  return [from, Math.min(bytes.length, from + 1 + random.below(random.pick([4, 40, 400])))]
}

/** Bytes with one to four changes that chance chooses: flipped, cut, removed, repeated, moved, overwritten, hostile. */
export function mutateBytes(bytes: Uint8Array<ArrayBuffer>, random: Random): Uint8Array<ArrayBuffer> {
  let mutated = bytes
  for (let changes = 1 + random.below(4); changes > 0 && mutated.length > 0; changes--) {
    mutated = random.pick(mutations)(mutated, random)
  }
  return mutated
}
