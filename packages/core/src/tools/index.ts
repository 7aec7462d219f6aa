export {
  toolLoopStep,
  type ToolLoopLimit,
  type ToolLoopLimits,
  type ToolLoopProgress,
  type ToolLoopStep,
  type ToolLoopStopReason,
} from './toolLoopStep.ts'
