/** Items one by one out of lists of them, at the cost of one settled promise each. To be gone through once. */
export function flattenBatches<Item>(
  batches: AsyncGenerator<readonly Item[], void>,
  onReturn: () => void,
): AsyncIterator<Item, void> {
  return new BatchIterator(batches, onReturn)
}

class BatchIterator<Item> implements AsyncIterator<Item, void> {
  #batch: readonly Item[] = []
  #at = 0
  /** The last pull: a caller may ask for more before it is there. */
  #pulling: Promise<unknown> | undefined
  readonly #batches: AsyncGenerator<readonly Item[], void>
  readonly #onReturn: () => void

  constructor(batches: AsyncGenerator<readonly Item[], void>, onReturn: () => void) {
    this.#batches = batches
    this.#onReturn = onReturn
  }

  next(): Promise<IteratorResult<Item, void>> {
    const value = this.#batch[this.#at]
    if (value === undefined) return (this.#pulling = this.#pull())
    this.#at++
    return Promise.resolve({ value, done: false })
  }

  async return(): Promise<IteratorResult<Item, void>> {
    this.#batch = []
    this.#onReturn()
    await this.#batches.return()
    return { value: undefined, done: true }
  }

  async #pull(): Promise<IteratorResult<Item, void>> {
    await this.#pulling?.catch(() => {})
    if (this.#at >= this.#batch.length) {
      const next = await this.#batches.next()
      if (next.done) return next
      this.#batch = next.value
      this.#at = 0
    }
    return this.next()
  }
}
