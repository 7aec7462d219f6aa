/**
 * llama.cpp refuses a streamed request that has both tools and logprobs (400 "logprobs is not supported with tools +
 * stream"). The step that calls the tools goes without logprobs; the answer after them, which may call none, goes
 * without the tools.
 */
export function withoutRefusedLogprobs(fetch: typeof globalThis.fetch): typeof globalThis.fetch {
  return (input, init) =>
    fetch(input, typeof init?.body === 'string' ? { ...init, body: change(init.body) } : init)
}

function change(body: string): string {
  const request: Record<string, unknown> = JSON.parse(body)
  if (request['tools'] === undefined || request['logprobs'] !== true) return body
  const refused =
    request['tool_choice'] === 'none'
      ? ['tools', 'tool_choice', 'parallel_tool_calls']
      : ['logprobs', 'top_logprobs']
  for (const name of refused) delete request[name]
  return JSON.stringify(request)
}
