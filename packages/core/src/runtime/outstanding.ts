/** The callers who wait for the fate of their proposals. */
import type { Index } from '../protocol/ids.ts'
import { commandBytesMax, proposalBytesMax, proposalsMax } from '../protocol/limits.ts'

/** What became of a proposal; the only one that says that nothing happened is `withdrawn`. */
export type Fate<Outcome> =
  | { readonly kind: 'decided'; readonly index: Index; readonly result: Outcome }
  /** No leader was ever handed it: it will not be decided. */
  | { readonly kind: 'withdrawn' }
  /** It was on its way; it may be decided yet, or not. `overtaken`: it is decided, and what came of it is not known here. */
  | { readonly kind: 'unknown'; readonly why: 'closed' | 'halted' | 'overtaken' }

/** Why a proposal was not even taken. */
export type Refusal = 'tooLarge' | 'overloaded' | 'halted' | 'closed'

/** A proposal that was taken, with its fate to come, or the reason why it was not. */
export type Proposed<Outcome> =
  | ({ readonly ok: true; readonly seq: number } & Pending<Outcome>)
  | { readonly ok: false; readonly reason: Refusal }

/** What a caller may wait for. */
export interface Pending<Outcome> {
  readonly fate: Promise<Fate<Outcome>>
  /** Where the leader put it; another leader may put it elsewhere. Never resolves for one that no leader took. */
  readonly stored: Promise<Index>
}

interface Waiting<Outcome> {
  readonly bytes: number
  readonly stored: (index: Index) => void
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

  /** Undefined: there is room for one more. */
  whyNot(bytes: number): 'tooLarge' | 'overloaded' | undefined {
    if (bytes > commandBytesMax) return 'tooLarge'
    const full = this.count >= proposalsMax || this.#bytes + bytes > proposalBytesMax
    return full ? 'overloaded' : undefined
  }

  add(seq: number, bytes: number): Pending<Outcome> {
    this.#bytes += bytes
    const { promise: fate, resolve } = deferred<Fate<Outcome>>()
    const { promise: stored, resolve: resolveStored } = deferred<Index>()
    this.#waiting.set(seq, { bytes, resolve, stored: resolveStored })
    return { fate, stored }
  }

  /** It stands in the leader's log; only the first time counts. */
  store(seq: number, index: Index): void {
    this.#waiting.get(seq)?.stored(index)
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

function deferred<T>(): { readonly promise: Promise<T>; readonly resolve: (value: T) => void } {
  const resolvers: ((value: T) => void)[] = []
  const promise = new Promise<T>((resolve) => {
    resolvers.push(resolve)
  })
  return { promise, resolve: (value) => resolvers[0]?.(value) }
}
