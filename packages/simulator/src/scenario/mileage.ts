/** How many links a message takes from its author to its destination, on average. Knows frames, not what they say. */
import type { Passing } from './film.ts'

/** Said to neighbours only, or told on to whoever may not know: they have no destination. */
const withoutDestination = new Set(['beacon', 'gossip'])

export class Mileage {
  #frames = 0
  #messages = 0

  count({ kind, isOnward }: Passing): void {
    if (withoutDestination.has(kind)) return
    this.#frames += 1
    if (!isOnward) this.#messages += 1
  }

  /** 1 where nothing takes a way through others, or nothing was said. */
  get hops(): number {
    return this.#messages === 0 ? 1 : this.#frames / this.#messages
  }
}
