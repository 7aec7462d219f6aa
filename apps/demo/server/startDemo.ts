import { fileURLToPath } from 'node:url'

import { createServer, type ViteDevServer } from 'vite'

import { candorServer } from './candorServer.ts'
import { createEndpoint, type CreateEndpointOptions, type Endpoint } from './createEndpoint.ts'

/** A running demo: the page, and the model that it talks to. */
export interface Demo {
  /** Like `http://127.0.0.1:5173`. */
  url: string
  port: number
  /** The model: already starting; `endpoint.start()` resolves when that has ended, well or not. */
  endpoint: Endpoint
  vite: ViteDevServer
  /** Ends all of it. */
  close(): Promise<void>
}

export type StartDemoOptions = CreateEndpointOptions & {
  /** @default 5173 */
  port?: number
  /** Take this port or fail; otherwise the next free one is taken. @default false */
  strictPort?: boolean
}

const root = fileURLToPath(new URL('..', import.meta.url))
const defaultPort = 5173

/**
 * Serves the page on loopback and starts the model beside it, without waiting for it: the page shows how it comes along.
 * @throws PortInUseError when the port is taken and `strictPort` is set.
 */
export async function startDemo(options: StartDemoOptions = {}): Promise<Demo> {
  const { port = defaultPort, strictPort = false, ...endpointOptions } = options
  const endpoint = createEndpoint(endpointOptions)
  void endpoint.start()
  let vite: ViteDevServer | undefined
  try {
    vite = await createServer({
      root,
      configFile: fileURLToPath(new URL('../vite.config.ts', import.meta.url)),
      plugins: [candorServer(endpoint)],
      clearScreen: false,
      logLevel: 'warn',
      server: { host: '127.0.0.1', port, strictPort, cors: false },
    })
    await vite.listen()
  } catch (error) {
    await Promise.all([endpoint.close(), vite?.close()])
    if (error instanceof Error && /port \d+ is already in use/i.test(error.message))
      throw new PortInUseError(port)
    throw error
  }
  const address = vite.httpServer!.address()
  const takenPort = typeof address === 'object' && address ? address.port : port
  const server = vite
  return {
    url: `http://127.0.0.1:${takenPort}`,
    port: takenPort,
    endpoint,
    vite,
    async close() {
      await Promise.all([endpoint.close(), server.close()])
    },
  }
}

/** The port that was asked for is taken. */
export class PortInUseError extends Error {
  override readonly name = 'PortInUseError'
  readonly port: number

  constructor(port: number) {
    super(
      `Port ${port} is in use by another program, so the page cannot be served there. ` +
        'End that program, or choose another port: --port 5200.',
    )
    this.port = port
  }
}
