import type { ChatCompletionParams } from '../wire.ts'
import type { ChatCompletionRequest } from './buildRequest.ts'
import type { CheckRequestOptions } from './checkRequest.ts'
import type { EndpointProfile, MessageFacts, ParameterFact } from './EndpointProfile.ts'

/**
 * A first look at a request: whether it is one of text and usual parameters, about which `checkRequest` has nothing to
 * say and which `buildRequest` returns as it is. `false` is no verdict: only those two know. It weighs a tenth of what
 * they do, so an app need not load them before somebody asks for more than words.
 */
export function isPlainRequest<Extra extends object = object>(
  params: ChatCompletionParams & NoInfer<Extra>,
  { profile }: CheckRequestOptions<Extra> = {},
): params is ChatCompletionRequest & NoInfer<Extra> {
  return hasPlainParameters(params, profile) && hasPlainMessages(params.messages, profile?.messages)
}

type Fields = { readonly [field: string]: unknown }
type Look = (value: unknown) => boolean

const isText: Look = (value) => typeof value === 'string'
const isBoolean: Look = (value) => typeof value === 'boolean'
const isOneOf =
  (...values: readonly string[]): Look =>
  (value) =>
    values.some((known) => known === value)
const isNumber =
  (minimum: number, maximum: number): Look =>
  (value) =>
    typeof value === 'number' && value >= minimum && value <= maximum
const isInteger =
  (minimum: number, maximum: number): Look =>
  (value) =>
    Number.isInteger(value) && isNumber(minimum, maximum)(value)
const { MIN_SAFE_INTEGER, MAX_SAFE_INTEGER } = Number

/** The usual parameters, each with the values that need no second look. */
const USUAL: { readonly [name: string]: Look } = {
  messages: Array.isArray,
  model: (value) => isText(value) && value !== '',
  frequency_penalty: isNumber(-2, 2),
  logprobs: isBoolean,
  max_completion_tokens: isInteger(1, MAX_SAFE_INTEGER),
  max_tokens: isInteger(1, MAX_SAFE_INTEGER),
  n: isInteger(1, 128),
  presence_penalty: isNumber(-2, 2),
  reasoning_effort: isOneOf('none', 'minimal', 'low', 'medium', 'high'),
  seed: isInteger(MIN_SAFE_INTEGER, MAX_SAFE_INTEGER),
  stop: isText,
  stream: isBoolean,
  stream_options: (value) => isLiteral(value) && hasOnly(value, { include_usage: isBoolean }),
  temperature: isNumber(0, 2),
  top_logprobs: isInteger(0, 20),
  top_p: isNumber(0, 1),
  user: isText,
}

function hasPlainParameters(params: unknown, profile: EndpointProfile | undefined): boolean {
  if (!isLiteral(params) || !hasOnly(params, USUAL)) return false
  const has = (name: string): boolean => Object.hasOwn(params, name)
  return (
    ['model', 'messages', 'stream'].every(has) &&
    (params.logprobs === true || !has('top_logprobs')) &&
    (params.stream === true || !has('stream_options')) &&
    !(has('max_tokens') && has('max_completion_tokens')) &&
    !(has('temperature') && has('top_p')) &&
    (profile === undefined || isTakenAsItIs(params, profile))
  )
}

/** Whether a server's profile has nothing to say about the parameters. */
function isTakenAsItIs(
  params: Fields,
  { rename = {}, parameters, models, conflicts = [] }: EndpointProfile,
): boolean {
  const model = models?.find(({ pattern }) => new RegExp(pattern).test(String(params.model)))
  const facts: { readonly [name: string]: ParameterFact } = { ...parameters, ...model?.parameters }
  const isKnown = (name: string): boolean => Object.hasOwn(params, name)
  return (
    !Object.keys(rename).some(isKnown) &&
    !conflicts.some((conflict) => conflict.parameters.every(isKnown)) &&
    Object.entries(facts).every(([name, fact]) => !isKnown(name) || takesMoreNumbers(fact, params[name]))
  )
}

/** Whether a fact says only that more numbers are taken than usual, and this one is among them. */
function takesMoreNumbers({ support, schema = {} }: ParameterFact, value: unknown): boolean {
  const { type, minimum = -Infinity, ...others } = schema
  return (
    support === 'wider' &&
    Object.keys(others).length === 0 &&
    Array.isArray(type) &&
    (type.includes('number') || (type.includes('integer') && Number.isInteger(value))) &&
    isNumber(Number(minimum), Infinity)(value)
  )
}

const STANDARD_FIELDS: { readonly [field: string]: Look } = {
  role: isOneOf('system', 'developer', 'user', 'assistant'),
  content: isText,
  name: isText,
}
/** And what servers that think want back, where they mind no unknown fields. */
const FIELDS: typeof STANDARD_FIELDS = { ...STANDARD_FIELDS, reasoning_content: isText, reasoning: isText }

/** Whether the messages are text in an order that every chat template takes, a user's last. */
function hasPlainMessages(messages: readonly unknown[], facts: MessageFacts = {}): boolean {
  const { roles = {}, refused = {}, sequence, unknownFields } = facts
  const looks = unknownFields === 'refused' ? STANDARD_FIELDS : FIELDS
  let before = ''
  for (const message of messages) {
    if (!isLiteral(message) || !hasOnly(message, looks)) return false
    const { role, content } = message
    if (typeof role !== 'string' || Object.hasOwn(roles, role)) return false
    // An assistant that says nothing is no part of a history.
    if (content === undefined || (content === '' && role === 'assistant')) return false
    if (Object.keys(refused).some((field) => Object.hasOwn(message, field))) return false
    const isInTurn = role !== before && (role === 'user' || role === 'assistant')
    if (sequence && before !== '' && !isInTurn) return false
    before = role
  }
  return before === 'user' && (sequence?.lastRoles?.includes('user') ?? true)
}

/** Whether a value is a plain object: one of another kind may hide what it says, or change it when it is written down. */
function isLiteral(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
}

/** Whether all that an object says is known, and looks as it should. */
function hasOnly(value: Fields, looks: { readonly [name: string]: Look }): boolean {
  return Object.entries(value).every(
    ([name, member]) => Object.hasOwn(looks, name) && looks[name]?.(member) === true,
  )
}
