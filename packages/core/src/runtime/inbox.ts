/** What waits for the loop: bounded, and emptied in one go when the page's turn is over. */
import { BoundedQueue } from '../base/bounded-queue.ts'
import type { Input } from '../replica/input.ts'

/** Inputs that wait for the loop: it empties each turn, so this many mean that the page is stuck. */
const inboxLengthMax = 16_384
/** What others send may fill no more of it: links, ticks and our own disk must get through, and are few. */
const inboxForOthersMax = 15_360

const foreignTypes: ReadonlySet<Input['type']> = new Set(['received', 'rumour', 'proposed', 'read'])

export class Inbox {
  readonly #queue = new BoundedQueue<Input>(inboxLengthMax)
  readonly #drain: () => void
  #scheduled = false

  /** `drain` is called once for all that came in one turn. */
  constructor(drain: () => void) {
    this.#drain = drain
  }

  get isEmpty(): boolean {
    return this.#queue.length === 0
  }

  /** False: it is full, and `input` was not taken. */
  push(input: Input): boolean {
    const foreign = foreignTypes.has(input.type)
    if (foreign && this.#queue.length >= inboxForOthersMax) return false
    if (!this.#queue.push(input)) return false
    this.#schedule()
    return true
  }

  takeAll(): readonly Input[] {
    return this.#queue.takeAll()
  }

  /** A microtask: whatever the page does in one go becomes one batch. */
  #schedule(): void {
    if (this.#scheduled) return
    this.#scheduled = true
    queueMicrotask(() => {
      this.#scheduled = false
      this.#drain()
    })
  }
}
