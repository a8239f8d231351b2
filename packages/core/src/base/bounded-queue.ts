/** A queue that refuses instead of growing. */
export class BoundedQueue<T> {
  readonly #lengthMax: number
  #items: T[] = []

  constructor(lengthMax: number) {
    this.#lengthMax = lengthMax
  }

  get length(): number {
    return this.#items.length
  }

  /** False: it is full, and `item` was not taken. */
  push(item: T): boolean {
    if (this.#items.length >= this.#lengthMax) return false
    this.#items.push(item)
    return true
  }

  takeAll(): readonly T[] {
    const items = this.#items
    this.#items = []
    return items
  }
}
