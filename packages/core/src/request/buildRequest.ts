import type { ChatCompletionParams, RequestMessage } from '../wire.ts'
import { checkRequest, type CheckRequestOptions } from './checkRequest.ts'
import type { EndpointProfile } from './EndpointProfile.ts'
import { RequestError } from './RequestError.ts'
import type { RequestIssue } from './RequestIssue.ts'
import { exactSeed } from './serializeRequest.ts'

/** A checked request: the body as it is sent, with the wire's own names. */
export type ChatCompletionRequest = ChatCompletionParams & { stream: boolean }

/** What a request is checked against, and who is told. */
export interface BuildRequestOptions<Extra extends object = object> extends CheckRequestOptions<Extra> {
  /** Called with each warning, in the order of the request; errors are thrown. */
  onWarning?: (warning: RequestIssue) => void
}

/**
 * Checks a request and returns the body to send: the keys that the caller set, in their order, under the names that the
 * server has for them, and an explicit `stream` (servers disagree about its default). Messages are handed on, not copied.
 * Throws a `RequestError` that lists everything that is wrong.
 */
export function buildRequest<Extra extends object = object>(
  params: ChatCompletionParams & NoInfer<Extra>,
  options: BuildRequestOptions<Extra> = {},
): ChatCompletionRequest {
  const issues = checkRequest(params, options)
  if (issues.some((issue) => issue.level === 'error')) throw new RequestError(issues)
  if (options.onWarning) issues.forEach(options.onWarning)
  const { profile } = options
  const messages = profile ? renameRoles(params.messages, profile) : params.messages
  // Not by assignment: `__proto__` is a key like any other here.
  const named = Object.fromEntries(
    Object.entries({ ...params, messages }).flatMap(([name, value]) =>
      value === undefined ? [] : [[ownName(name, profile), name === 'seed' ? exactSeed(value) : value]],
    ),
  )
  return { ...named, model: params.model, messages, stream: params.stream ?? false }
}

function ownName(name: string, profile: EndpointProfile | undefined): string {
  const names: { readonly [name: string]: string } = profile?.rename ?? {}
  return (Object.hasOwn(names, name) ? names[name] : undefined) ?? name
}

function renameRoles(messages: RequestMessage[], profile: EndpointProfile): RequestMessage[] {
  const roles = profile.messages?.roles ?? {}
  if (!messages.some(({ role }) => Object.hasOwn(roles, role))) return messages
  return messages.map((message) => {
    const role = roles[message.role]
    if (role === undefined) return message
    // The roles of a profile are its author's word.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    return { ...message, role } as RequestMessage
  })
}
