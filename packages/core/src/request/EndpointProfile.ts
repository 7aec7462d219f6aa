/**
 * What one kind of server accepts, refuses and ignores, as plain data. `Extra` types the parameters that only this
 * server knows.
 */
export interface EndpointProfile<Extra extends object = object> {
  /** A short stable name: `openai`, `vllm`, … */
  readonly id: string
  /** The name as people write it: `OpenAI`, `vLLM`, … */
  readonly name: string
  /** Where the server is found when the app does not say: everything before `/chat/completions`. */
  readonly baseUrl?: string
  /** Types the extra parameters; never set. */
  readonly '~extra'?: Extra
}
