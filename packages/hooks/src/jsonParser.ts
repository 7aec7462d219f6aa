/** What reads the arguments of a call while they come, in a module that is loaded with the first one. */
export { createJsonParser } from '@candor/core'
