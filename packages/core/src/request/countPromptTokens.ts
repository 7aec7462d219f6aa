import type { ChatCompletionParams } from '../wire.ts'
import { isObject } from './checkJson.ts'
import { messageParts } from './readMessage.ts'
import type { Tokenizer } from './Tokenizer.ts'

/** How many tokens a prompt takes, as far as a client can tell. */
export interface PromptTokens {
  /** All together. */
  total: number
  /** Each message, in order. */
  messages: number[]
  /** The tools and the schema of the answer. */
  tools: number
  /** What was left out because its tokens cannot be told from here, such as `messages[2].content[1] (image_url)`. */
  notCounted: string[]
}

// What OpenAI's chat format adds around the text, as its cookbook measures it; chat templates of other models differ by
// a few tokens a message.
const PER_MESSAGE = 3
const PER_NAME = 1
const OPENING = 3
const PER_FUNCTION = 7
const PER_PROPERTIES = 3
const PER_PROPERTY = 3
const ENUM_START = -3
const PER_ENUM_VALUE = 3
const AFTER_FUNCTIONS = 12

/**
 * Counts the tokens of a prompt with the tokenizer of its model: exact for plain text on OpenAI's models, an estimate
 * with tools and on other servers. Pictures, sounds and files are named, not guessed.
 */
export function countPromptTokens(
  params: Pick<ChatCompletionParams, 'messages'> & Partial<ChatCompletionParams>,
  tokenizer: Tokenizer,
): PromptTokens {
  const notCounted: string[] = []
  const count = (text: unknown): number => (typeof text === 'string' ? tokenizer.encode(text).length : 0)
  const messages = params.messages.map((message, index) => {
    let tokens = PER_MESSAGE + count(message.role)
    messageParts(message).forEach((part, position) => {
      if (part.type === 'text') tokens += count(part.text)
      else if (part.type === 'refusal') tokens += count(part.refusal)
      else notCounted.push(`messages[${index}].content[${position}] (${part.type})`)
    })
    if ('name' in message && message.name !== undefined) tokens += PER_NAME + count(message.name)
    if (message.role === 'assistant') {
      for (const call of message.tool_calls ?? []) {
        tokens += call.type === 'custom' ? count(call.custom.name) + count(call.custom.input) : 0
        tokens += call.type === 'function' ? count(call.function.name) + count(call.function.arguments) : 0
      }
    }
    return tokens
  })

  let tools = 0
  for (const tool of params.tools ?? []) {
    const described = tool.type === 'function' ? tool.function : tool.custom
    tools += PER_FUNCTION + count(`${described.name}:${(described.description ?? '').replace(/\.$/, '')}`)
    if (tool.type === 'function') tools += countSchema(tool.function.parameters, count)
  }
  if (tools > 0) tools += AFTER_FUNCTIONS
  const format = params.response_format
  if (format?.type === 'json_schema') tools += count(JSON.stringify(format.json_schema.schema))

  const total = OPENING + tools + messages.reduce((sum, tokens) => sum + tokens, 0)
  return { total, messages, tools, notCounted }
}

function countSchema(schema: unknown, count: (text: unknown) => number): number {
  if (!isObject(schema) || !isObject(schema.properties)) return 0
  const properties = Object.entries(schema.properties)
  let tokens = properties.length > 0 ? PER_PROPERTIES : 0
  for (const [name, property] of properties) {
    if (!isObject(property)) continue
    tokens += PER_PROPERTY
    if (Array.isArray(property.enum)) {
      tokens += ENUM_START
      for (const value of property.enum) tokens += PER_ENUM_VALUE + count(String(value))
    }
    const description =
      typeof property.description === 'string' ? property.description.replace(/\.$/, '') : ''
    tokens += count(`${name}:${String(property.type)}:${description}`) + countSchema(property, count)
    tokens += countSchema(property.items, count)
  }
  return tokens
}
