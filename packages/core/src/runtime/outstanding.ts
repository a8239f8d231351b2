/** The callers who wait for the fate of their proposals. */
import type { Index } from '../protocol/ids.ts'

/** What became of a proposal; the only one that says that nothing happened is `withdrawn`. */
export type Fate<Outcome> =
  | { readonly kind: 'decided'; readonly index: Index; readonly result: Outcome }
  /** No leader was ever handed it: it will not be decided. */
  | { readonly kind: 'withdrawn' }
  /** It was on its way; it may be decided yet, or not. */
  | { readonly kind: 'unknown'; readonly why: 'closed' | 'halted' }

/** Why a proposal was not even taken. */
export type Refusal = 'tooLarge' | 'overloaded' | 'halted' | 'closed'

/** A proposal that was taken, with its fate to come, or the reason why it was not. */
export type Proposed<Outcome> =
  | { readonly ok: true; readonly seq: number; readonly fate: Promise<Fate<Outcome>> }
  | { readonly ok: false; readonly reason: Refusal }

interface Waiting<Outcome> {
  readonly bytes: number
  readonly resolve: (fate: Fate<Outcome>) => void
}

export class Outstanding<Outcome> {
  readonly #waiting = new Map<number, Waiting<Outcome>>()
  #bytes = 0

  get count(): number {
    return this.#waiting.size
  }

  get bytes(): number {
    return this.#bytes
  }

  add(seq: number, bytes: number): Promise<Fate<Outcome>> {
    this.#bytes += bytes
    return new Promise((resolve) => {
      this.#waiting.set(seq, { bytes, resolve })
    })
  }

  settle(seq: number, fate: Fate<Outcome>): void {
    const waiting = this.#waiting.get(seq)
    if (waiting === undefined) return
    this.#waiting.delete(seq)
    this.#bytes -= waiting.bytes
    waiting.resolve(fate)
  }

  /** Nothing more will be heard: `fateOf` says what to tell each caller. */
  abandon(fateOf: (seq: number) => Fate<Outcome>): void {
    for (const seq of [...this.#waiting.keys()]) this.settle(seq, fateOf(seq))
  }
}
