import type { AssistantMessage, ChatCompletionParams } from '../wire.ts'
import type { EndpointProfile, PrefillDialect } from './EndpointProfile.ts'
import { RequestError } from './RequestError.ts'

/**
 * The same request with the beginning of the answer given, in the server's dialect: the model goes on from there.
 * Throws a `RequestError` where the server cannot. At DeepSeek it takes another base URL: see `profileEndpoint`.
 */
export function prefillAnswer<Params extends ChatCompletionParams>(
  params: Params,
  beginning: string,
  profile: EndpointProfile,
): Params {
  const dialect: PrefillDialect = profile.prefill ?? { style: 'none' }
  const message: AssistantMessage = { role: 'assistant', content: beginning }
  switch (dialect.style) {
    case 'trailing':
      return { ...params, messages: [...params.messages, message] }
    case 'body-flags':
      return {
        ...params,
        messages: [...params.messages, message],
        continue_final_message: true,
        add_generation_prompt: false,
      }
    case 'message-flag':
      return { ...params, messages: [...params.messages, { ...message, [dialect.flag]: true }] }
    case 'none':
      throw new RequestError([
        {
          path: 'messages',
          code: 'prefill-unsupported',
          level: 'error',
          problem: `${profile.name} cannot continue an answer that was begun for it: it would begin a new one.`,
          hint: 'Ask again from the start, or ask for several choices with `n`.',
        },
      ])
    default: {
      const unknown: never = dialect
      return unknown
    }
  }
}
