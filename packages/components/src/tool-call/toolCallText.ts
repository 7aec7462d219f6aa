import type { ToolCall, ToolRun } from '@candor/core'

/** What a tool call is called. */
export function toolCallName(call: ToolCall): string {
  return call.type === 'custom' ? call.custom.name : call.function.name
}

/** What the model wrote for the tool: JSON as text, or the free text of a custom tool. */
export function toolCallSource(call: ToolCall): string {
  return call.type === 'custom' ? call.custom.input : call.function.arguments
}

/** The arguments as a value: those of the run, else those that the text says; the text itself where it is not JSON. */
export function toolCallArguments(call: ToolCall, run: ToolRun): unknown {
  if (run.arguments !== undefined) return run.arguments
  const source = toolCallSource(call)
  if (call.type === 'custom' || run.status === 'arguments-streaming') return source
  if (source.trim() === '') return {}
  try {
    return JSON.parse(source) as unknown
  } catch {
    return source
  }
}

const GIST_CHARACTERS = 48

/** The gist of the arguments: the first value that says something by itself. */
export function toolCallGist(value: unknown): string {
  if (typeof value === 'string') return shorten(value)
  if (typeof value !== 'object' || value === null) return ''
  for (const field of Object.values(value)) {
    if (typeof field === 'string' && field !== '') return shorten(field)
    if (typeof field === 'number') return String(field)
  }
  return ''
}

function shorten(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim()
  return line.length > GIST_CHARACTERS ? `${line.slice(0, GIST_CHARACTERS - 1)}…` : line
}
