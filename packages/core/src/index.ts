export type * from './wire.ts'
export type * from './ChatMessage.ts'
export type * from './CompletionSnapshot.ts'
export type { StreamIssue } from './StreamIssue.ts'
export {
  CompletionError,
  type CompletionErrorData,
  type CompletionErrorType,
  type RateLimit,
  type RateLimits,
} from './CompletionError.ts'
export * from './stream/index.ts'
export {
  lintStream,
  formatLintReport,
  type LintFinding,
  type LintOptions,
  type LintReport,
  type LintSeverity,
} from './lint/lintStream.ts'
export * from './request/index.ts'
export * from './tools/index.ts'
export * from './logprobs/index.ts'
export {
  createJsonParser,
  type JsonError,
  type JsonErrorCode,
  type JsonParser,
  type JsonParserOptions,
  type JsonPath,
} from './json/createJsonParser.ts'
