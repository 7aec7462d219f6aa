import type { ChatMessage } from '../ChatMessage.ts'
import type { CompletionMessage, RequestMessage } from '../wire.ts'
import { isObject } from './checkJson.ts'
import type { EndpointProfile, MessageFacts } from './EndpointProfile.ts'

/** For whom a conversation is written down. */
export interface ToRequestMessagesOptions {
  /** The server that it goes to. @default one that ignores what it does not know */
  profile?: EndpointProfile
}

type Fields = { readonly [field: string]: unknown }

/**
 * A conversation as the next request must carry it. Kept is what a server wants back (`reasoning_content`,
 * `reasoning_details`, a call's thought signature); left out is what only answers have (`annotations`, the sound itself,
 * fields that are null, `tool_calls: []`) and, by profile, what the server would refuse. Ids of tool calls are mapped to
 * the form that the server wants, the same id to the same one in every request; arguments that came as an object become
 * JSON text again. A message that needs no change is the same object.
 */
export function toRequestMessages(
  history: readonly (RequestMessage | CompletionMessage | ChatMessage)[],
  options: ToRequestMessagesOptions = {},
): RequestMessage[] {
  const replay = new Replay(options.profile)
  return history.flatMap((entry) => replay.message(wireOf(entry)))
}

/** The wire's own message within what a chat holds. */
function wireOf(entry: RequestMessage | CompletionMessage | ChatMessage): object {
  if ('choice' in entry && isObject(entry.choice) && isObject(entry.choice.message))
    return entry.choice.message
  return 'message' in entry && isObject(entry.message) ? entry.message : entry
}

/** What only answers have. */
const ONLY_IN_ANSWERS = new Set(['annotations'])
const STANDARD = new Set([
  'role',
  'content',
  'name',
  'refusal',
  'audio',
  'tool_calls',
  'tool_call_id',
  'function_call',
])
const STANDARD_IN_CALLS = new Set(['id', 'type', 'function', 'custom'])

class Replay {
  readonly #facts: MessageFacts
  readonly #flag: string | undefined
  /** Ids as the server gave them → ids as this one takes them. */
  readonly #ids = new Map<string, string>()

  constructor(profile: EndpointProfile | undefined) {
    this.#facts = profile?.messages ?? {}
    this.#flag = profile?.prefill?.style === 'message-flag' ? profile.prefill.flag : undefined
  }

