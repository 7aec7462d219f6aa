export { buildRequest, type BuildRequestOptions, type ChatCompletionRequest } from './buildRequest.ts'
export { checkRequest, type CheckRequestOptions } from './checkRequest.ts'
export {
  checkStrictSchema,
  type CheckStrictSchemaOptions,
  type StrictSchemaLimits,
} from './checkStrictSchema.ts'
export {
  audioPart,
  filePart,
  imagePart,
  textPart,
  toolMessage,
  type FilePartOptions,
  type ImagePartOptions,
  type PartOptions,
} from './contentParts.ts'
export type {
  EndpointProfile,
  MessageFacts,
  ParameterFact,
  PrefillDialect,
  SequenceFacts,
} from './EndpointProfile.ts'
export type { FromJsonSchema } from './FromJsonSchema.ts'
export type { ParameterName } from './parameters.ts'
export { prefillAnswer } from './prefillAnswer.ts'
export { profileEndpoint, type ProfileEndpointOptions } from './profileEndpoint.ts'
export { azure, type AzureParameters } from './profiles/azure.ts'
export { deepseek, type DeepSeekParameters } from './profiles/deepseek.ts'
export { fireworks, type FireworksParameters } from './profiles/fireworks.ts'
export { gemini, type GeminiParameters } from './profiles/gemini.ts'
export { groq, type GroqParameters } from './profiles/groq.ts'
export { endpointProfiles } from './profiles/index.ts'
export { litellm, type LiteLlmParameters } from './profiles/litellm.ts'
export { llamaCpp, type LlamaCppParameters } from './profiles/llamaCpp.ts'
export { llamaCppPython, type LlamaCppPythonParameters } from './profiles/llamaCppPython.ts'
export { lmStudio, type LmStudioParameters } from './profiles/lmStudio.ts'
export { mistral, type MistralParameters } from './profiles/mistral.ts'
export { mlxLm, type MlxLmParameters } from './profiles/mlxLm.ts'
export { ollama, type OllamaParameters } from './profiles/ollama.ts'
export { openai } from './profiles/openai.ts'
export { openrouter, type OpenRouterParameters } from './profiles/openrouter.ts'
export { sglang, type SglangParameters } from './profiles/sglang.ts'
export { together, type TogetherParameters } from './profiles/together.ts'
export { transformersServe, type TransformersServeParameters } from './profiles/transformersServe.ts'
export { vllm, type VllmParameters } from './profiles/vllm.ts'
export { xai, type XaiParameters } from './profiles/xai.ts'
export {
  messageParts,
  messageText,
  partBlob,
  toolMessageValue,
  type AnyMessage,
  type AnyPart,
} from './readMessage.ts'
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
export { toRequestMessages, type ToRequestMessagesOptions } from './toRequestMessages.ts'
