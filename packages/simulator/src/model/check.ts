/**
 * Breadth-first over everything that three stores can do within bounds: who nominates itself when, which message arrives
 * where, in any order, any number of times or never, who goes down before or after a write. After every step the invariants of
 * each store hold, all learn one history, and one ballot is one log. Explores everything, or says that it did not.
 */
import { InvariantViolation } from '@unanimous/core'
import type { VoteId } from '@unanimous/core/internal'
import { isUnresolved, newestConfiguration, ownVote } from '@unanimous/core/internal'
import { Violation } from '../violation.ts'
import { Bags } from './bags.ts'
import type { Bounds } from './bounds.ts'
import { ClaimBooks } from './claim-books.ts'
import { Histories } from './histories.ts'
import { wordInput } from './input.ts'
import { StateTable } from './state-table.ts'
import type { Outcome } from './stores.ts'
import { ids, names, Stores } from './stores.ts'

export interface Report {
  readonly states: number
  readonly transitions: number
  /** Steps from the beginning to the state that is farthest from it. */
  readonly depth: number
  /** Different states of single stores, and different messages. */
  readonly stores: number
  readonly messages: number
  /** False: `statesMax` stopped it before the bounds did. */
  readonly finished: boolean
  readonly violation: { readonly message: string; readonly path: readonly string[] } | undefined
}

export interface CheckOptions {
  readonly bounds: Bounds
  /** 200,000,000 unless told, of 40 bytes each and as much again to find them. */
  readonly statesMax?: number
  readonly progress?: (states: number, done: number, depth: number) => void
}

export function check(options: CheckOptions): Report {
  return new Search(options).run()
}

/** Where each number of a state stands: the stores, the messages, the history, what votes were cast for, what was used. */
const slot = { messages: 3, history: 4, claims: 5, used: 6, wills: 7 } as const
const width = 8

/** Counts what the bounds allow, four bits each; the nominations of each store come first. */
const use = { commands: 12, configurations: 16, restarts: 20, duplicates: 24 } as const
/** The same, in a number of their own. */
const willUse = { heirs: 0, closings: 4 } as const
const countOf = (used: number, at: number): number => (used >> at) & 15
const oneMore = (used: number, at: number): number => used + (1 << at)

const progressStates = 1 << 16

class Search {
  readonly #bounds: Bounds
  readonly #statesMax: number
  readonly #progress: NonNullable<CheckOptions['progress']>
  readonly #stores = new Stores()
  readonly #states = new StateTable(width)
  readonly #bags = new Bags()
  readonly #histories: Histories = new Histories(this.#stores.entries)
  readonly #claims = new ClaimBooks()
  readonly #here = new Int32Array(width)
  readonly #next = new Int32Array(width)
  #transitions = 0

  constructor({ bounds, statesMax = 200_000_000, progress = () => undefined }: CheckOptions) {
    this.#bounds = bounds
    this.#statesMax = statesMax
    this.#progress = progress
  }

