import {
  streamCompletion,
  type ChatClient,
  type ChatCompletionParams,
  type CompletionSnapshot,
  type EndpointProfile,
} from '@candor/core'

import { checkedRequest } from './checkedRequest.ts'
import { createFrame } from './createFrame.ts'
import { createPace } from './createPace.ts'

/** One completion, and where it is shown while it comes in. */
export interface StreamedCompletion {
  client: ChatClient
  request: ChatCompletionParams
  profile: EndpointProfile | undefined
  signal: AbortSignal
  /** Takes the answer as far as it came, at most once a frame. */
  publish: (snapshot: CompletionSnapshot) => void
}

/** Streams a completion and returns it as it ended. Throws a `CompletionError`; what had arrived was published. */
export async function streamQuery({
  client,
  request,
  profile,
  signal,
  publish,
}: StreamedCompletion): Promise<CompletionSnapshot> {
  const checked = await checkedRequest({ ...request, stream: true }, profile)
  const stream = streamCompletion(checked, { client, signal })
  const show = (): void => {
    if (!signal.aborted) publish(stream.snapshot())
  }
  const frame = createFrame(show)
  const pace = createPace()
  try {
    for await (const event of stream) {
      void event
      frame.request()
      await pace()
    }
  } catch (error) {
    // As it ended: what was shown last may be from before the failure.
    show()
    throw error
  } finally {
    frame.cancel()
  }
  return stream.snapshot()
}
