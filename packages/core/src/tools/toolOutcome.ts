import type { ToolRun } from '../ChatMessage.ts'
import { toolMessage } from '../request/contentParts.ts'
import type { ToolCall, ToolMessage } from '../wire.ts'

/** A call's end: how it ran, and what the model is told. */
export interface ToolOutcome {
  run: ToolRun
  message: ToolMessage
}

/** A call that is not run, answered with the reason. */
export function refuseToolCall(
  call: ToolCall,
  status: 'aborted' | 'denied' | 'unknown',
  errorText: string,
): ToolOutcome {
  return toolOutcome(call, { status, errorText }, errorText)
}

/** The end of a call whose run is over already, such as one that was saved and is loaded again. */
export function endedOutcome(call: ToolCall, run: ToolRun): ToolOutcome {
  if (run.status !== 'done') return toolOutcome(call, run, run.errorText ?? '')
  try {
    return { run, message: resultMessage(call, run.result) }
  } catch (error) {
    return toolOutcome(call, run, messageOf(error))
  }
}

/** The end of a call, and what the model is told of it. */
export function toolOutcome(call: ToolCall, run: ToolRun, content: ToolMessage['content']): ToolOutcome {
  return { run, message: { role: 'tool', tool_call_id: call.id, content } }
}

/** The answer of a call that returned something. Throws what JSON cannot say. */
export function resultMessage(call: ToolCall, result: unknown): ToolMessage {
  try {
    return toolMessage(call.id, result)
  } catch (error) {
    throw new Error(`its result cannot be written as JSON (${messageOf(error)}).`, { cause: error })
  }
}

/** What was thrown, in words; code may throw anything, and an error may say nothing. Never throws. */
export function messageOf(thrown: unknown): string {
  if (thrown instanceof Error) return thrown.message === '' ? thrown.name : thrown.message
  try {
    return (typeof thrown === 'string' ? thrown : JSON.stringify(thrown)) || silent
  } catch {
    return silent
  }
}

const silent = 'it did not say why'
