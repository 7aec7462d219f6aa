/** How long to wait for what, in milliseconds; 0 waits for ever. */
export interface Timeouts {
  /**
   * Until the answer's head. Some servers send it only when the model is loaded and has read the prompt, and with
   * `stream: false` it comes when the answer is whole: then this does not apply.
   *
   * @default 120_000
   */
  connectMs: number
  /** From the head to the first byte of the body. @default 300_000 */
  firstByteMs: number
  /** Between two pieces of the body; comments count, since they prove that the server lives. @default 120_000 */
  idleMs: number
  /** For everything, retries included. @default 0 */
  totalMs: number
  /** After the last choice has ended, for `[DONE]` or the end of the body, which some servers never send. @default 2_000 */
  graceMs: number
}

/** What the caller gave, over the defaults. */
export function readTimeouts(given: Partial<Timeouts> | undefined, isStream: boolean): Timeouts {
  return {
    connectMs: isStream ? 120_000 : 0,
    firstByteMs: isStream ? 300_000 : 600_000,
    idleMs: 120_000,
    totalMs: 0,
    graceMs: 2000,
    ...given,
  }
}
