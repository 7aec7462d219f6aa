/** What reads the calls of an answer: their arguments while they come, their ids at the end. Loaded with the first call. */
import {
  createJsonParser,
  type ChatAssistantMessage,
  type Choice,
  type JsonParser,
  type StreamIssue,
  type ToolCall,
  type ToolRun,
} from '@candor/core'

/** The runs of a choice's calls while these come; what did not change since the last time is the same object. */
export function createToolRuns(): (choice: Choice) => ChatAssistantMessage['toolRuns'] {
  // Of each choice and call; a parser reads only what is new.
  const parsers = new Map<string, JsonParser>()
  // What was made of a call as it came, and of a list of them.
  const runOfCall = new WeakMap<ToolCall, ToolRun>()
  const runsOfCalls = new WeakMap<readonly ToolCall[], ChatAssistantMessage['toolRuns']>()

  function runOf(call: ToolCall, place: string): ToolRun {
    if (call.type === 'custom') return { status: 'arguments-streaming', arguments: call.custom.input }
    const parser = parsers.get(place) ?? createJsonParser()
    parsers.set(place, parser)
    parser.push(call.function.arguments.slice(parser.length))
    const { value } = parser
    return { status: 'arguments-streaming', ...(value !== undefined && { arguments: value }) }
  }

  return ({ index, message: { tool_calls: calls = [] } }) => {
    const known = runsOfCalls.get(calls)
    if (known !== undefined) return known
    const runs = calls.map((call, position): [string, ToolRun] => {
      const run = runOfCall.get(call) ?? runOf(call, `${index}/${position}`)
      runOfCall.set(call, run)
      return [call.id, run]
    })
    const toolRuns = Object.fromEntries(runs)
    runsOfCalls.set(calls, toolRuns)
    return toolRuns
  }
}

/** Each call of an answer has an id of its own: the user decides on calls by their ids, and results name them. */
export function withDistinctCallIds(answer: ChatAssistantMessage): ChatAssistantMessage {
  const calls = answer.choice.message.tool_calls ?? []
  const ids = new Set(calls.map(({ id }) => id))
  if (ids.size === calls.length) return answer
  const taken = new Set<string>()
  const tool_calls = calls.map((call) => {
    let { id } = call
    for (let twin = 2; taken.has(id); twin++) id = `${call.id}-${twin}`
    taken.add(id)
    return id === call.id ? call : { ...call, id }
  })
  const message = { ...answer.choice.message, tool_calls }
  const issue: StreamIssue = {
    code: 'tool-call-id-repeated',
    message: 'Several tool calls had one id; the later ones were given ids of their own.',
    count: calls.length - ids.size,
  }
  return { ...answer, choice: { ...answer.choice, message }, issues: [...answer.issues, issue] }
}
