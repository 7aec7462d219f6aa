/**
 * What an answer can have beyond plain text: tool calls, thinking in its many spellings, speech, whole messages, content in
 * parts; and records that are not simply chunks. Loaded beside a request that will need it, else with the first chunk that
 * does, so that an answer in text does not pay for it.
 */
export { createThinkSplitter } from './createThinkSplitter.ts'
export { pushFields, pushMessage } from './messageFields.ts'
export { ToolCallsDraft } from './ToolCallsDraft.ts'
export { UnusualRecords } from './UnusualRecords.ts'
