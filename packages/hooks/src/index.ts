export { useChatCompletion } from './useChatCompletion.ts'
export { useToolLoop } from './useToolLoop.ts'
export {
  useStructuredCompletion,
  type StructuredCompletion,
  type StructuredCompletionOptions,
} from './useStructuredCompletion.ts'
export type { ValueIssue } from './createStructuredSource.ts'
export type { AnswerFormat } from './structuredRequest.ts'
export { CandorProvider, type CandorProviderProps } from './CandorProvider.tsx'
export { useChatSelector, type ChatSource } from './useChatSelector.ts'
export { useMessage } from './useMessage.ts'
export { useMessageIds } from './useMessageIds.ts'
export { useChatStatus } from './useChatStatus.ts'
export { useChatError } from './useChatError.ts'
export { useBranches } from './useBranches.ts'
export { useToolCalls } from './useToolCalls.ts'
export {
  useCompletionQuery,
  type CompletionQuery,
  type CompletionQueryOptions,
} from './useCompletionQuery.ts'
export { useTokenCount, type Countable, type TokenizerSource } from './useTokenCount.ts'
export { useModels, type UseModelsOptions } from './useModels.ts'
export { useThreads } from './useThreads.ts'
export { localStorageChats } from './localStorageChats.ts'
export { indexedDbChats } from './indexedDbChats.ts'
export { persistChat } from './persistChat.ts'
export type { ChatStorage, ThreadChange, ThreadEvent, ThreadSummary, ThreadUpdate } from './ChatStorage.ts'
export { createChat, type ChatController } from './createChat.ts'
export type * from './ChatHandle.ts'
export type * from './ChatOptions.ts'
export type * from './ChatMiddleware.ts'
export type { SavedChat } from './SavedChat.ts'
