import type { ChatCompletionParams, JsonSchema } from '../wire.ts'
import { checkJson, isEqual, isObject } from './checkJson.ts'
import { checkMessages } from './checkMessages.ts'
import { joinPath } from './checkStrictSchema.ts'
import { checkTools } from './checkTools.ts'
import { showValue } from './describeSchema.ts'
import type { EndpointProfile, ParameterFact } from './EndpointProfile.ts'
import { IssueList } from './IssueList.ts'
import { isParameterName, PARAMETERS, type ParameterName } from './parameters.ts'
import type { RequestIssue } from './RequestIssue.ts'
import { REQUEST_RULES } from './requestRules.ts'

/** What a request is checked against. */
export interface CheckRequestOptions<Extra extends object = object> {
  /** The server that it goes to. @default what every server accepts */
  profile?: EndpointProfile<Extra>
}

/**
 * Everything that is wrong with a request, and every warning about it: its parameters in their order, then the messages,
 * the tools, and what binds parameters to one another; empty when nothing is wrong. Never throws, whatever data it is
 * given.
 */
export function checkRequest<Extra extends object = object>(
  params: ChatCompletionParams & NoInfer<Extra>,
  options: CheckRequestOptions<Extra> = {},
): RequestIssue[] {
  const list = new IssueList()
  const { profile } = options
  if (!isObject(params)) {
    list.error(
      '',
      'wrong-type',
      `${showValue(params)} is no request.`,
      'Give an object with `model` and `messages`.',
    )
    return list.issues
  }
  if (params.model === undefined) list.error('model', 'missing', 'It is missing.', 'Give the id of a model.')
  for (const [name, value] of Object.entries(params)) {
    if (value === undefined) continue
    if (!isJson(value, 0)) reportNotJson(value, name, list, [])
    if (name === 'messages') continue
    if (isParameterName(name)) checkParameter(name, params, profile, list)
    else checkUnknown(name, value, profile, list)
  }
  checkMessages(params.messages, profile, list)
  checkTools(params, profile, list)
  for (const rule of REQUEST_RULES) {
    if (!rule.isBroken(params)) continue
    const level = typeof rule.level === 'function' ? rule.level(profile) : rule.level
    list.issues.push({ path: rule.path, code: rule.code, level, problem: rule.problem, hint: rule.hint })
  }
  if (profile) checkProfileRules(params, profile, list)
  return withoutEchoes(list.issues)
}

/** What is no JSON at all is of no right type either: once is enough. */
function withoutEchoes(issues: RequestIssue[]): RequestIssue[] {
  const unsendable = new Set(issues.flatMap(({ path, code }) => (code === 'not-json' ? [path] : [])))
  if (unsendable.size === 0) return issues
  return issues.filter(({ path, code }) => code === 'not-json' || !unsendable.has(path))
}

/** Old names that this library does not send, and the new ones. */
const REPLACED: { readonly [name: string]: string } = { functions: 'tools', function_call: 'tool_choice' }

function checkParameter(
  name: ParameterName,
  params: { readonly [name: string]: unknown },
  profile: EndpointProfile | undefined,
  list: IssueList,
): void {
  const value = params[name]
  const fact = profile && factOf(profile, name, params)
  const schema = fact?.support === 'wider' && fact.schema ? fact.schema : PARAMETERS[name]
  if (name === 'seed') checkSeed(value, list)
  else list.check(name, schema, value)
  if (!profile || !fact) return
  switch (fact.support) {
    case 'refused':
      list.warning(name, 'refused', `${profile.name} refuses it.`, fact.reason)
      break
    case 'ignored':
      // Asking for what happens anyway loses nothing.
      if (value === null || isEqual(value, PARAMETERS[name].default)) break
      list.warning(name, 'ignored', `${profile.name} ignores it without a word.`, fact.reason)
      break
    case 'deprecated':
      list.warning(name, 'deprecated', `${profile.name} is replacing it.`, fact.reason)
      break
    case 'limited': {
      const limits = new IssueList()
      limits.check(name, fact.schema ?? {}, value)
      const known = list.issues.map(({ path }) => path)
      for (const { path, problem, hint } of limits.issues) {
        // What the specification refuses already needs no second word.
        if (known.includes(path)) continue
        list.warning(
          path,
          'limited',
          `${profile.name} does not take it: ${problem}`,
          `${hint} ${fact.reason}`,
        )
      }
      break
    }
    case 'wider':
      break
  }
}

/** What a profile says of a parameter: of this model first, then of all. */
function factOf(
  profile: EndpointProfile,
  name: ParameterName,
  params: { readonly [name: string]: unknown },
): ParameterFact | undefined {
  const special = profile.models?.find(({ pattern }) => new RegExp(pattern).test(String(params.model)))
  const fact = special?.parameters[name] ?? profile.parameters?.[name]
  const unless = fact?.unless
  const isVoid = unless && checkJson(unless.schema, params[unless.parameter]).length === 0
  return isVoid ? undefined : fact
}

