/** One way in which a server deviated from the protocol; the answer is whole all the same, as far as it can be. */
export interface StreamIssue {
  /** A stable name of the deviation, such as `missing-done` or `tool-call-without-index`. */
  code: string
  /** What the server did and what was made of it, in one sentence. */
  message: string
  /** The number of the chunk in which it was seen first, counted from 0; absent when it concerns the whole stream. */
  chunk?: number
  /** How often it was seen. */
  count: number
  /** The server's own text, where it was lost or could not be read: its first 500 characters. */
  raw?: string
}
