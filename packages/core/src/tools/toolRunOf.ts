import type { ToolRun } from '../ChatMessage.ts'
import type { ToolCall } from '../wire.ts'
import type { ToolDefinition } from './defineTool.ts'

/** A value of which any part may still be missing. */
export type PartialDeep<Value> = Value extends readonly (infer Item)[]
  ? PartialDeep<Item>[]
  : Value extends object
    ? { [Key in keyof Value]?: PartialDeep<Value[Key]> }
    : Value

/** A run of one tool, with that tool's types: arguments that still stream may lack parts. */
export type ToolRunOf<Arguments, Result> = Omit<ToolRun, 'status' | 'arguments' | 'result'> &
  (
    | { readonly status: 'arguments-streaming'; readonly arguments?: PartialDeep<Arguments> }
    | { readonly status: 'done'; readonly arguments: Arguments; readonly result: Awaited<Result> }
    | {
        readonly status: 'running' | 'waiting-for-approval' | 'waiting-for-result'
        readonly arguments: Arguments
      }
    | {
        readonly status: Exclude<
          ToolRun['status'],
          'arguments-streaming' | 'done' | 'running' | 'waiting-for-approval' | 'waiting-for-result'
        >
        readonly arguments?: unknown
      }
  )

/**
 * A call's run with the types of a tool; `undefined` when the call is not of that tool.
 *
 * @example
 * const run = toolRunOf(weather, call, runs[call.id])
 * if (run?.status === 'done') return <Weather {...run.result} />
 */
export function toolRunOf<Arguments, Result>(
  tool: ToolDefinition<Arguments, Result>,
  call: ToolCall,
  run: ToolRun | undefined,
): ToolRunOf<Arguments, Result> | undefined {
  const name = call.type === 'function' ? call.function.name : call.custom.name
  if (name !== tool.name || run === undefined) return undefined
  // The tool's own schema made the arguments, and its own code the result, of a run under its name.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return run as ToolRunOf<Arguments, Result>
}