/** 64 bits: a JavaScript number cannot hold them all, so a bigint and decimal digits are taken too. */
function checkSeed(value: unknown, list: IssueList): void {
  if (value === null) return
  const hint = 'Give a whole number from -2^63 to 2^63-1; beyond ±(2^53-1) as a bigint or a decimal string.'
  if (typeof value === 'number') {
    if (!Number.isInteger(value)) list.error('seed', 'wrong-type', `${value} is no whole number.`, hint)
    else if (!Number.isSafeInteger(value)) {
      list.error('seed', 'inexact', `${value} is beyond what a JavaScript number holds exactly.`, hint)
    }
    return
  }
  if (typeof value !== 'bigint' && !(typeof value === 'string' && /^-?\d+$/.test(value))) {
    list.error('seed', 'wrong-type', `${showValue(value)} is no whole number.`, hint)
    return
  }
  const seed = BigInt(value)
  if (BigInt.asIntN(64, seed) !== seed)
    list.error('seed', 'out-of-range', `${showValue(String(seed))} has more than 64 bits.`, hint)
}

function checkUnknown(
  name: string,
  value: unknown,
  profile: EndpointProfile | undefined,
  list: IssueList,
): void {
  if (Object.hasOwn(REPLACED, name)) {
    const problem = `\`${name}\` is the old form of function calling, which this library does not send.`
    list.error(name, 'deprecated', problem, `Use \`${REPLACED[name] ?? ''}\`.`)
    return
  }
  const extra: { readonly [name: string]: JsonSchema } = { ...profile?.extraParameters }
  const ownNames = Object.values(profile?.rename ?? {})
  if (Object.hasOwn(extra, name)) {
    list.check(name, extra[name] ?? {}, value)
  } else if (!ownNames.includes(name)) {
    const meant = closest(name, [...Object.keys(PARAMETERS), ...Object.keys(extra)])
    const hint = meant === undefined ? 'Leave it out.' : `Did you mean \`${meant}\`?`
    if (profile?.unknownParameters === 'refused') {
      list.warning(name, 'refused', `${profile.name} refuses parameters that it does not know.`, hint)
    } else if (meant !== undefined) {
      list.warning(name, 'misspelt', `\`${name}\` is no parameter of the specification.`, hint)
    }
  }
}

function checkProfileRules(
  params: { readonly [name: string]: unknown },
  profile: EndpointProfile,
  list: IssueList,
): void {
  for (const [name, ownName = ''] of Object.entries(profile.rename ?? {})) {
    if (params[name] === undefined || params[ownName] === undefined) continue
    const problem = `\`${name}\` and \`${ownName}\` are the same parameter of ${profile.name}.`
    list.error(name, 'not-together', problem, 'Give one of them.')
  }
  for (const { parameters, reason } of profile.conflicts ?? []) {
    if (!parameters.every((name) => isOn(params[name]))) continue
    const problem = `${profile.name} refuses ${parameters.map((name) => `\`${name}\``).join(', ')} together.`
    list.warning(parameters[0] ?? '', 'not-together', problem, reason)
  }
  checkPrefill(params, profile, list)
}

/** Whether the request asks for the answer to go on from its last message, and what the server makes of that. */
function checkPrefill(
  params: { readonly [name: string]: unknown },
  profile: EndpointProfile,
  list: IssueList,
): void {
  const { messages } = params
  const last: unknown = Array.isArray(messages) ? messages.at(-1) : undefined
  if (!isObject(last) || last.role !== 'assistant') return
  const path = `messages[${Array.isArray(messages) ? messages.length - 1 : 0}]`
  const { prefill } = profile
  if (!prefill) return
  if (prefill.style === 'none') {
    const problem = `${profile.name} does not go on from an assistant message at the end: it begins a new answer.`
    list.warning(`${path}.role`, 'prefill-unsupported', problem, 'End with a message of the user.')
    return
  }
  if (prefill.style === 'body-flags' && params.continue_final_message !== true) {
    const problem = `${profile.name} begins a new answer after this message.`
    list.warning('continue_final_message', 'missing', problem, 'To go on from it, use prefillAnswer.')
  } else if (
    prefill.style === 'body-flags' &&
    params.add_generation_prompt === undefined &&
    Object.hasOwn(profile.extraParameters ?? {}, 'add_generation_prompt')
  ) {
    const problem = `${profile.name} refuses \`continue_final_message\` as long as its template opens a new answer.`
    list.warning('add_generation_prompt', 'missing', problem, 'Give `add_generation_prompt: false`.')
  } else if (prefill.style === 'message-flag' && last[prefill.flag] !== true) {
    const problem = `${profile.name} refuses it, or begins a new answer after it.`
    list.warning(`${path}.${prefill.flag}`, 'missing', problem, 'To go on from it, use prefillAnswer.')
  } else {
    if (isOn(params.tools)) {
      const problem = 'An answer that is continued cannot call tools on most servers.'
      list.warning('tools', 'not-together', problem, 'Leave out the tools, or the beginning of the answer.')
    }
    if (typeof last.content === 'string' && /\s$/.test(last.content)) {
      const problem =
        'The beginning of the answer ends in white space, which chat templates cut off or servers refuse.'
      list.warning(`${path}.content`, 'prefill-white-space', problem, 'End it with a character.')
    }
  }
}

