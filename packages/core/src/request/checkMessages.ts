import { isObject } from './checkJson.ts'
import { showValue } from './describeSchema.ts'
import type { EndpointProfile, MessageFacts } from './EndpointProfile.ts'
import type { IssueList } from './IssueList.ts'
import { MESSAGES, PARTS } from './parameters.ts'

/** The roles of a request, and the kinds of content parts that each may hold. */
const ROLES: { readonly [role: string]: readonly string[] } = {
  developer: ['text'],
  system: ['text'],
  user: ['text', 'image_url', 'input_audio', 'file'],
  assistant: ['text', 'refusal'],
  tool: ['text'],
}

type Message = { readonly [field: string]: unknown }

/**
 * What is wrong with the messages: each by itself, and their order (the rules of tool calls and their answers hold on
 * every server; the order that one server's chat template wants is a warning).
 */
export function checkMessages(
  messages: unknown,
  profile: EndpointProfile | undefined,
  list: IssueList,
): void {
  if (messages === undefined) {
    list.error('messages', 'missing', 'It is missing.', 'Give at least one message.')
    return
  }
  if (!Array.isArray(messages)) {
    const problem = `${showValue(messages)} is no list of messages.`
    list.error('messages', 'wrong-type', problem, 'Give a list of at least 1 message.')
    return
  }
  if (messages.length === 0) {
    list.error('messages', 'out-of-range', 'It has no messages.', 'Give at least 1.')
    return
  }
  const check = new MessageCheck(profile, list)
  messages.forEach((message: unknown, index) => check.visit(message, index))
  check.end(messages)
}

class MessageCheck {
  readonly #list: IssueList
  readonly #facts: MessageFacts
  readonly #server: string
  readonly #prefillFlag: string | undefined
  /** Calls of the assistant message that is being answered: id → path, and the ids that have been. */
  readonly #open = new Map<string, string>()
  readonly #answered = new Set<string>()
  #previousRole = ''
  #systemSeen = false

  constructor(profile: EndpointProfile | undefined, list: IssueList) {
    this.#list = list
    this.#facts = profile?.messages ?? {}
    this.#server = profile?.name ?? 'The server'
    this.#prefillFlag = profile?.prefill?.style === 'message-flag' ? profile.prefill.flag : undefined
  }

  visit(message: unknown, index: number): void {
    const path = `messages[${index}]`
    if (!isObject(message)) {
      this.#list.error(
        path,
        'wrong-type',
        `${showValue(message)} is no message.`,
        'Give an object with `role`.',
      )
      return
    }
    const role = message.role
    if (typeof role !== 'string' || !Object.hasOwn(ROLES, role)) {
      this.#reportRole(role, path)
      return
    }
    this.#checkFields(message, role, path)
    this.#list.check(path, MESSAGES[role] ?? {}, message)
    if (role === 'assistant') this.#checkAssistant(message, path)
    else this.#checkContent(message.content, role, path)

