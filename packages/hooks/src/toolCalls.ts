/** What a turn with tools does next, and what answers its calls. In a module of its own that is loaded with the first one, or when a chat has tools. */
export { answerToolCalls } from './answerToolCalls.ts'
export { retriedCall } from './retriedCall.ts'
export { toolLoopStep } from '@candor/core'
