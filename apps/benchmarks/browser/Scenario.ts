import type { Bench } from './openBench.ts'

/** A promise that a figure keeps or not. */
export interface Bar {
  /** What is promised, with the limit: "no task over 50 ms". */
  readonly promise: string
  /** The figure, with its unit. */
  readonly figure: string
  readonly met: boolean
}

/** What a scenario showed. */
export interface Outcome {
  /** The first row names the columns. */
  readonly table: readonly (readonly string[])[]
  readonly bars: readonly Bar[]
  /** What the figures cover, where that is not plain. */
  readonly notes?: readonly string[]
}

/** How much is measured. */
export interface Effort {
  /** How often each contender is measured; they take turns. */
  readonly rounds: number
  /** How long the long stream lasts, in seconds. */
  readonly seconds: number
}

/** Something to measure in a browser. */
export interface BrowserScenario {
  /** As it is chosen on the command line. */
  readonly name: string
  readonly title: string
  readonly run: (bench: Bench, effort: Effort) => Promise<Outcome>
}
