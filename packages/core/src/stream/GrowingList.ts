/** A list that is appended to and read as immutable arrays: the same array until it changes. */
export class GrowingList<Item> {
  readonly items: Item[] = []
  #published: readonly Item[] | undefined

  append(added: readonly Item[]): void {
    for (const item of added) this.items.push(item)
    this.#published = undefined
  }

  replace(at: number, item: Item): void {
    this.items[at] = item
    this.#published = undefined
  }

  snapshot(): readonly Item[] {
    return (this.#published ??= this.items.slice())
  }
}
