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
export {
  endedOutcome,
  refuseToolCall,
  runTools,
  type CheckedToolCall,
  type RunToolsOptions,
  type ToolApproval,
  type ToolOutcome,
} from './runTools.ts'
export { toolRunOf, type PartialDeep, type ToolRunOf } from './toolRunOf.ts'
export {
  toolLoopStep,
  type ToolLoopLimit,
  type ToolLoopLimits,
  type ToolLoopProgress,
  type ToolLoopStep,
  type ToolLoopStopReason,
} from './toolLoopStep.ts'
