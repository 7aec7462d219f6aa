/** What is shown on the page. */
export type ContenderName = 'candor-answer' | 'candor-list' | 'candor-chat' | 'ai-sdk' | 'ai-sdk-throttled'

/** How the page is set up for one measurement. */
export interface MountOptions {
  readonly contender: ContenderName
  /** Messages that are there already, questions and answers in turn. */
  readonly history: number
  /** Whether the whole answer comes in one read of the network, however it was sent. @default false */
  readonly inOneRead?: boolean
  /** Whether to walk React's tree after each commit; costs time, so not where time is measured. @default false */
  readonly countsRenders?: boolean
}

/** What opening a conversation took. */
export interface Opening {
  /** Milliseconds from the call that renders it until its last message is painted. */
  readonly milliseconds: number
}

/** What happened since it was last asked for. */
export interface Counts {
  readonly commits: number
  readonly frames: number
  /** In how many commits something of a part of a message was rendered, by the part's key; needs `countsRenders`. */
  readonly renders: { readonly [part: string]: number }
  readonly errors: readonly string[]
}

/** What the page does for the measurements: `window.benchmark`. */
export interface BenchmarkPage {
  /** Shows a conversation, after taking away the one before. */
  mount(options: MountOptions): Promise<Opening>
  /** Elements of the document. */
  elements(): number
  /** Asks a question. */
  send(): void
  /** The text of the last message on the page. */
  lastText(): string
  takeCounts(): Counts
}
