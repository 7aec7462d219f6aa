import type { IncomingMessage, ServerResponse } from 'node:http'

import type { Plugin } from 'vite'

import type { Endpoint } from './createEndpoint.ts'
import { addressUnder, isLoopback, relayRequest, sendError } from './relayRequest.ts'

/**
 * What the page reaches under `/candor` on the origin that it came from:
 *
 * | | |
 * | --- | --- |
 * | `GET /candor/status`, `/candor/status/events` | how the model stands (`EndpointStatus`), once or at each change |
 * | `/candor/v1/*` | the model, with its key added here |
 * | `/candor/relay/*` with `x-candor-base-url` | any address that was typed in the page, so that CORS never matters |
 * | `POST /candor/start`, `POST /candor/stop` | starts or stops the model; answers with the status |
 */
export function candorServer(endpoint: Endpoint): Plugin {
  const handle = createCandorHandler(endpoint)
  return {
    name: 'candor-server',
    configureServer(server) {
      server.middlewares.use(handle)
    },
    configurePreviewServer(server) {
      server.middlewares.use(handle)
    },
  }
}

type Next = () => void

/** The same as a handler for any Node server: passes on what is not under `/candor`. */
export function createCandorHandler(
  endpoint: Endpoint,
): (request: IncomingMessage, response: ServerResponse, next: Next) => void {
  return (request, response, next) => {
    const url = new URL(request.url ?? '/', 'http://page')
    if (!/^\/candor(?:\/|$)/.test(url.pathname)) return next()
    const refusal = refuse(request)
    if (refusal !== undefined) {
      return sendError(response, 403, { message: refusal, type: 'permission_error', code: 'not_this_page' })
    }
    route(endpoint, url, request, response)
  }
}

/**
 * Why a request is refused; undefined when it is the page's own.
 *
 * A page of another origin must not reach the model, nor, through the relay, whatever this machine can reach. Browsers
 * tell who asks: in `Sec-Fetch-Site`, which no script can set, or, the older ones, in `Origin`. `Host` must be this
 * machine, or a page could give itself this origin by pointing its own name here (DNS rebinding). A request with
 * neither header is not a browser's but a program's on this machine, curl for one. A token would not keep it out:
 * the page carries it, and such a program can read the page as well.
 */
function refuse({ method, headers }: IncomingMessage): string | undefined {
  const host = headers.host
  const hostname =
    host !== undefined && URL.canParse(`http://${host}`) ? new URL(`http://${host}`).hostname : ''
  if (!isLoopback(hostname)) {
    return `This server answers to this machine's own names only (localhost, 127.0.0.1), not to ${host ?? 'none'}.`
  }
  const site = headers['sec-fetch-site']
  if (site !== undefined) {
    // `none` is an address that the user typed; it can only read.
    if (site === 'same-origin' || (site === 'none' && method === 'GET')) return undefined
    return 'Only the page that this server serves may use it; this request comes from another one.'
  }
  const origin = headers.origin
  if (origin === undefined || origin === `http://${host}` || origin === `https://${host}`) return undefined
  return `Only the page that this server serves may use it; this request comes from ${origin}.`
}

function route(endpoint: Endpoint, url: URL, request: IncomingMessage, response: ServerResponse): void {
  const path = url.pathname.slice('/candor'.length)
  if (path.startsWith('/v1/'))
    return toModel(endpoint, `${path.slice('/v1'.length)}${url.search}`, request, response)
  if (path.startsWith('/relay/'))
    return toTypedAddress(`${path.slice('/relay'.length)}${url.search}`, request, response)

  const actions: Record<string, { method: string; act: () => void }> = {
    '/status': { method: 'GET', act: () => sendStatus(endpoint, response) },
    '/status/events': { method: 'GET', act: () => streamStatus(endpoint, response) },
    '/start': {
      method: 'POST',
      act: () => {
        void endpoint.start()
        sendStatus(endpoint, response)
      },
    },
    '/stop': { method: 'POST', act: () => void endpoint.stop().then(() => sendStatus(endpoint, response)) },
  }
  const action = Object.hasOwn(actions, path) ? actions[path] : undefined
  if (!action) {
    const message = `There is no ${url.pathname} here.`
    return sendError(response, 404, { message, type: 'invalid_request_error', code: 'not_found' })
  }
  if (request.method !== action.method) {
    const message = `${url.pathname} takes ${action.method}, not ${request.method}.`
    const error = { message, type: 'invalid_request_error', code: 'method_not_allowed' }
    return sendError(response, 405, error, { allow: action.method })
  }
  action.act()
}

function sendStatus(endpoint: Endpoint, response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-store' })
  response.end(JSON.stringify(endpoint.status()))
}

function streamStatus(endpoint: Endpoint, response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store, no-transform' })
  const send = () => response.write(`data: ${JSON.stringify(endpoint.status())}\n\n`)
  send()
  const unsubscribe = endpoint.subscribe(send)
  response.on('close', unsubscribe)
}

function toModel(endpoint: Endpoint, path: string, request: IncomingMessage, response: ServerResponse): void {
  const server = endpoint.server()
  if (!server) {
    request.resume()
    return sendNotReady(endpoint, response)
  }
  relayRequest(request, response, addressUnder(server.baseURL, path), {
    // The page has no key; an empty one would hide that a server of the environment asks for one.
    authorization: server.apiKey === undefined ? undefined : `Bearer ${server.apiKey}`,
    name: server.kind === 'env' ? server.baseURL : 'The model server',
  })
}

function sendNotReady(endpoint: Endpoint, response: ServerResponse): void {
  const status = endpoint.status()
  const type = 'service_unavailable'
  switch (status.state) {
    case 'ready':
    case 'preparing': {
      const what = status.state === 'preparing' ? `${status.what}.` : ''
      const seconds =
        status.state === 'preparing' && status.secondsLeft ? Math.ceil(status.secondsLeft) + 1 : 2
      const message = `The model is not ready yet. ${what} Send again in a moment.`
      return sendError(
        response,
        503,
        { message, type, code: 'model_not_ready' },
        { 'retry-after': String(seconds) },
      )
    }
    case 'stopped': {
      const message = 'The model server is stopped. Start it again, or choose another endpoint.'
      return sendError(response, 503, { message, type, code: 'model_stopped' })
    }
    case 'failed':
      return sendError(response, 503, { message: `${status.what} ${status.hint}`, type, code: status.code })
    case 'none': {
      const message = 'The demo was started without a model. Choose an endpoint.'
      return sendError(response, 503, { message, type, code: 'no_model' })
    }
    default: {
      const unknown: never = status
      return unknown
    }
  }
}

function toTypedAddress(path: string, request: IncomingMessage, response: ServerResponse): void {
  const base = request.headers['x-candor-base-url']
  const address = typeof base === 'string' ? base : ''
  if (!URL.canParse(address) || !/^https?:$/.test(new URL(address).protocol)) {
    request.resume()
    const message = address
      ? `${address} is not an http address. Write it like http://127.0.0.1:8080/v1.`
      : 'The header x-candor-base-url names the address to relay to, and it is missing.'
    return sendError(response, 400, { message, type: 'invalid_request_error', code: 'invalid_base_url' })
  }
  const target = addressUnder(address, path)
  relayRequest(request, response, target, { name: target.origin })
}
