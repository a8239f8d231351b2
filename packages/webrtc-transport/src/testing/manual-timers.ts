/** Time that stands still until a test moves it. */
import type { Timers } from '../timers.ts'

interface Waiting {
  readonly at: number
  readonly call: () => void
}

/** Microtasks that one event may cause in a row; each may queue another. */
const turns = 32

/** Lets everything happen that waits for nothing but its turn. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < turns; turn++) await Promise.resolve()
}

export class ManualTimers implements Timers {
  #now = 1000
  readonly #waiting = new Set<Waiting>()

  now(): number {
    return this.#now
  }

  after(ms: number, call: () => void): () => void {
    const waiting = { at: this.#now + Math.max(0, ms), call }
    this.#waiting.add(waiting)
    return () => {
      this.#waiting.delete(waiting)
    }
  }

  /** Time passes, and each timer is called when it is due, with all that follows from it. */
  async advance(ms: number): Promise<void> {
    const until = this.#now + ms
    await settled()
    for (let next = this.#next(until); next !== undefined; next = this.#next(until)) {
      this.#waiting.delete(next)
      this.#now = Math.max(this.#now, next.at)
      next.call()
      await settled()
    }
    this.#now = until
  }

  /** Time passes while nothing runs, as in a frozen page: timers that became due are called late, at the end. */
  async sleep(ms: number): Promise<void> {
    await settled()
    this.#now += ms
    await this.advance(0)
  }

  /** Timers that wait: none should once everything is closed. */
  pending(): number {
    return this.#waiting.size
  }

  #next(until: number): Waiting | undefined {
    let first: Waiting | undefined
    for (const waiting of this.#waiting) {
      if (waiting.at <= until && (first === undefined || waiting.at < first.at)) first = waiting
    }
    return first
  }
}
