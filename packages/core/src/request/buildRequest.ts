import type { ChatCompletionParams } from '../wire.ts'
import type { EndpointProfile } from './EndpointProfile.ts'
import { RequestError } from './RequestError.ts'
import type { RequestIssue } from './RequestIssue.ts'

/** A checked request: the body as it is sent, with the wire's own names. */
export type ChatCompletionRequest = ChatCompletionParams & { stream: boolean }

/** What a request is checked against. */
export interface BuildRequestOptions<Extra extends object = object> {
  /** The server that it goes to. @default what every server accepts */
  profile?: EndpointProfile<Extra>
  /** Called with each warning, in the order of the request; errors are thrown. */
  onWarning?: (warning: RequestIssue) => void
}

/**
 * Checks a request and returns the body to send: the keys that the caller set, in their order, and an explicit `stream`.
 * Throws a `RequestError` that lists everything that is wrong.
 */
export function buildRequest<Extra extends object = object>(
  params: ChatCompletionParams & Extra,
  options: BuildRequestOptions<Extra> = {},
): ChatCompletionRequest {
  const issues = checkRequest(params, options)
  if (issues.some((issue) => issue.level === 'error')) throw new RequestError(issues)
  if (options.onWarning) issues.forEach((issue) => options.onWarning?.(issue))
  return { ...params, stream: params.stream ?? false }
}

/** Everything that is wrong with a request, and every warning about it; empty when nothing is. Never throws. */
export function checkRequest<Extra extends object = object>(
  params: ChatCompletionParams & Extra,
  _options: BuildRequestOptions<Extra> = {},
): RequestIssue[] {
  const issues: RequestIssue[] = []
  for (const [name, replacement] of [
    ['functions', 'tools'],
    ['function_call', 'tool_choice'],
  ] as const) {
    if (params[name] === undefined) continue
    issues.push({
      path: name,
      code: 'deprecated',
      level: 'error',
      problem: `\`${name}\` is the old form of function calling, which this library does not send.`,
      hint: `Use \`${replacement}\`.`,
    })
  }
  return issues
}
