/** Bytes per second over the last few seconds, so that a stall shows and an early burst is forgotten. */
export class TransferRate {
  #samples: Array<{ at: number; bytes: number }> = []
  readonly #windowMs: number

  constructor(windowMs = 4_000) {
    this.#windowMs = windowMs
  }

  /** Takes the bytes so far at a time in milliseconds; undefined until two readings are apart. */
  add(bytes: number, at: number): number | undefined {
    this.#samples.push({ at, bytes })
    while (this.#samples.length > 2 && this.#samples[1]!.at <= at - this.#windowMs) this.#samples.shift()
    const first = this.#samples[0]!
    return at > first.at ? ((bytes - first.bytes) * 1000) / (at - first.at) : undefined
  }
}
