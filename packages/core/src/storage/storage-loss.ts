/** The end of a store, for whoever implements one: it is told once, also to a listener that comes late. */

/** Why nothing is written any more, told once to whoever wants to know. */
export class StorageLoss {
  why: string | undefined
  #told = false
  #listener: ((why: string) => void) | undefined

  happen(why: string): void {
    this.why ??= why
    if (this.#told || this.#listener === undefined) return
    this.#told = true
    this.#listener(why)
  }

  listen(listener: (why: string) => void): void {
    this.#listener = listener
    if (this.why !== undefined) this.happen(this.why)
  }
}
