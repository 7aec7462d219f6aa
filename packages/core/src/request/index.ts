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
export { countPromptTokens, type PromptTokens } from './countPromptTokens.ts'
export { deriveStrictSchema } from './deriveStrictSchema.ts'
export {
  detectProfile,
  type Certainty,
  type DetectedProfile,
  type DetectProfileOptions,
} from './detectProfile.ts'
export type {
  EndpointProfile,
  MessageFacts,
  ParameterFact,
  PrefillDialect,
  SequenceFacts,
} from './EndpointProfile.ts'
export type { ExportTarget } from './exportedCall.ts'
export type { FromJsonSchema } from './FromJsonSchema.ts'
export { isPlainRequest } from './isPlainRequest.ts'
export { logitBiasByWord, type LogitBiasByWordOptions, type WordBias } from './logitBiasByWord.ts'
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
export { moonshot, type MoonshotParameters } from './profiles/moonshot.ts'
export { ollama, type OllamaParameters } from './profiles/ollama.ts'
export { openai } from './profiles/openai.ts'
export { openrouter, type OpenRouterParameters } from './profiles/openrouter.ts'
export { sglang, type SglangParameters } from './profiles/sglang.ts'
export { tgi, type TgiParameters } from './profiles/tgi.ts'
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
export { RequestError, type RequestErrorOptions } from './RequestError.ts'
export type { RequestIssue } from './RequestIssue.ts'
export {
  fromJsonSchema,
  validateWithSchema,
  withJsonSchema,
  type InferSchema,
  type InferSchemaInput,
  type SchemaSource,
  type Validation,
} from './schema.ts'
export { serializeRequest } from './serializeRequest.ts'
export { toStrictJsonSchema } from './toStrictJsonSchema.ts'
export { jsonSchemaFormat, parseStructured, type JsonSchemaFormatOptions } from './structuredOutput.ts'
export type { Tokenizer } from './Tokenizer.ts'
export { toCurl } from './toCurl.ts'
export { toFetch } from './toFetch.ts'
export { toHar, toHarEntry, type HarAnswer, type HarEntry, type ToHarEntryOptions } from './toHarEntry.ts'
export { toJsonSchema } from './toJsonSchema.ts'
export { toOpenAINode } from './toOpenAINode.ts'
export { toOpenAIPython } from './toOpenAIPython.ts'
export { toRequestMessages, type ToRequestMessagesOptions } from './toRequestMessages.ts'
