/** Items one by one out of lists of them, at the cost of one settled promise each. To be gone through once. */
export function flattenBatches<Item>(
  batches: AsyncGenerator<readonly Item[], void>,
  onReturn: () => void,
): AsyncIterator<Item, void> {
  return new BatchIterator(batches, onReturn)
}

class BatchIterator<Item> implements AsyncIterator<Item, void> {
  private batch: readonly Item[] = []
  private at = 0
  /** The last pull: a caller may ask for more before it is there. */
  private pulling: Promise<unknown> | undefined
  private readonly batches: AsyncGenerator<readonly Item[], void>
  private readonly onReturn: () => void

  constructor(batches: AsyncGenerator<readonly Item[], void>, onReturn: () => void) {
    this.batches = batches
    this.onReturn = onReturn
  }

  next(): Promise<IteratorResult<Item, void>> {
    const value = this.batch[this.at]
    if (value !== undefined) {
      this.at++
      return Promise.resolve({ value, done: false })
    }
    const pull = this.pull()
    this.pulling = pull
    return pull
  }

  async return(): Promise<IteratorResult<Item, void>> {
    this.batch = []
    this.onReturn()
    await this.batches.return()
    return { value: undefined, done: true }
  }

  private async pull(): Promise<IteratorResult<Item, void>> {
    await this.pulling?.catch(() => {})
    for (;;) {
      const value = this.batch[this.at]
      if (value !== undefined) {
        this.at++
        return { value, done: false }
      }
      const next = await this.batches.next()
      if (next.done) return { value: undefined, done: true }
      this.batch = next.value
      this.at = 0
    }
  }
}