  message(message: object): RequestMessage[] {
    const fields: Fields = { ...message }
    const replayed = changed(message, this.#fieldsOf(fields))
    if (fields.role === 'assistant' && !saysAnything(replayed)) return []
    // Built of the fields of a message, with some left out.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    return [replayed as RequestMessage]
  }

  #fieldsOf(message: Fields): [string, unknown][] {
    return Object.entries(message).flatMap(([field, value]): [string, unknown][] => {
      if (value === undefined || !this.#takes(field, message.role)) return []
      // llama-cpp-python writes the older form beside the calls. Alone it stays, for the request's check to tell of.
      if (field === 'function_call' && Array.isArray(message.tool_calls)) return []
      if (message.role === 'tool') {
        return [[field, field === 'tool_call_id' && typeof value === 'string' ? this.#idOf(value) : value]]
      }
      if (message.role !== 'assistant') return [[field, value]]
      switch (field) {
        case 'content':
          return [[field, this.#contentOf(value, message.tool_calls)]]
        case 'tool_calls':
          return Array.isArray(value) && value.length > 0
            ? [
                [
                  field,
                  sameIfEqual(
                    value,
                    value.map((call) => this.#callOf(call)),
                  ),
                ],
              ]
            : []
        case 'audio':
          return isObject(value) ? [[field, changed(value, [['id', value.id]])]] : []
        default:
          return value === null ? [] : [[field, value]]
      }
    })
  }

  #takes(field: string, role: unknown): boolean {
    const { refused, unknownFields, keep = [] } = this.#facts
    if (ONLY_IN_ANSWERS.has(field) || (refused && Object.hasOwn(refused, field))) return false
    if (unknownFields !== 'refused' || STANDARD.has(field)) return true
    return role === 'assistant' && (keep.includes(field) || field === this.#flag)
  }

  #contentOf(content: unknown, calls: unknown): unknown {
    if (content === null && this.#facts.emptyContentAsText && Array.isArray(calls)) return ''
    if (!Array.isArray(content) || this.#facts.unknownFields !== 'refused') return content
    const kinds = ['text', 'refusal', ...(this.#facts.parts ?? [])]
    const kept = content.filter((part: unknown) => isObject(part) && kinds.includes(String(part.type)))
    return sameIfEqual(content, kept)
  }

  #callOf(call: unknown): unknown {
    if (!isObject(call)) return call
    const { unknownFields, keepOnToolCalls = [] } = this.#facts
    const fields = Object.entries(call).flatMap(([field, value]): [string, unknown][] => {
      // `index` belongs to the pieces of a stream.
      if (value === undefined || value === null || field === 'index') return []
      if (unknownFields === 'refused' && !STANDARD_IN_CALLS.has(field) && !keepOnToolCalls.includes(field))
        return []
      if (field === 'id' && typeof value === 'string') return [[field, this.#idOf(value)]]
      if (field === 'function' && isObject(value)) return [[field, functionOf(value)]]
      return [[field, value]]
    })
    return changed(call, 'type' in call ? fields : [...fields, ['type', 'function']])
  }

  #idOf(id: string): string {
    const { toolCallId } = this.#facts
    if (!toolCallId) return id
    const known = this.#ids.get(id)
    if (known !== undefined) return known
    const form = new RegExp(toolCallId.pattern)
    let mapped = id
    const taken = new Set(this.#ids.values())
    for (let salt = 0; !form.test(mapped) || taken.has(mapped); salt += 1) {
      mapped = shortId(`${id}${salt === 0 ? '' : salt}`)
      // A form that nine letters and digits do not fit is beyond us; the request's check will say so.
      if (!form.test(mapped)) return id
    }
    this.#ids.set(id, mapped)
    return mapped
  }
}

/** Some servers send the arguments as an object, and all want them back as text. */
function functionOf(called: Fields): object {
  const { arguments: given } = called
  if (given === undefined || typeof given === 'string') return called
  return { ...called, arguments: given === null ? '' : JSON.stringify(given) }
}

/** The object itself when these are its fields, else a new one of them. */
function changed(object: object, fields: readonly [string, unknown][]): object {
  const before = Object.entries(object)
  const isSame =
    before.length === fields.length &&
    fields.every(([field, value], index) => before[index]?.[0] === field && before[index][1] === value)
  return isSame ? object : Object.fromEntries(fields)
}

function sameIfEqual(before: unknown[], after: unknown[]): unknown[] {
  return before.length === after.length && before.every((item, index) => item === after[index])
    ? before
    : after
}

function saysAnything(message: object): boolean {
  const { content, tool_calls, function_call, refusal, audio }: Fields = { ...message }
  const hasContent = Array.isArray(content) ? content.length > 0 : content !== undefined && content !== null
  return (
    hasContent ||
    Array.isArray(tool_calls) ||
    isObject(function_call) ||
    typeof refusal === 'string' ||
    isObject(audio)
  )
}

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/** Nine letters and digits that stand for an id, always the same ones. */
function shortId(id: string): string {
  // Two multiplicative hashes of 32 bits with different primes: enough that ids of one conversation do not meet.
  let high = 0x811c9dc5
  let low = 0x9747b28c
  for (const character of id) {
    const code = character.codePointAt(0) ?? 0
    high = Math.imul(high ^ code, 0x01000193)
    low = Math.imul(low ^ code, 0x5bd1e995) ^ (low >>> 13)
  }
  let value = (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0)
  let text = ''
  for (let place = 0; place < 9; place += 1) {
    text += DIGITS[Number(value % 62n)]
    value /= 62n
  }
  return text
}
