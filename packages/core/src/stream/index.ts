export {
  streamCompletion,
  createCompletion,
  type CompletionOptions,
  type CompletionSettings,
  type CompletionStream,
  type CompletionRecorder,
} from './streamCompletion.ts'
export { createClient, type ChatClient, type Endpoint, type Lazy } from './createClient.ts'
export { listModels } from './listModels.ts'
export type { CompletionEvent, ResponseHead } from './CompletionEvent.ts'
export type { Retry } from './openStream.ts'
export type { Timeouts } from './timeouts.ts'
export { readRateLimits } from './rateLimits.ts'
export type { StreamIssueCode } from './issueSentences.ts'
export { createRecorder, type StreamRecorder } from './createRecorder.ts'
export {
  diagnoseConnection,
  type ConnectionCode,
  type ConnectionDiagnosis,
  type DiagnosisOptions,
} from './diagnoseConnection.ts'
