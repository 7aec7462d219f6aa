/**
 * What asks a model: request, stream and answer. In a module of its own that is loaded after the page, since it weighs
 * more than all that shows a conversation.
 */
export { loadToolCalls, preloadTurn } from './preloadTurn.ts'
export { requestForTurn } from './requestForTurn.ts'
export { runTurn } from './runTurn.ts'
