export {
  buildRequest,
  checkRequest,
  type BuildRequestOptions,
  type ChatCompletionRequest,
} from './buildRequest.ts'
export type { EndpointProfile } from './EndpointProfile.ts'
export { RequestError } from './RequestError.ts'
export type { RequestIssue } from './RequestIssue.ts'
export { serializeRequest } from './serializeRequest.ts'
