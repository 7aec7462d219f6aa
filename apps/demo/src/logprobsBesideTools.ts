import type { ChatCompletionParams } from '@candor/core'
import type { ChatMiddleware } from '@candor/hooks'

/**
 * llama.cpp refuses a streamed request that has both tools and logprobs (400 "logprobs is not supported with tools +
 * stream"). The step that calls the tools goes without logprobs; the answer after them, which may call none, goes
 * without the tools.
 */
export const logprobsBesideTools: ChatMiddleware = () => ({ onRequest: withoutWhatIsRefused })

function withoutWhatIsRefused(request: ChatCompletionParams): ChatCompletionParams {
  if (request.tools === undefined || request.logprobs !== true) return request
  const {
    tools: _tools,
    tool_choice: toolChoice,
    parallel_tool_calls: _parallel,
    ...withoutTools
  }: ChatCompletionParams = request
  if (toolChoice === 'none') return withoutTools
  const {
    logprobs: _logprobs,
    top_logprobs: _topLogprobs,
    ...withoutLogprobs
  }: ChatCompletionParams = request
  return withoutLogprobs
}
