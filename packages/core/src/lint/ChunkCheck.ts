import { isObject, type JsonObject } from '../stream/plainValue.ts'
import type { LintFinding, LintSeverity } from './lintStream.ts'

/**
 * What any client reads the same and so is no issue of a stream, but is not as the specification has it. How severe, and
 * what the server did.
 */
const rules = {
  'wrong-kind': ['lost', 'A field has a value of the wrong kind; it was left out.'],
  // The envelope
  'id-missing': ['repaired', 'A chunk has no id, or an empty one.'],
  'created-missing': ['repaired', 'A chunk has no time of creation, or 0.'],
  'created-changed': ['repaired', 'The time of creation changed within one answer; the first was kept.'],
  'model-missing': ['repaired', 'A chunk has no model, or an empty one.'],
  'model-changed': ['ambiguous', 'The model changed within one answer; the first was kept.'],
  'object-wrong': ['repaired', 'object is not chat.completion.chunk (of a whole answer: chat.completion).'],
  'usage-beside-choices': ['repaired', 'Usage came beside choices instead of in a chunk of its own.'],
  'number-as-text': ['ambiguous', 'A number came as text.'],
  // Choices
  'role-missing': ['repaired', 'A choice began without role: "assistant".'],
  'role-repeated': ['repaired', 'The role came again in a later delta of the same choice.'],
  'finish-reason-absent': ['repaired', 'An unfinished choice has no finish_reason instead of null.'],
  'finish-reason-unknown': ['ambiguous', 'A choice ended for a reason that the protocol does not know.'],
  'finish-reason-without-calls': ['ambiguous', 'A choice ended with tool_calls and has none.'],
  'message-incomplete': ['repaired', 'A whole message lacks role, content or refusal.'],
  'logprobs-incomplete': ['repaired', 'Logprobs lack content, refusal, bytes or top_logprobs.'],
  // Tool calls
  'tool-calls-empty': ['repaired', 'A delta without tool calls has tool_calls all the same.'],
  'tool-call-index-not-counted': ['repaired', 'The indices of tool calls do not count from 0.'],
  'tool-call-head-repeated': ['repaired', 'A later piece of a tool call has its id, type or name again.'],
  'tool-call-id-empty': ['repaired', 'A piece of a tool call has an empty id.'],
  'tool-call-arguments-missing': ['repaired', 'A tool call began without arguments instead of with "".'],
  'function-call-beside-tool-calls': ['repaired', 'The older function_call came beside tool_calls.'],
} as const satisfies { [code: string]: readonly [LintSeverity, string] }

type RuleCode = keyof typeof rules

const finishReasons: readonly unknown[] = ['stop', 'length', 'tool_calls', 'content_filter', 'function_call']

/** What is known of a choice from its earlier chunks. */
interface SeenChoice {
  hasRole: boolean
  calls: number
  callIndices: Set<unknown>
}

/** Looks at the chunks of one answer as they came, and notes in what they are not as the specification has them. */
export class ChunkCheck {
  private readonly noted = new Map<RuleCode, LintFinding>()
  private readonly choices = new Map<number, SeenChoice>()
  private number = -1
  private created: unknown
  private model: unknown

  /** One finding for each rule that was broken. */
  findings(): LintFinding[] {
    return [...this.noted.values()]
  }

  push(chunk: JsonObject): void {
    this.number++
    const { choices } = chunk
    // What holds only an error has a shape of its own.
    if (choices === undefined && (chunk['error'] || chunk['object'] === 'error')) return
    const isWhole = Array.isArray(choices) && isObject(choices[0]) && isObject(choices[0]['message'])
    this.checkEnvelope(chunk, isWhole)
    if (!Array.isArray(choices)) return
    choices.forEach((choice: unknown, place) => {
      if (isObject(choice)) this.checkChoice(choice, place)
      else this.note('wrong-kind', 'choices', choice)
    })
  }

  private note(code: RuleCode, place: string, value?: unknown): void {
    const known = this.noted.get(code)
    if (known !== undefined) {
      known.count++
      return
    }
    const [severity, message] = rules[code]
    const finding: LintFinding = { severity, code, message, chunk: this.number, count: 1, place }
    if (value !== undefined) finding.raw = JSON.stringify(value).slice(0, 500)
    this.noted.set(code, finding)
  }

  /** Notes a value that is neither missing, nor null, nor of the kind that it should be. */
  private checkKind(place: string, value: unknown, isOfKind: (value: unknown) => boolean): void {
    if (value !== undefined && value !== null && !isOfKind(value)) this.note('wrong-kind', place, value)
  }

  private checkEnvelope(chunk: JsonObject, isWhole: boolean): void {
    const { id, created, model, object, usage, choices } = chunk
    for (const [place, value] of Object.entries({ id, model, object })) this.checkKind(place, value, isText)
    if (!id) this.note('id-missing', 'id', id)
    if (!model) this.note('model-missing', 'model', model)
    else if (this.model !== undefined && this.model !== model) this.note('model-changed', 'model', model)
    else this.model = model
    if (!created) this.note('created-missing', 'created', created)
    else if (this.created !== undefined && this.created !== created)
      this.note('created-changed', 'created', created)
    else this.created = created
    if (isText(created)) this.note('number-as-text', 'created', created)
    if (object !== (isWhole ? 'chat.completion' : 'chat.completion.chunk'))
      this.note('object-wrong', 'object', object)
    this.checkKind('usage', usage, isObject)
    if (!isObject(usage)) return
    if (!isWhole && Array.isArray(choices) && choices.length > 0) this.note('usage-beside-choices', 'usage')
    for (const count of ['prompt_tokens', 'completion_tokens', 'total_tokens']) {
      if (isText(usage[count])) this.note('number-as-text', `usage.${count}`, usage[count])
    }
  }

