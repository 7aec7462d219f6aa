/** What went wrong, as one word that a program can test for. */
export type ModelErrorCode =
  | 'python-missing'
  | 'python-too-old'
  | 'pip-missing'
  | 'no-space'
  | 'no-permission'
  | 'offline'
  | 'hash-mismatch'
  | 'unsupported-platform'
  | 'install-failed'
  | 'file-missing'
  | 'file-damaged'
  | 'setting-invalid'
  | 'engine-missing'
  | 'engine-failed'

/** The one error of fetching and starting a model: what happened and why it matters, then what to do. */
export class ModelError extends Error {
  override readonly name = 'ModelError'
  readonly code: ModelErrorCode
  /** What happened and why it matters, in one or two sentences. */
  readonly what: string
  /** What to do about it. */
  readonly hint: string
  /** The last lines of the program that failed, for a person who wants to look closer. */
  readonly detail: string | undefined

  constructor(
    code: ModelErrorCode,
    what: string,
    hint: string,
    options: { detail?: string; cause?: unknown } = {},
  ) {
    super(`${what} ${hint}`, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.what = what
    this.hint = hint
    this.detail = options.detail
  }
}

/** The ways to a model that need nothing from this machine's Python, for the end of a message. */
export const otherWays =
  'Or use a model elsewhere: type its address in the demo, or start with CANDOR_BASE_URL (and CANDOR_API_KEY, ' +
  'CANDOR_MODEL_NAME) set, or with CANDOR_LLAMA_SERVER=1 and CANDOR_GGUF=/path/to/model.gguf when llama-server is installed.'
