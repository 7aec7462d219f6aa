export { buildRequest, type BuildRequestOptions, type ChatCompletionRequest } from './buildRequest.ts'
export { checkRequest, type CheckRequestOptions } from './checkRequest.ts'
export {
  checkStrictSchema,
  type CheckStrictSchemaOptions,
  type StrictSchemaLimits,
} from './checkStrictSchema.ts'
export type {
  EndpointProfile,
  MessageFacts,
  ParameterFact,
  PrefillDialect,
  SequenceFacts,
} from './EndpointProfile.ts'
export type { FromJsonSchema } from './FromJsonSchema.ts'
export type { ParameterName } from './parameters.ts'
export { RequestError } from './RequestError.ts'
export type { RequestIssue } from './RequestIssue.ts'
export {
  fromJsonSchema,
  toJsonSchema,
  validateWithSchema,
  withJsonSchema,
  type InferSchema,
  type InferSchemaInput,
  type SchemaSource,
  type Validation,
} from './schema.ts'
export { serializeRequest } from './serializeRequest.ts'
export { toStrictJsonSchema } from './toStrictJsonSchema.ts'
