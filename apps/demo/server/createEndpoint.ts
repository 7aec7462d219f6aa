import { checkEnvEndpoint, type CheckedEndpoint } from './checkEnvEndpoint.ts'
import { ModelError } from './model/ModelError.ts'
import { chooseModelSource, type ModelSource } from './model/modelSource.ts'
import { startModelServer, type ModelServer, type StartModelServerOptions } from './model/startModelServer.ts'
import type { EndpointKind, EndpointStatus } from './status.ts'

/** The model behind `/candor/v1`: how it stands, where it is, and the ways to start and stop it. */
export interface Endpoint {
  status(): EndpointStatus
  /** Calls back at each change, until the returned function is called. */
  subscribe(listener: (status: EndpointStatus) => void): () => void
  /** The server to send requests to; undefined unless the state is `ready`. */
  server(): ModelServer | undefined
  /** Starts the model unless it is starting or ready. Never rejects: what goes wrong becomes the state `failed`. */
  start(): Promise<void>
  /** Ends the model server, or the start of one; resolves when it is gone. */
  stop(): Promise<void>
  /** As `stop`, for good. */
  close(): Promise<void>
}

export type CreateEndpointOptions = Pick<
  StartModelServerOptions,
  'cacheDir' | 'env' | 'onLog' | 'threads' | 'context'
> & {
  /** False for the demo without a model. @default true */
  model?: boolean
}

export function createEndpoint(options: CreateEndpointOptions = {}): Endpoint {
  const { env = process.env, model = true, ...serverOptions } = options
  const listeners = new Set<(status: EndpointStatus) => void>()
  let kind: EndpointKind = model ? 'embedded' : 'none'
  let status: EndpointStatus = model ? { state: 'stopped', kind } : { state: 'none', kind: 'none' }
  let server: ModelServer | undefined
  let starting: { done: Promise<void>; abort: AbortController } | undefined
  let closed = false

  function publish(next: EndpointStatus): void {
    status = next
    for (const listener of listeners) listener(next)
  }

  function fail(error: unknown): void {
    if (error instanceof ModelError) {
      const { code, what, hint, detail } = error
      publish({ state: 'failed', kind, code, what, hint, ...(detail !== undefined && { detail }) })
      return
    }
    const what = `The model could not be started: ${error instanceof Error ? error.message : String(error)}.`
    publish({
      state: 'failed',
      kind,
      code: 'unexpected',
      what,
      hint: 'Start it again, or use a model elsewhere.',
    })
  }

  async function startOnce(signal: AbortSignal): Promise<void> {
    let source: ModelSource
    try {
      source = chooseModelSource(env)
      kind = source.kind
      publish({ state: 'preparing', kind, step: 'preparing', what: 'Getting the model ready' })
      const started = await startModelServer({
        ...serverOptions,
        env,
        source,
        signal,
        onProgress: (progress) => publish({ state: 'preparing', kind, ...progress }),
      })
      const { modelId, warning }: CheckedEndpoint =
        source.kind === 'env' ? await checkEnvEndpoint(started, signal) : { modelId: started.modelId! }
      // Aborted between the last step and now: nobody would end it otherwise.
      if (signal.aborted) return await started.stop()
      server = { ...started, modelId }
      publish({
        state: 'ready',
        kind,
        model: modelId,
        ...(source.kind === 'env' && { baseUrl: source.baseURL }),
        ...(warning !== undefined && { warning }),
        ...(started.pid !== undefined && { pid: started.pid }),
      })
      void started.exited.then((exit) => {
        if (exit.expected) return undefined
        server = undefined
        publish({
          state: 'failed',
          kind,
          code: 'died',
          what: `The model server ended by itself (${exit.signal ?? `code ${exit.code}`}); what it was writing is cut off.`,
          hint: 'Start it again; nothing that you typed is lost.',
          ...(exit.log && { detail: exit.log }),
        })
        return undefined
      })
    } catch (error) {
      if (signal.aborted) publish({ state: 'stopped', kind })
      else fail(error)
    }
  }

  async function start(): Promise<void> {
    if (!model || closed || server) return
    if (!starting) {
      const abort = new AbortController()
      const done = startOnce(abort.signal).finally(() => (starting = undefined))
      starting = { done, abort }
    }
    await starting.done
  }

  async function stop(): Promise<void> {
    if (starting) {
      starting.abort.abort()
      await starting.done
      if (status.state === 'preparing') publish({ state: 'stopped', kind })
    }
    const running = server
    if (!running || running.kind === 'env') return
    server = undefined
    publish({ state: 'stopped', kind })
    await running.stop()
  }

  return {
    status: () => status,
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    server: () => server,
    start,
    stop,
    async close() {
      closed = true
      listeners.clear()
      await stop()
    },
  }
}