  run(): Report {
    const begun = this.#stores.begin()
    const history = begun.reduce(
      (known, { learned }) => this.#histories.learned(known, learned),
      this.#histories.empty,
    )
    const begin = [this.#bags.empty, history, this.#claims.empty, 0, 0]
    this.#next.set([...begun.map(({ store }) => store), ...begin])
    this.#states.add(this.#next, 0, 0)
    let depth = 0
    let levelEnd = 1
    for (let at = 0; at < this.#states.size; at += 1) {
      if (at === levelEnd) {
        depth += 1
        levelEnd = this.#states.size
      }
      if (at % progressStates === 0) this.#progress(this.#states.size, at, depth)
      if (this.#states.size > this.#statesMax) return this.#report(depth, false)
      this.#states.read(at, this.#here)
      const violation = this.#expand(at)
      if (violation !== undefined) return this.#report(depth + 1, true, violation)
    }
    return this.#report(depth, true)
  }

  /** Everything that can happen in the state that is read. */
  #expand(at: number): Report['violation'] {
    for (let store = 0; store < ids.length; store += 1) {
      for (const move of this.#movesOf(store)) {
        try {
          this.#take(at, move)
        } catch (error) {
          if (!(error instanceof Violation || error instanceof InvariantViolation)) throw error
          const path = [...this.#states.pathTo(at), encode(move, false)]
          return { message: error.message, path: path.map((action) => this.#word(action)) }
        }
      }
    }
    return undefined
  }

  #take(at: number, move: Move): void {
    const { done, crashed } = this.#stores.step(this.#here[move.store] ?? 0, move.input)
    this.#reach(at, move, { outcome: done, crashed: false })
    if (crashed === undefined || countOf(move.used, use.restarts) >= this.#bounds.restarts) return
    const used = oneMore(move.used, use.restarts)
    this.#reach(at, { ...move, used }, { outcome: crashed, crashed: true })
  }

  #reach(
    at: number,
    move: Move,
    { outcome, crashed }: { readonly outcome: Outcome; readonly crashed: boolean },
  ): void {
    const next = this.#next
    next.set(this.#here)
    next[move.store] = outcome.store
    next[slot.messages] = this.#onTheirWay(move.messages, outcome.sent)
    next[slot.history] = this.#histories.learned(next[slot.history] ?? 0, outcome.learned)
    // Without wills it follows from the stores.
    if (this.#bounds.closings > 0) {
      next[slot.claims] = this.#claims.cast(next[slot.claims] ?? 0, outcome.casts)
    }
    next[slot.used] = move.used
    next[slot.wills] = move.wills ?? this.#here[slot.wills] ?? 0
    this.#transitions += 1
    for (let other = 0; other < ids.length; other += 1) {
      if (other !== move.store) this.#stores.compare(outcome.store, next[other] ?? 0)
    }
    this.#states.add(next, at, encode(move, crashed))
  }

  /** Of the messages before the step and those that it sent, what is not past. */
  #onTheirWay(before: number, sent: readonly number[]): number {
    let bag = before
    for (const message of sent) bag = this.#bags.with(bag, message)
    for (const message of this.#bags.at(bag)) {
      const { target } = this.#stores.messages.at(message)
      if (this.#stores.isPast(this.#next[target] ?? 0, message)) {
        bag = this.#bags.without(bag, message)
      }
    }
    return bag
  }

  *#movesOf(store: number): Generator<Move> {
    const { inputs, messages: parcels } = this.#stores
    const used = this.#here[slot.used] ?? 0
    const messages = this.#here[slot.messages] ?? 0
    const bounds = this.#bounds
    if (this.#stores.isClosed(this.#here[store] ?? 0)) {
      yield { store, input: inputs.idOf('open', () => ({ kind: 'open' })), used, messages }
      return
    }
    const twice = countOf(used, use.duplicates) < bounds.duplicates
    for (const message of this.#bags.at(messages)) {
      if (parcels.at(message).target !== store) continue
      const input = this.#stores.deliveryOf(message)
      yield { store, input, used, messages: this.#bags.without(messages, message) }
      if (twice) yield { store, input, used: oneMore(used, use.duplicates), messages }
    }
    const own = 4 * store
    const all = countOf(used, 0) + countOf(used, 4) + countOf(used, 8)
    if (countOf(used, own) < bounds.nominationsOfOne && all < bounds.nominations) {
      const input = inputs.idOf('nominate', () => ({ kind: 'nominate' }))
      yield { store, input, used: oneMore(used, own), messages }
    }
    if (countOf(used, use.restarts) < bounds.restarts) {
      const input = inputs.idOf('restart', () => ({ kind: 'restart' }))
      yield { store, input, used: oneMore(used, use.restarts), messages }
    }
    yield* this.#proposalsOf(store)
    yield* this.#willsOf(store)
  }

  /** Naming an heir, closing, and looking again at what could not be taken yet. */
  *#willsOf(store: number): Generator<Move> {
    const { inputs } = this.#stores
    const used = this.#here[slot.used] ?? 0
    const messages = this.#here[slot.messages] ?? 0
    const wills = this.#here[slot.wills] ?? 0
    const { estate, incarnation } = this.#stores.stateOf(this.#here[store] ?? 0)
    if (estate.late.size > 0) {
      yield { store, input: inputs.idOf('retry', () => ({ kind: 'retry' })), used, messages }
    }
    if (countOf(wills, willUse.closings) < this.#bounds.closings) {
      const spent = oneMore(wills, willUse.closings)
      // Without an heir both are the same.
      for (const tail of estate.armed === undefined ? [false] : [false, true]) {
        const input = inputs.idOf(`close ${tail}`, () => ({ kind: 'close', tail }))
        yield { store, input, used, messages, wills: spent }
      }
    }
    if (countOf(wills, willUse.heirs) >= this.#bounds.heirs) return
    if (isUnresolved(estate, incarnation)) return
    for (const [at, heir] of ids.entries()) {
      if (at === store || estate.armed?.heir === heir) continue
      const input = inputs.idOf(`arm ${heir}`, () => ({ kind: 'arm', heir }))
      yield { store, input, used, messages, wills: oneMore(wills, willUse.heirs) }
    }
  }

  /** What a leader may be asked to append. */
  *#proposalsOf(store: number): Generator<Move> {
    const { inputs } = this.#stores
    const used = this.#here[slot.used] ?? 0
    const messages = this.#here[slot.messages] ?? 0
    const { role, log, decidedEnd } = this.#stores.stateOf(this.#here[store] ?? 0)
    if (role.phase !== 'leading') return
    const seq = countOf(used, use.commands)
    if (seq < this.#bounds.commands) {
      const input = inputs.idOf(`command ${seq}`, () => ({ kind: 'command', seq }))
      yield { store, input, used: oneMore(used, use.commands), messages }
    }
    if (countOf(used, use.configurations) >= this.#bounds.configurations) return
    const before = newestConfiguration(log)
    const settled = role.gate === undefined && decidedEnd > role.firstIndex
    if (!settled || before === undefined || before.index >= decidedEnd) return
    for (const voters of voterSets) {
      if (voters.join() === before.voters.join()) continue
      const input = inputs.idOf(`configure ${voters.join()}`, () => ({ kind: 'configure', voters }))
      yield { store, input, used: oneMore(used, use.configurations), messages }
    }
  }

  #word(action: number): string {
    const { store, input, crashed } = decode(action)
    return wordInput(names[store] ?? '', this.#stores.inputs.at(input), crashed)
  }

  #report(depth: number, finished: boolean, violation?: Report['violation']): Report {
    return {
      states: this.#states.size,
      transitions: this.#transitions,
      depth,
      stores: this.#stores.size,
      messages: this.#stores.messages.size,
      finished,
      violation,
    }
  }
}

interface Move {
  readonly store: number
  readonly input: number
  /** Of the bounds, after it. */
  readonly used: number
  /** The bag without what arrived. */
  readonly messages: number
  /** Of the bounds of wills, after it; undefined: as before. */
  readonly wills?: number
}

const encode = ({ store, input }: Move, crashed: boolean): number =>
  (input * 2 + Number(crashed)) * 4 + store

const decode = (action: number): Pick<Move, 'store' | 'input'> & { readonly crashed: boolean } => ({
  store: action & 3,
  crashed: ((action >> 2) & 1) === 1,
  input: action >> 3,
})

/** Every set of stores that may be voters. */
const voterSets: readonly (readonly VoteId[])[] = Array.from({ length: 7 }, (_, bits) =>
  ids.filter((_id, at) => ((bits + 1) >> at) & 1).map(ownVote),
)
