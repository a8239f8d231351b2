/** Listeners, who cannot hurt the one who tells them. */
export interface Observers<Event> {
  /** Returns how to stop listening. */
  subscribe(listener: (event: Event) => void): () => void
  publish(event: Event): void
}

/** `report` gets what a listener throws; the other listeners still hear the event. */
export function createObservers<Event>(report: (error: unknown) => void): Observers<Event> {
  const listeners = new Set<(event: Event) => void>()
  return {
    subscribe(listener) {
      // Wrapped, so that one function may listen twice and stop once.
      const own = (event: Event): void => listener(event)
      listeners.add(own)
      return () => listeners.delete(own)
    },
    publish(event) {
      for (const listener of [...listeners]) {
        try {
          listener(event)
        } catch (error) {
          report(error)
        }
      }
    },
  }
}