  private checkChoice(choice: JsonObject, place: number): void {
    const { index, delta, message, logprobs, finish_reason: reason } = choice
    const at = Number(index ?? place)
    const seen = this.choices.get(at) ?? { hasRole: false, calls: 0, callIndices: new Set() }
    this.choices.set(at, seen)
    this.checkKind('delta', delta, isObject)
    if (isObject(delta)) this.checkDelta(delta, seen)
    else if (isObject(message)) this.checkMessage(message, seen)
    this.checkKind('finish_reason', reason, isText)
    if (reason === undefined) this.note('finish-reason-absent', 'finish_reason')
    else if (isText(reason) && reason !== '' && !finishReasons.includes(reason))
      this.note('finish-reason-unknown', 'finish_reason', reason)
    else if (reason === 'tool_calls' && seen.calls === 0)
      this.note('finish-reason-without-calls', 'finish_reason', reason)
    this.checkKind('logprobs', logprobs, isObject)
    if (isObject(logprobs)) this.checkLogprobs(logprobs)
  }

  private checkMessage(message: JsonObject, seen: SeenChoice): void {
    for (const field of ['role', 'content', 'refusal']) {
      if (message[field] === undefined) this.note('message-incomplete', `message.${field}`)
    }
    const calls = message['tool_calls']
    this.checkKind('message.tool_calls', calls, Array.isArray)
    if (Array.isArray(calls)) seen.calls += calls.length
  }

  private checkDelta(delta: JsonObject, seen: SeenChoice): void {
    const { role, refusal, tool_calls: calls, function_call: functionCall } = delta
    this.checkKind('delta.role', role, isText)
    this.checkKind('delta.refusal', refusal, isText)
    this.checkKind('delta.tool_calls', calls, Array.isArray)
    // The delta of a usage chunk or of the finish says nothing, and begins nothing.
    if (seen.hasRole && role) this.note('role-repeated', 'delta.role', role)
    if (!seen.hasRole && role !== 'assistant' && Object.keys(delta).length > 0)
      this.note('role-missing', 'delta.role', role)
    if (role || Object.keys(delta).length > 0) seen.hasRole = true
    if (calls === null || (Array.isArray(calls) && calls.length === 0))
      this.note('tool-calls-empty', 'delta.tool_calls', calls)
    if (!Array.isArray(calls)) return
    if (functionCall) this.note('function-call-beside-tool-calls', 'delta.function_call', functionCall)
    for (const call of calls as unknown[]) {
      if (isObject(call)) this.checkToolCall(call, seen)
      else this.note('wrong-kind', 'delta.tool_calls', call)
    }
  }

  private checkToolCall(call: JsonObject, seen: SeenChoice): void {
    const { index, id, type } = call
    const body = isObject(call['custom']) ? call['custom'] : call['function']
    const name = isObject(body) ? body['name'] : undefined
    const isFirst = !seen.callIndices.has(index)
    const place = `tool_calls[${String(index)}]`
    this.checkKind(`${place}.id`, id, isText)
    this.checkKind(`${place}.function`, body, isObject)
    this.checkKind(`${place}.function.name`, name, isText)
    if (id === '' || id === null) this.note('tool-call-id-empty', `${place}.id`, id)
    if (!isFirst) {
      if (id || type || name) this.note('tool-call-head-repeated', place, { id, type, name })
      return
    }
    seen.calls++
    seen.callIndices.add(index)
    if (index !== undefined && index !== seen.callIndices.size - 1)
      this.note('tool-call-index-not-counted', `${place}.index`, index)
    const text = isObject(body) ? (body['arguments'] ?? body['input']) : undefined
    if (text === undefined || text === null)
      this.note('tool-call-arguments-missing', `${place}.function.arguments`)
  }

  private checkLogprobs(logprobs: JsonObject): void {
    // The older shape is an issue of its own.
    if (Array.isArray(logprobs['tokens'])) return
    for (const field of ['content', 'refusal']) {
      const entries = logprobs[field]
      this.checkKind(`logprobs.${field}`, entries, Array.isArray)
      if (entries === undefined) this.note('logprobs-incomplete', `logprobs.${field}`)
      if (!Array.isArray(entries)) continue
      for (const entry of entries as unknown[]) {
        if (!isObject(entry)) this.note('wrong-kind', `logprobs.${field}`, entry)
        else if (entry['bytes'] === undefined || entry['top_logprobs'] === undefined)
          this.note('logprobs-incomplete', `logprobs.${field}`, entry)
      }
    }
  }
}

function isText(value: unknown): value is string {
  return typeof value === 'string'
}
