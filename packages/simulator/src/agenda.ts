/** What happens when: a discrete clock in milliseconds and everything that is still to come. Knows no replicas. */

interface Item {
  readonly at: number
  /** Ties are broken by who asked first. */
  readonly order: number
  readonly action: () => void
}

export class Agenda {
  readonly #heap: Item[] = []
  #now = 0
  #order = 0

  get now(): number {
    return this.#now
  }

  /** Runs `action` in `delayMs` milliseconds; 0: later in this very one. */
  after(delayMs: number, action: () => void): void {
    this.#push({ at: this.#now + delayMs, order: this.#order, action })
    this.#order += 1
  }

  /** Runs all that is due until `until`, included. */
  runUntil(until: number): void {
    for (;;) {
      const first = this.#heap[0]
      if (first === undefined || first.at > until) break
      this.#pop()
      this.#now = first.at
      first.action()
    }
    this.#now = until
  }

  #push(item: Item): void {
    const heap = this.#heap
    let at = heap.length
    heap.push(item)
    while (at > 0) {
      const parent = (at - 1) >> 1
      const above = heap[parent]
      if (above === undefined || !isBefore(item, above)) break
      heap[at] = above
      at = parent
    }
    heap[at] = item
  }

  #pop(): void {
    const heap = this.#heap
    const last = heap.pop()
    if (last === undefined || heap.length === 0) return
    let at = 0
    for (;;) {
      const child = this.#smallerChild(at)
      const below = heap[child]
      if (below === undefined || !isBefore(below, last)) break
      heap[at] = below
      at = child
    }
    heap[at] = last
  }

  #smallerChild(at: number): number {
    const left = 2 * at + 1
    const [a, b] = [this.#heap[left], this.#heap[left + 1]]
    return a !== undefined && b !== undefined && isBefore(b, a) ? left + 1 : left
  }
}

const isBefore = (a: Item, b: Item): boolean => a.at < b.at || (a.at === b.at && a.order < b.order)
