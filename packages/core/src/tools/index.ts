export { acceptableHistory } from './acceptableHistory.ts'
export {
  defineTextTool,
  defineTool,
  toolForRequest,
  type AnyTool,
  type ToolContext,
  type ToolDefinition,
  type ToolProgress,
} from './defineTool.ts'
export { runTools, type CheckedToolCall, type RunToolsOptions, type ToolApproval } from './runTools.ts'
export { toolRunOf, type PartialDeep, type ToolRunOf } from './toolRunOf.ts'
export {
  toolLoopStep,
  type ToolLoopLimit,
  type ToolLoopLimits,
  type ToolLoopProgress,
  type ToolLoopStep,
  type ToolLoopStopReason,
} from './toolLoopStep.ts'
export { endedOutcome, refuseToolCall, type ToolOutcome } from './toolOutcome.ts'
