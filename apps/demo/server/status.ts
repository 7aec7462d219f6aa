// What the page is told about the model that this server gives it. Types only, so that the page can import them.

/** How the endpoint behind `/candor/v1` came to be: see `chooseModelSource` for the order in which they are tried. */
export type EndpointKind =
  /** CANDOR_BASE_URL: a server that somebody else runs. */
  | 'env'
  /** CANDOR_GGUF: a model file of the user's own. */
  | 'gguf'
  /** The small model that comes with the demo. */
  | 'embedded'
  /** Started with --no-model. */
  | 'none'

/** Progress of getting a model ready. Sizes are in bytes. */
export interface ModelProgress {
  step: 'waiting' | 'preparing' | 'downloading' | 'unpacking' | 'checking' | 'starting'
  /** In words, like "Fetching SmolLM2-135M-Instruct and its server". */
  what: string
  bytesDone?: number
  bytesTotal?: number
  bytesPerSecond?: number
  secondsLeft?: number
}

/**
 * How the model stands, in one object: `GET /candor/status`, and one event for each change at `/candor/status/events`.
 */
export type EndpointStatus =
  /** Being fetched or started. */
  | ({ state: 'preparing'; kind: EndpointKind } & ModelProgress)
  /** Answers at `/candor/v1`. */
  | {
      state: 'ready'
      kind: EndpointKind
      /** What to send as `model`. */
      model: string
      /** Where it is, for `env`; this machine's own server is nobody's business. */
      baseUrl?: string
      /** What may go wrong all the same, in one sentence. */
      warning?: string
      /** Of the process that was started. */
      pid?: number
    }
  /** Stopped on request; `POST /candor/start` starts it again. */
  | { state: 'stopped'; kind: EndpointKind }
  /** Could not be fetched or started, does not answer, or died; `POST /candor/start` tries again. */
  | {
      state: 'failed'
      kind: EndpointKind
      /** A `ModelErrorCode`, `died`, or how an endpoint of the environment failed. */
      code: string
      /** What happened and why it matters. */
      what: string
      /** What to do. */
      hint: string
      /** The last lines of the program that failed. */
      detail?: string
    }
  /** The demo was started without a model. */
  | { state: 'none'; kind: 'none' }
