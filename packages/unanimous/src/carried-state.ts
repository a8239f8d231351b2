/**
 * What a tab showed before its page was put away: it goes on being shown until the machine of the next stay, which begins
 * anew, has come as far; and no command is told twice. Knows indices and states, no replica.
 */

export class CarriedState<S> {
  #held: { readonly state: S } | undefined
  /** Commands below this index were applied in this tab before. */
  #end = 0

  /** `own`: of the machine that runs now. */
  shown(own: S): S {
    return this.#held === undefined ? own : this.#held.state
  }

  /** A stay ends, and this is what it came to. */
  hold(own: S): void {
    if (this.#end > 0) this.#held = { state: this.shown(own) }
  }

  /** The machine that runs now has come as far, by whatever way. */
  release(): void {
    this.#held = undefined
  }

  /** False: this command was told in an earlier stay. */
  isNew(index: number): boolean {
    if (index + 1 >= this.#end) this.release()
    if (index < this.#end) return false
    this.#end = index + 1
    return true
  }
}
