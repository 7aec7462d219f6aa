/** One way to do the work of a scenario. */
export interface Contender {
  readonly name: string
  /** What it leaves out or does besides, where that matters to the figures. */
  readonly note?: string
  /** Does the work once and returns the result, which `check` then sees. */
  readonly run: () => unknown
}

/** The contenders for one amount of work. The first one is the base that the others are measured by. */
export interface Round {
  readonly contenders: readonly Contender[]
  /** Throws where a result is not the right one, so that no contender is fast by leaving work out. */
  readonly check: (result: unknown, contender: Contender) => void
}

/** Something to measure, at three sizes: n, 2n and 4n. */
export interface Scenario {
  /** As it is chosen on the command line. */
  readonly name: string
  /** What is done, in one line. */
  readonly title: string
  /** What the sizes count. */
  readonly unit: string
  readonly sizes: readonly number[]
  /** `time`: how long a run takes; `heap`: what its result holds when everything else is collected. */
  readonly measures: 'time' | 'heap'
  readonly prepare: (size: number) => Round
}
