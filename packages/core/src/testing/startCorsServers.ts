import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

import type { TestProject } from 'vitest/node'

/** What a server answers; the headers are those of CORS and no others unless told. */
interface Told {
  status?: number
  type?: string
  body?: string
  /** `access-control-allow-origin`; absent, pages cannot read the answer. */
  origin?: string
  /** `access-control-allow-headers`. */
  headers?: string
}

type Answer = (request: { path: string; method: string; key: string | undefined }) => Told

const models: Told = { body: '{"object":"list","data":[{"id":"smollm2"}]}' }
const notFound: Told = { status: 404, body: '{"detail":"Not Found"}' }
const refused: Told = { status: 401, body: '{"error":{"message":"Invalid API Key","code":401}}' }
const open = { origin: '*', headers: 'authorization, content-type' }

type ServerName =
  | 'llamaCpp'
  | 'llamaCppWithKey'
  | 'llamaCppLoading'
  | 'vllm'
  | 'vllmWithOrigins'
  | 'portkey'
  | 'mlxLm'
  | 'ollama'
  | 'knownPathsOnly'
  | 'webPage'
  | 'publicModels'

/** Servers as pages meet them, each with the CORS headers that the real one was seen to send. */
const answers: Record<ServerName, Answer> = {
  /** All is well, and all of it can be read. */
  llamaCpp: ({ path }) => ({ ...(path === '/v1/models' ? models : notFound), ...open }),
  llamaCppWithKey: ({ method, key }) => ({
    ...(method === 'OPTIONS' || key === 'Bearer right' ? models : refused),
    ...open,
  }),
  llamaCppLoading: ({ method }) => ({
    ...(method !== 'OPTIONS' && {
      status: 503,
      body: '{"error":{"message":"Loading model","type":"unavailable_error","code":503}}',
    }),
    ...open,
  }),
  vllm: ({ method }) => (method === 'OPTIONS' ? { status: 400, body: 'Disallowed CORS origin' } : models),
  vllmWithOrigins: ({ method, path }) =>
    method === 'OPTIONS' || path === '/health' ? open : { status: 401, body: '{"error":"Unauthorized"}' },
  portkey: ({ method }) => (method === 'OPTIONS' ? { status: 404 } : { ...models, origin: '*' }),
  mlxLm: () => ({ ...models, origin: '*', headers: '*' }),
  ollama: () => ({ ...models, ...open }),
  /** CORS only where it knows the path. */
  knownPathsOnly: ({ path }) => (path === '/v1/models' ? { ...models, ...open } : notFound),
  webPage: () => ({ type: 'text/html', body: '<!doctype html><title>Sign in</title>', ...open }),
  /** Lists its models to everyone, and answers only who has a key (OpenRouter). */
  publicModels: ({ method, path, key }) => ({
    ...(method === 'OPTIONS' || path.endsWith('/models') || key === 'Bearer right' ? models : refused),
    ...open,
  }),
}

/** Addresses by the name of the server, and one at which nobody is. */
export type CorsServers = Record<ServerName | 'nobody', string>

declare module 'vitest' {
  interface ProvidedContext {
    corsServers: CorsServers
  }
}

/** Starts the servers for the tests that run in a page, which cannot start any. */
export default async function startCorsServers({ provide }: TestProject): Promise<() => void> {
  const servers: Server[] = []
  const listen = async (answer: Answer): Promise<string> => {
    const server = createServer((request, response) => {
      const {
        status = 200,
        type = 'application/json',
        body = '',
        origin,
        headers,
      } = answer(readRequest(request))
      if (origin !== undefined) response.setHeader('access-control-allow-origin', origin)
      if (headers !== undefined) response.setHeader('access-control-allow-headers', headers)
      response.writeHead(status, { 'content-type': type }).end(body)
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    servers.push(server)
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  }
  const addresses: { [name: string]: string } = {}
  for (const [name, answer] of Object.entries(answers)) addresses[name] = await listen(answer)
  addresses['nobody'] = await listen(() => notFound)
  await new Promise((resolve) => servers.pop()!.close(resolve))
  provide('corsServers', addresses as CorsServers)
  return () => {
    for (const server of servers) {
      server.closeAllConnections()
      server.close()
    }
  }
}

function readRequest({ url = '', method = '', headers }: IncomingMessage): Parameters<Answer>[0] {
  return { path: url, method, key: headers.authorization }
}
