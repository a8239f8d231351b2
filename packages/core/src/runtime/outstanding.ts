/** The callers who wait for the fate of their proposals. */
import type { Command, Proposal, ProposalId } from '../protocol/entry.ts'
import type { Unseen } from '../protocol/effects.ts'
import type { Index } from '../protocol/ids.ts'
import { commandBytesMax, proposalBytesMax, proposalsMax } from '../protocol/limits.ts'
import type { OutboxKey } from '../protocol/state.ts'
import { outboxKey } from '../protocol/state.ts'

/** What became of a proposal; the only one that says that nothing happened is `withdrawn`. */
export type Fate<Outcome> =
  | { readonly kind: 'decided'; readonly index: Index; readonly result: Outcome }
  /** No leader was ever handed it: it will not be decided. */
  | { readonly kind: 'withdrawn' }
  /**
   * It was on its way; it may be decided yet, or not. `overtaken`: it is decided, and what came of it is not known here.
   * `session-expired`: it is too late for it to run now; whether it ran is not known here.
   */
  | {
      readonly kind: 'unknown'
      readonly why: 'closed' | 'halted' | 'overtaken' | 'session-expired'
    }

/** Of a proposal that the application does not get to see. */
export const unseenFates: Readonly<Record<Unseen['type'], Fate<never>>> = {
  withdrawn: { kind: 'withdrawn' },
  overtaken: { kind: 'unknown', why: 'overtaken' },
  expired: { kind: 'unknown', why: 'session-expired' },
}

/** Why a proposal was not even taken. */
export type Refusal = 'tooLarge' | 'overloaded' | 'halted' | 'closed' | 'version'

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

/** A proposal of a former start of this store, which was in doubt when that ended and is asked for again. */
export interface Resumed<Outcome> extends Pending<Outcome> {
  readonly id: ProposalId
  readonly command: Command
}

interface Waiting<Outcome> {
  readonly bytes: number
  readonly stored: (index: Index) => void
  readonly resolve: (fate: Fate<Outcome>) => void
}

export class Outstanding<Outcome> {
  readonly #waiting = new Map<OutboxKey, Waiting<Outcome>>()
  #bytes = 0
  #refuses = false

  get count(): number {
    return this.#waiting.size
  }

  get bytes(): number {
    return this.#bytes
  }

  /** What is decided is not run here now: what would come of a proposal could not be told. */
  refuse(refuses: boolean): void {
    this.#refuses = refuses
  }

  /** Undefined: there is room for one more. `lacks`: it will not be run here, which is known before the disk has it. */
  whyNot(bytes: number, lacks = false): 'tooLarge' | 'overloaded' | 'version' | undefined {
    if (this.#refuses || lacks) return 'version'
    if (bytes > commandBytesMax) return 'tooLarge'
    const full = this.count >= proposalsMax || this.#bytes + bytes > proposalBytesMax
    return full ? 'overloaded' : undefined
  }

  add(key: OutboxKey, bytes: number): Pending<Outcome> {
    this.#bytes += bytes
    const { promise: fate, resolve } = deferred<Fate<Outcome>>()
    const { promise: stored, resolve: resolveStored } = deferred<Index>()
    this.#waiting.set(key, { bytes, resolve, stored: resolveStored })
    return { fate, stored }
  }

  /** One of a former start. */
  resume({ author, incarnation, seq, command }: Proposal): Resumed<Outcome> {
    const id = { author, incarnation, seq }
    return { id, command, ...this.add(outboxKey(id), command.length) }
  }

  /** It stands in the leader's log; only the first time counts. */
  store(key: OutboxKey, index: Index): void {
    this.#waiting.get(key)?.stored(index)
  }

  settle(key: OutboxKey, fate: Fate<Outcome>): void {
    const waiting = this.#waiting.get(key)
    if (waiting === undefined) return
    this.#waiting.delete(key)
    this.#bytes -= waiting.bytes
    waiting.resolve(fate)
  }

  /** Nothing more will be heard: `fateOf` says what to tell each caller. */
  abandon(fateOf: (key: OutboxKey) => Fate<Outcome>): void {
    for (const key of [...this.#waiting.keys()]) this.settle(key, fateOf(key))
  }
}

function deferred<T>(): { readonly promise: Promise<T>; readonly resolve: (value: T) => void } {
  const resolvers: ((value: T) => void)[] = []
  const promise = new Promise<T>((resolve) => {
    resolvers.push(resolve)
  })
  return { promise, resolve: (value) => resolvers[0]?.(value) }
}
