import {
  request as httpRequest,
  Agent as HttpAgent,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http'
import { request as httpsRequest, Agent as HttpsAgent } from 'node:https'

import { errorCode } from './model/errorCode.ts'

// `proxyEnv` (Node 24.5) honours HTTPS_PROXY and NO_PROXY; before, it is ignored.
const proxied = { proxyEnv: process.env, keepAlive: true }
const agents = { 'http:': new HttpAgent(proxied), 'https:': new HttpsAgent(proxied) }
const direct = new HttpAgent({ keepAlive: true })

const hopByHop = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])
// What the browser says about the page is for this server; cookies of localhost belong to whatever else runs there.
const notForUpstream = new Set([
  ...hopByHop,
  'host',
  'origin',
  'referer',
  'cookie',
  'accept-encoding',
  'x-candor-base-url',
])
// The page must not take cookies, or permissions of other origins, from an endpoint.
const notForPage = new Set([
  ...hopByHop,
  'set-cookie',
  'content-security-policy',
  'strict-transport-security',
])

/** Whether a host name is this machine's loopback. */
export function isLoopback(hostname: string): boolean {
  return (
    hostname === 'localhost' ||
    hostname.endsWith('.localhost') ||
    /^127(?:\.\d+){3}$/.test(hostname) ||
    hostname === '[::1]'
  )
}

/** The address of a path under a base URL, which may carry a query of its own, as Azure's does. */
export function addressUnder(baseURL: string, pathAndQuery: string): URL {
  const address = new URL(baseURL)
  const asked = new URL(pathAndQuery, 'http://page')
  address.pathname = address.pathname.replace(/\/+$/, '') + asked.pathname
  for (const [name, value] of asked.searchParams) address.searchParams.append(name, value)
  return address
}

/** Answers with an error in the API's own shape, which every client of it can read. */
export function sendError(
  response: ServerResponse,
  status: number,
  error: { message: string; type: string; code: string },
  headers: Record<string, string> = {},
): void {
  if (response.headersSent) {
    response.destroy()
    return
  }
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store', ...headers })
  response.end(JSON.stringify({ error }))
}

/**
 * Passes one request on to `target` and its answer back, byte for byte as it comes.
 *
 * When the page goes away, so does the request. When upstream breaks off, the connection to the page is broken off
 * too: a clean end would make half an answer look whole.
 */
export function relayRequest(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  target: URL,
  options: { authorization?: string | undefined; name: string },
): void {
  const headers: Record<string, string | string[]> = {}
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (value !== undefined && !notForUpstream.has(name) && !name.startsWith('sec-')) headers[name] = value
  }
  // A compressed event stream may be held back until a block is full.
  headers['accept-encoding'] = 'identity'
  if (options.authorization !== undefined) headers['authorization'] = options.authorization

  const secure = target.protocol === 'https:'
  const agent = isLoopback(target.hostname) && !secure ? direct : agents[secure ? 'https:' : 'http:']
  const upstream = (secure ? httpsRequest : httpRequest)(target, { method: incoming.method, headers, agent })

  upstream.on('response', (answer) => {
    const status = answer.statusCode ?? 502
    if (status >= 300 && status < 400) {
      answer.resume()
      const location = answer.headers.location
      sendError(outgoing, 502, {
        message: `${options.name} sends this on to ${location ?? 'another address'} (${status}). Use that address as the base URL.`,
        type: 'relay_error',
        code: 'redirected',
      })
      return
    }
    const passed: Record<string, string | string[]> = {}
    for (const [name, value] of Object.entries(answer.headers)) {
      if (value !== undefined && !notForPage.has(name) && !name.startsWith('access-control-'))
        passed[name] = value
    }
    // Nobody between here and the page may hold the stream back or change it.
    passed['cache-control'] = 'no-store, no-transform'
    outgoing.writeHead(status, passed)
    outgoing.flushHeaders()
    answer.on('data', (bytes: Buffer) => {
      if (!outgoing.write(bytes)) answer.pause()
    })
    outgoing.on('drain', () => answer.resume())
    answer.on('end', () => {
      if (answer.complete) outgoing.end()
      else outgoing.destroy()
    })
    answer.on('close', () => {
      if (!answer.complete) outgoing.destroy()
    })
    answer.on('error', () => outgoing.destroy())
  })

  upstream.on('error', (error: NodeJS.ErrnoException) => {
    // An agent that tries IPv6 and IPv4 gives one error for both.
    const first: unknown = error instanceof AggregateError ? error.errors[0] : undefined
    const code = error.code ?? errorCode(first) ?? 'unreachable'
    const why = error.message || (first instanceof Error && first.message) || code
    const message = `${options.name} could not be reached (${why}). Check that it runs and that the address is right.`
    sendError(outgoing, 502, { message, type: 'relay_error', code })
  })
  outgoing.on('close', () => {
    if (!outgoing.writableFinished) upstream.destroy()
  })
  incoming.on('error', () => upstream.destroy())
  incoming.pipe(upstream)
}
