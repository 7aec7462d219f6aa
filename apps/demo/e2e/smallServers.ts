import { createServer, type RequestListener } from 'node:http'

/** A server on loopback that lives as long as its test. */
export interface SmallServer {
  /** Such as `http://127.0.0.1:40123`. */
  origin: string
  close(): Promise<void>
}

export async function startServer(listener: RequestListener): Promise<SmallServer> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The server listens on no port.')
  return {
    origin: `http://127.0.0.1:${address.port}`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}

/** A web server that shows the same page at every address. */
export const webPage: RequestListener = (_, response) => {
  response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>Welcome</title>')
}

/** Knows nothing, and says so in words. */
export const nothingHere: RequestListener = (_, response) => {
  response.writeHead(404, { 'content-type': 'text/plain' }).end('404 page not found')
}

/** Speaks the API and takes one key. */
export const withKey =
  (key: string): RequestListener =>
  (request, response) => {
    const json = { 'content-type': 'application/json' }
    if (request.url?.startsWith('/v1/') !== true) {
      response.writeHead(404, json).end(JSON.stringify({ error: { message: `Unknown path ${request.url}` } }))
    } else if (request.headers.authorization !== `Bearer ${key}`) {
      const error = {
        message: 'Incorrect API key provided',
        type: 'invalid_request_error',
        code: 'invalid_api_key',
      }
      response.writeHead(401, json).end(JSON.stringify({ error }))
    } else if (request.url === '/v1/models') {
      response.writeHead(200, json).end(JSON.stringify({ object: 'list', data: [{ id: 'parrot' }] }))
    } else {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      for (const content of ['Polly ', 'wants ', 'a cracker.']) {
        response.write(`data: ${JSON.stringify(chunk({ content }))}\n\n`)
      }
      response.write(`data: ${JSON.stringify(chunk({}, 'stop'))}\n\n`)
      response.end('data: [DONE]\n\n')
    }
  }

function chunk(delta: object, finish_reason: string | null = null): object {
  return {
    id: 'chatcmpl-1',
    object: 'chat.completion.chunk',
    created: 1,
    model: 'parrot',
    choices: [{ index: 0, delta, finish_reason }],
  }
}
