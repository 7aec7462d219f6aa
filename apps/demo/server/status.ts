// What the page is told about the model that this server gives it. Types only, so that the page can import them.

/** How the endpoint behind `/candor/v1` came to be: see `chooseEndpoint` for the order in which they are tried. */
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
  /** In words, like "Fetching SmolLM2 and its server". */
  what: string
  bytesDone?: number
  bytesTotal?: number
  bytesPerSecond?: number
  secondsLeft?: number
}
