import {
  isPlainRequest,
  type ChatCompletionParams,
  type ChatCompletionRequest,
  type EndpointProfile,
} from '@candor/core'

/**
 * A request as it is sent. Rejects with everything that is wrong with it; what finds that is loaded only where a first
 * look cannot tell that nothing is.
 */
export async function checkedRequest(
  request: ChatCompletionParams,
  profile: EndpointProfile | undefined,
): Promise<ChatCompletionRequest> {
  const byProfile = profile === undefined ? {} : { profile }
  if (isPlainRequest(request, byProfile)) return request
  const { buildRequest } = await import('./fullRequest.ts')
  return buildRequest(request, byProfile)
}