    if (role === 'tool') this.#checkAnswer(message, path)
    else this.#closeCalls(path)
    if (role === 'assistant') this.#openCalls(message, path)
    this.#checkOrder(role, index, path)
    this.#previousRole = role
  }

  end(messages: readonly unknown[]): void {
    this.#closeCalls('the end')
    const last: unknown = messages.at(-1)
    const { lastRoles, noTwoTrailingAssistants } = this.#facts.sequence ?? {}
    if (!isObject(last) || typeof last.role !== 'string') return
    const path = `messages[${messages.length - 1}].role`
    const isPrefill = this.#prefillFlag !== undefined && last[this.#prefillFlag] === true
    if (lastRoles && !lastRoles.includes(last.role) && !isPrefill) {
      const hint = `The last message must be of ${lastRoles.join(' or ')}${
        this.#prefillFlag === undefined ? '' : `, or of assistant with \`${this.#prefillFlag}: true\``
      }.`
      this.#list.warning(path, 'wrong-order', `${this.#server} refuses ${last.role} as the last role.`, hint)
    }
    const before: unknown = messages.at(-2)
    if (
      noTwoTrailingAssistants &&
      last.role === 'assistant' &&
      isObject(before) &&
      before.role === 'assistant'
    ) {
      const problem = `${this.#server} refuses two assistant messages at the end.`
      this.#list.warning(path, 'wrong-order', problem, 'Join them.')
    }
  }

  #reportRole(role: unknown, path: string): void {
    const known = Object.keys(ROLES).join(', ')
    if (role === 'function') {
      const problem = 'The role `function` is the old form of function calling.'
      this.#list.error(`${path}.role`, 'deprecated', problem, 'Use `tool` with `tool_call_id`.')
    } else if (role === undefined) {
      this.#list.error(`${path}.role`, 'missing', 'It is missing.', `Give one of ${known}.`)
    } else {
      this.#list.error(
        `${path}.role`,
        'unknown-value',
        `${showValue(role)} is not a role.`,
        `Give one of ${known}.`,
      )
    }
  }

  #checkFields(message: Message, role: string, path: string): void {
    const { refused, keep = [], unknownFields } = this.#facts
    const properties = MESSAGES[role]?.properties
    const known = ['role', 'content', ...(isObject(properties) ? Object.keys(properties) : [])]
    for (const field of Object.keys(message)) {
      if (message[field] === undefined) continue
      if (field === 'function_call' && role === 'assistant') {
        // Many servers write it as null into their answers.
        if (message.function_call === null) continue
        const problem = '`function_call` is the old form of function calling.'
        this.#list.error(`${path}.function_call`, 'deprecated', problem, 'Use `tool_calls`.')
      } else if (refused && Object.hasOwn(refused, field)) {
        this.#list.warning(
          `${path}.${field}`,
          'refused',
          `${this.#server} refuses it: ${refused[field] ?? ''}`,
          'Leave it out; toRequestMessages does.',
        )
      } else if (
        unknownFields === 'refused' &&
        !known.includes(field) &&
        !keep.includes(field) &&
        field !== this.#prefillFlag
      ) {
        this.#list.warning(
          `${path}.${field}`,
          'refused',
          `${this.#server} refuses fields that it does not know.`,
          'Leave it out; toRequestMessages does.',
        )
      }
    }
  }

  #checkAssistant(message: Message, path: string): void {
    const { content, tool_calls: calls, refusal, audio } = message
    const hasCalls = Array.isArray(calls) && calls.length > 0
    if (hasCalls)
      calls.forEach((call: unknown, index) => this.#checkCall(call, `${path}.tool_calls[${index}]`))
    if (content !== undefined && content !== null) this.#checkContent(content, 'assistant', path)
    // An earlier spoken answer or a refusal is content too, and the old form of calls is refused by itself.
    else if (
      calls === undefined &&
      (message.function_call === undefined || message.function_call === null) &&
      !isObject(audio) &&
      typeof refusal !== 'string'
    ) {
      this.#list.error(
        `${path}.content`,
        'missing',
        'The assistant says nothing: there is neither content nor a tool call.',
        'Give `content` or `tool_calls`, or leave the message out.',
      )
    } else if (hasCalls && content === null && this.#facts.emptyContentAsText) {
      const problem = `${this.#server} refuses null here.`
      this.#list.warning(
        `${path}.content`,
        'refused',
        problem,
        "Give '' beside tool calls; toRequestMessages does.",
      )
    }
  }

  #checkCall(call: unknown, path: string): void {
    if (!isObject(call)) return
    const { toolCallId } = this.#facts
    if (toolCallId && typeof call.id === 'string' && !new RegExp(toolCallId.pattern).test(call.id)) {
      const problem = `${this.#server} refuses the id ${showValue(call.id)}.`
      const hint = `It must be ${toolCallId.hint}; toRequestMessages maps ids.`
      this.#list.warning(`${path}.id`, 'refused', problem, hint)
    }
    const given = isObject(call.function) ? call.function.arguments : undefined
    if (typeof given === 'string' && given.trim() !== '' && !isJsonObject(given)) {
      this.#list.warning(
        `${path}.function.arguments`,
        'arguments-not-json',
        `${showValue(given)} is not a JSON object.`,
        'Many servers (llama.cpp, vLLM, Ollama, Mistral) parse it and answer with an error: send {} and tell the model in the answer what was wrong.',
      )
    }
  }

  #checkContent(content: unknown, role: string, path: string): void {
    if (typeof content === 'string') return
    const place = `${path}.content`
    if (content === undefined || content === null) {
      const problem = content === null ? `null is no content for ${role}.` : 'It is missing.'
      this.#list.error(place, 'missing', problem, 'Give a text or a list of content parts.')
      return
    }
    if (!Array.isArray(content)) {
      const problem = `${showValue(content)} is no content.`
      this.#list.error(place, 'wrong-type', problem, 'Give a text or a list of content parts.')
      return
    }
    if (content.length === 0) {
      this.#list.error(place, 'out-of-range', 'It has no parts.', 'Give at least 1.')
    }
    content.forEach((part: unknown, index) => this.#checkPart(part, role, `${place}[${index}]`))
  }

  #checkPart(part: unknown, role: string, path: string): void {
    if (!isObject(part)) {
      const problem = `${showValue(part)} is no content part.`
      this.#list.error(path, 'wrong-type', problem, 'Give an object with `type`.')
      return
    }
    if (typeof part.type !== 'string') {
      const isMissing = part.type === undefined
      const problem = isMissing ? 'It is missing.' : `${showValue(part.type)} is no kind of content part.`
      const hint = `Give one of ${(ROLES[role] ?? []).join(', ')}.`
      this.#list.error(`${path}.type`, isMissing ? 'missing' : 'wrong-type', problem, hint)
      return
    }
    const kind = part.type
    const { parts = [], refusedParts = {}, unknownFields, imagesAsDataOnly } = this.#facts
    const allowed = ROLES[role] ?? []
    if (!Object.hasOwn(PARTS, kind)) {
      // Kinds that only some servers know (`video_url`, `thinking`, …) stand in histories and must pass.
      if (unknownFields === 'refused' && !parts.includes(kind)) {
        const problem = `${this.#server} does not know the part ${showValue(kind)}.`
        this.#list.warning(`${path}.type`, 'refused', problem, `Known here are ${allowed.join(', ')}.`)
      }
      return
    }
    if (!allowed.includes(kind) && !parts.includes(kind)) {
      const problem = `A message of ${role} may not hold ${showValue(kind)}.`
      this.#list.error(`${path}.type`, 'unknown-value', problem, `It may hold ${allowed.join(', ')}.`)
      return
    }
    if (Object.hasOwn(refusedParts, kind)) {
      const problem = `${this.#server} refuses it: ${refusedParts[kind] ?? ''}`
      this.#list.warning(`${path}.type`, 'refused', problem, 'Send it in another form, or to another server.')
    }
    this.#list.check(path, PARTS[kind] ?? {}, part)
    const url = isObject(part.image_url) ? part.image_url.url : undefined
    if (imagesAsDataOnly && typeof url === 'string' && !url.startsWith('data:')) {
      const problem = `${this.#server} does not fetch pictures.`
      const hint = 'Give the picture as a data: URL; imagePart makes one from a File or Blob.'
      this.#list.warning(`${path}.image_url.url`, 'refused', problem, hint)
    }
    if (
      kind === 'file' &&
      isObject(part.file) &&
      part.file.file_data === undefined &&
      part.file.file_id === undefined
    ) {
      const problem = 'The file has neither content nor id.'
      this.#list.error(`${path}.file`, 'missing', problem, 'Give `file_data` (base64) or `file_id`.')
    }
  }

  #checkAnswer(message: Message, path: string): void {
    const id = message.tool_call_id
    const place = `${path}.tool_call_id`
    if (typeof id !== 'string' || id === '') return
    if (this.#answered.has(id)) {
      const problem = `The call ${showValue(id)} was answered before.`
      this.#list.warning(place, 'tool-call-answered-twice', problem, 'Give one answer for each call.')
    } else if (!this.#open.has(id)) {
      const open = [...this.#open.keys()].filter((other) => !this.#answered.has(other)).map(showValue)
      this.#list.error(
        place,
        'tool-answer-without-call',
        `No tool call before it has the id ${showValue(id)}.`,
        open.length === 0
          ? 'A tool message must follow an assistant message whose `tool_calls` has its id.'
          : `Waiting for an answer: ${open.join(', ')}.`,
      )
    }
    this.#answered.add(id)
  }

  #openCalls(message: Message, path: string): void {
    if (!Array.isArray(message.tool_calls)) return
    message.tool_calls.forEach((call: unknown, index) => {
      if (!isObject(call) || typeof call.id !== 'string' || call.id === '') return
      const place = `${path}.tool_calls[${index}].id`
      if (this.#open.has(call.id)) {
        const problem = `Two calls of one message have the id ${showValue(call.id)}.`
        this.#list.error(place, 'tool-call-id-twice', problem, 'Give each call an id of its own.')
      }
      this.#open.set(call.id, place)
    })
  }

  #closeCalls(before: string): void {
    if (this.#open.size > 0) {
      for (const [id, path] of this.#open) {
        if (this.#answered.has(id)) continue
        this.#list.error(
          path,
          'tool-call-unanswered',
          `The call ${showValue(id)} has no answer before ${before}.`,
          'Add a message `{ role: "tool", tool_call_id, content }` right after the assistant message.',
        )
      }
      this.#open.clear()
    }
    this.#answered.clear()
  }

  #checkOrder(role: string, index: number, path: string): void {
    const { sequence } = this.#facts
    if (!sequence) return
    const place = `${path}.role`
    const previous = this.#previousRole
    if (sequence.noUserAfterTool && role === 'user' && previous === 'tool') {
      const problem = `${this.#server} refuses a user message right after a tool message.`
      this.#list.warning(place, 'wrong-order', problem, 'Let the assistant answer first.')
    }
    if (sequence.alternating && role === previous && (role === 'user' || role === 'assistant')) {
      const problem = `${this.#server} wants user and assistant to take turns.`
      this.#list.warning(place, 'wrong-order', problem, `Join it with the ${role} message before it.`)
    }
    if (role !== 'system' && role !== 'developer') return
    if (sequence.oneLeadingSystem && (this.#systemSeen || index > 0)) {
      const problem = `${this.#server} takes one system message, at the beginning.`
      this.#list.warning(place, 'wrong-order', problem, 'Join it with the first message.')
    }
    this.#systemSeen = true
  }
}

function isJsonObject(text: string): boolean {
  try {
    return isObject(JSON.parse(text))
  } catch {
    return false
  }
}

/** Whether any message says "JSON" in its text, as JSON mode demands. */
export function saysJson(messages: unknown): boolean {
  return (
    Array.isArray(messages) &&
    messages.some((message: unknown) => {
      if (!isObject(message)) return false
      const parts: readonly unknown[] = Array.isArray(message.content) ? message.content : [message.content]
      // Only text: a picture's base64 spells anything sooner or later.
      return parts.some((part) => /json/i.test(String(isObject(part) ? part.text : part)))
    })
  )
}
