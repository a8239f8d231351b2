/** Those who want to know that something changed; what it was they look up themselves. */

export class Observers {
  readonly #listeners = new Set<() => void>()
  readonly #onThrown: (cause: unknown) => void
  #scheduled = false

  constructor(onThrown: (cause: unknown) => void) {
    this.#onThrown = onThrown
  }

  subscribe(listener: () => void): () => void {
    // The same function may subscribe twice; each subscription is its own.
    const own = (): void => {
      listener()
    }
    this.#listeners.add(own)
    return () => {
      this.#listeners.delete(own)
    }
  }

  /** Tells everybody once this turn is over, however often it is called in it. */
  changed(): void {
    if (this.#scheduled || this.#listeners.size === 0) return
    this.#scheduled = true
    queueMicrotask(() => {
      this.#scheduled = false
      for (const listener of [...this.#listeners]) this.#tell(listener)
    })
  }

  #tell(listener: () => void): void {
    try {
      listener()
    } catch (cause) {
      this.#onThrown(cause)
    }
  }
}
