import { deriveStrictSchema } from '../request/deriveStrictSchema.ts'
import type { InferSchema, SchemaSource } from '../request/schema.ts'
import { toJsonSchema } from '../request/toJsonSchema.ts'
import type { CustomTool, Tool } from '../wire.ts'

/** How far a running tool is. */
export interface ToolProgress {
  /** 0 to 1. */
  fraction?: number
  /** Words for the user. */
  text?: string
}

/** What a tool is given beside its arguments. */
export interface ToolContext {
  /** Aborts when the user stops the turn or the time-out is over: pass it to `fetch`. */
  readonly signal: AbortSignal
  /** Tells the user how far the tool is. */
  readonly onProgress: (progress: ToolProgress) => void
  /** The id of the call that is being run. */
  readonly toolCallId: string
}

/** A function that the model may call, with the code that runs it. */
export interface ToolDefinition<Arguments = unknown, Result = unknown> {
  /** What the model calls it: letters, digits, `_` and `-`, at most 64. */
  readonly name: string
  /** When to use it and what it gives, for the model. */
  readonly description?: string
  /** What the arguments must be. */
  readonly parameters: SchemaSource
  /** Whether the server shall hold the model to the schema; needs a strict schema. @default the server's own */
  readonly strict?: boolean
  /** For a tool that takes free text (`defineTextTool`): what that text is bound by. */
  readonly textFormat?: NonNullable<CustomTool['custom']['format']>
  /** Runs it. Leave it out for a tool that the user answers in the interface. */
  execute?(args: Arguments, context: ToolContext): Result | Promise<Result>
  /** Whether the user must allow a call first. @default false */
  needsApproval?: boolean | ((args: Arguments) => boolean | Promise<boolean>)
  /** Milliseconds after which a run is given up. @default the loop's own */
  readonly timeoutMs?: number
}

/** A tool whatever its types, as a list of tools holds it. */
// Method parameters are bivariant and `needsApproval` is not, so only `any` accepts every tool.
// oxlint-disable-next-line typescript/no-explicit-any
export type AnyTool = ToolDefinition<any, any>

/**
 * Defines a tool: the schema types what `execute` is given. The schema is one of zod, arktype or any Standard Schema,
 * or raw JSON Schema (types follow it too).
 */
export function defineTool<const Schema extends SchemaSource, Result = unknown>(
  tool: {
    readonly parameters: Schema
  } & Omit<ToolDefinition<InferSchema<Schema>, Result>, 'parameters'>,
): ToolDefinition<InferSchema<Schema>, Result> {
  return tool
}

/**
 * Defines a tool that takes free text rather than JSON, optionally bound by a grammar: a custom tool of the API, which
 * few servers know.
 */
export function defineTextTool<Result = unknown>(
  tool: Omit<ToolDefinition<string, Result>, 'parameters' | 'strict' | 'textFormat'> & {
    /** What the text is bound by. @default nothing */
    readonly format?: NonNullable<CustomTool['custom']['format']>
  },
): ToolDefinition<string, Result> {
  const { format = { type: 'text' }, ...rest } = tool
  return { ...rest, parameters: { type: 'string' }, textFormat: format }
}

/** A tool as a request lists it. Throws where the schema cannot say its own JSON Schema, with what to do instead. */
export function toolForRequest(tool: AnyTool): Tool {
  const described = tool.description === undefined ? {} : { description: tool.description }
  if (tool.textFormat !== undefined) {
    return { type: 'custom', custom: { name: tool.name, ...described, format: tool.textFormat } }
  }
  return {
    type: 'function',
    function: {
      name: tool.name,
      ...described,
      parameters: tool.strict ? deriveStrictSchema(tool.parameters) : toJsonSchema(tool.parameters),
      ...(tool.strict !== undefined && { strict: tool.strict }),
    },
  }
}
