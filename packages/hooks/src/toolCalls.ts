/** What answers tool calls. In a module of its own that is loaded with the first one, or when a chat has tools. */
export { answerToolCalls } from './answerToolCalls.ts'
export { retriedCall } from './retriedCall.ts'
