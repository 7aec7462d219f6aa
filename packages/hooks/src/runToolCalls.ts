/** What runs tools, in a module that is loaded when a model first asks for one. */
export { endedOutcome, refuseToolCall, runTools } from '@candor/core'