function isOn(value: unknown): boolean {
  return (
    value !== undefined && value !== null && value !== false && !(Array.isArray(value) && value.length === 0)
  )
}

/** A cycle would never end, and no server reads this deep. */
const MAX_DEPTH = 200

/** Whether JSON can say a value: what it cannot would be dropped or changed in silence. */
function isJson(value: unknown, depth: number): boolean {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return true
    case 'number':
      return Number.isFinite(value)
    case 'bigint':
      return depth === 0
    case 'object':
      if (value === null) return true
      if (depth > MAX_DEPTH) return false
      if (Array.isArray(value)) {
        // Not `every`, which passes over holes: JSON would make null of them.
        for (const item of value) if (!isJson(item, depth + 1)) return false
        return true
      }
      if (!isPlain(value)) return false
      // `for in` over own keys is several times faster than Object.values, and this sees every value of the request.
      for (const key in value) {
        if (!Object.hasOwn(value, key)) continue
        const member: unknown = Reflect.get(value, key)
        if (member !== undefined && !isJson(member, depth + 1)) return false
      }
      return true
    default:
      return false
  }
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype === Object.prototype) return true
  return Object.prototype.toString.call(value) === '[object Object]' && !('toJSON' in value)
}

/** Says where in a value something stands that JSON cannot say; `around` are the objects that it stands in. */
function reportNotJson(value: unknown, path: string, list: IssueList, around: readonly object[]): void {
  const depth = around.length
  if (isJson(value, depth)) return
  if (typeof value !== 'object' || value === null) {
    if (typeof value === 'number')
      list.error(path, 'not-json', `${value} is not JSON.`, 'Give a finite number.')
    else if (typeof value === 'bigint') {
      list.error(path, 'not-json', 'A bigint is sent only at the top level.', 'Give a number.')
    } else list.error(path, 'not-json', `A value of type ${typeof value} is not JSON.`, 'Give a JSON value.')
  } else if (around.includes(value)) {
    list.error(path, 'not-json', 'It contains itself, which JSON cannot say.', 'Leave it out here.')
  } else if (depth > MAX_DEPTH) {
    list.error(path, 'not-json', 'It is nested too deeply.', 'Give a flatter value.')
  } else if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) {
      reportNotJson(item, joinPath(path, index), list, [...around, value])
    }
  } else if (isPlain(value)) {
    for (const [key, member] of Object.entries(value)) {
      if (member !== undefined) reportNotJson(member, joinPath(path, key), list, [...around, value])
    }
  } else {
    const { constructor: made }: { constructor?: unknown } = value
    const kind = typeof made === 'function' && made.name !== '' ? `A ${made.name}` : 'An object with toJSON'
    list.error(path, 'not-json', `${kind} is not JSON.`, 'Give its text, its number or a plain object.')
  }
}

/** The name that was probably meant: the same letters written otherwise, or one slip away. */
function closest(name: string, known: readonly string[]): string | undefined {
  const plain = plainName(name)
  return known.find((other) => plainName(other) === plain) ?? known.find((other) => isOneSlip(name, other))
}

function plainName(name: string): string {
  return name.toLowerCase().replaceAll(/[-_]/g, '')
}

/** Whether one letter more, less, changed or swapped makes one name the other; short names have too many neighbours. */
function isOneSlip(left: string, right: string): boolean {
  const shorter = Math.min(left.length, right.length)
  let start = 0
  while (start < shorter && left[start] === right[start]) start += 1
  const leftRest = left.slice(start)
  const rightRest = right.slice(start)
  const isLonger = leftRest.slice(1) === rightRest || leftRest === rightRest.slice(1)
  const isChanged = leftRest.slice(1) === rightRest.slice(1)
  const isSwapped =
    leftRest[0] === rightRest[1] && leftRest[1] === rightRest[0] && leftRest.slice(2) === rightRest.slice(2)
  return (isLonger && shorter >= 4) || ((isChanged || isSwapped) && shorter >= 6)
}
