/**
 * The stores of the model: the real transition, taken once for each state of a store and each input, and remembered. A
 * search over whole groups meets the same store in the same state again and again; so most of it is looking up numbers.
 * Time stands still: no rule of safety looks at it.
 */
import type {
  Context,
  Durable,
  Effects,
  Entry,
  Index,
  ProtocolState,
  ReplicaId,
} from '@unanimous/core/internal'
import {
  append,
  appendQueue,
  arm,
  askHeir,
  bequeath,
  checkInvariants,
  estateAtStart,
  freshProtocol,
  incarnation,
  index,
  joinsOf,
  millis,
  newestConfiguration,
  noEffects,
  onPropose,
  ownVote,
  recover,
  replicate,
  replicaId,
  retryLate,
  sameBallot,
  sameEntry,
  momentOf,
  stampFor,
  startPreparing,
  wallMillis,
  zeroBallot,
} from '@unanimous/core/internal'
import { demandSingleCasters } from '../claims.ts'
import { Disk } from '../disk.ts'
import { receive } from '../receive.ts'
import { demand } from '../violation.ts'
import { Catalog } from './catalog.ts'
import type { Cast } from './claim-books.ts'
import type { Input, Parcel } from './input.ts'
import { demandDurable, durableOf, startAfter } from './found.ts'
import { isKnown, isOver } from './past.ts'
import { copy, plain } from './plain.ts'

/** An entry that a store's application was handed: its place, and its number in `entries`. */
export interface Learned {
  readonly index: number
  readonly entry: number
}

export interface Outcome {
  /** Number of the store's next state. */
  readonly store: number
  /** Numbers of messages, to the others. */
  readonly sent: readonly number[]
  /** What its votes were cast for, in order, also towards itself. */
  readonly casts: readonly Cast[]
  readonly learned: readonly Learned[]
}

export interface Step {
  readonly done: Outcome
  /** When it goes down before what it writes is durable; undefined: it writes nothing. */
  readonly crashed: Outcome | undefined
}

const messagesMax = 1 << 22

/** Who proposes: nobody of the group, so that any leader may be handed any command. */
const client = replicaId('f'.repeat(32))

export const names: readonly string[] = ['aaaa', 'bbbb', 'cccc']
export const ids: readonly ReplicaId[] = names.map((name) => replicaId(name.repeat(8)))

interface Store {
  readonly self: number
  /** Of a closed page: as it will open. */
  readonly state: ProtocolState
  readonly closed: boolean
}

export class Stores {
  readonly inputs: Catalog<Input> = new Catalog()
  readonly messages: Catalog<Parcel & { readonly to: ReplicaId; readonly target: number }> =
    new Catalog()
  readonly entries: Catalog<{ readonly entry: Entry; readonly repeat: boolean }> = new Catalog()
  readonly #stores = new Catalog<Store>()
  readonly #steps: Map<number, Step>[] = []
  readonly #pairs = new Set<number>()
  readonly #past = new Map<number, boolean>()

  get size(): number {
    return this.#stores.size
  }

  /** All of the group hold its genesis and a configuration of all. */
  begin(): readonly Outcome[] {
    const [founder = client] = ids
    const ballot = { num: 1, node: founder }
    const stamp = wallMillis(0)
    const voters = ids.map(ownVote)
    const zero = 0 as Index
    const joins = Object.fromEntries(voters.map((vote) => [vote, zero]))
    const entries: readonly Entry[] = [
      { kind: 'genesis', ballot, stamp, room: '', founder, nonce: '' },
      { kind: 'config', ballot, stamp, voters, joins },
    ]
    const decidedEnd = entries.length as Index
    const durable = {
      group: undefined,
      promised: ballot,
      accepted: ballot,
      entries,
      decidedEnd,
    }
    return ids.map((id, self) => {
      const estate = { votes: [ownVote(id)], armed: undefined, receipts: new Map() }
      return this.#opened(self, { ...durable, estate }, { start: 1 })
    })
  }

  isClosed(store: number): boolean {
    return this.#stores.at(store).closed
  }

  stateOf(store: number): ProtocolState {
    return this.#stores.at(store).state
  }

  /** Throws Violation or InvariantViolation. */
  step(store: number, input: number): Step {
    const steps = (this.#steps[store] ??= new Map())
    const known = steps.get(input)
    if (known !== undefined) return known
    const step = this.#take(this.#stores.at(store), this.inputs.at(input))
    steps.set(input, step)
    return step
  }

  /**
   * The message is of no more use to the store, now and for ever: its ballot is over there, or it says what is known. Then
   * it may be left out of the search, if what it does in fact is nothing but to be answered once more; that is checked.
   */
  isPast(store: number, message: number): boolean {
    const key = store * messagesMax + message
    const known = this.#past.get(key)
    if (known !== undefined) return known
    const parcel = this.messages.at(message)
    const state = this.stateOf(store)
    const over = isOver(state, parcel.message)
    const same = this.step(store, this.deliveryOf(message)).done.store === store
    demand(same || !over, 'stale', () => `what is over still has an effect: ${parcel.message.type}`)
    const past = same && (over || isKnown(state, parcel.message))
    this.#past.set(key, past)
    return past
  }

  /** The number of the input that the message is. */
  deliveryOf(message: number): number {
    return this.inputs.idOf(`deliver ${message}`, () => ({
      kind: 'deliver',
      ...this.messages.at(message),
    }))
  }

  /** Two stores that accepted in one ballot hold one log, as far as both reach. */
  compare(one: number, other: number): void {
    const pair = Math.min(one, other) * 0x4000000 + Math.max(one, other)
    if (this.#pairs.has(pair)) return
    this.#pairs.add(pair)
    const [a, b] = [this.stateOf(one), this.stateOf(other)]
    demandSingleCasters([a, b].map(({ self: name, votes }) => ({ name, votes })))
    if (!sameBallot(a.accepted, b.accepted)) return
    const end = Math.min(a.log.entries.length, b.log.entries.length)
    for (let at = 0; at < end; at += 1) {
      const [left, right] = [a.log.entries[at], b.log.entries[at]]
      if (left === undefined || right === undefined) continue
      demand(sameEntry(left, right), 'oneLog', () => `two entries at ${at} of one ballot`)
    }
  }

  #take(store: Store, input: Input): Step {
    const { self, state: before, closed } = store
    if (closed) return { done: this.#openedAgain(store, input), crashed: undefined }
    if (input.kind === 'restart') {
      const found = { start: startAfter(before) }
      return { done: this.#opened(self, durableOf(before), found), crashed: undefined }
    }
    if (input.kind === 'close') return { done: this.#closed(store, input.tail), crashed: undefined }
    const state = copy(before)
    const disk = new Disk()
    disk.restore(durableOf(before), incarnation(1))
    const out = noEffects()
    let snapshot = momentOf(state)
    const act = (action: (context: Context) => void): Effects => {
      const context = contextOf(state)
      action(context)
      const { role } = state
      if (role.phase === 'leading') {
        appendQueue(context, role)
        replicate(context, role)
      }
      checkInvariants(snapshot, state)
      snapshot = momentOf(state)
      return context.out
    }
    const casts: Cast[] = []
    let effects = act((context) => perform(context, input))
    const first = effects
    // What it says to itself it hears as soon as the write is durable.
    for (;;) {
      disk.commit(effects.persist)
      casts.push(...castsIn(state.self, effects))
      out.sendNow.push(...effects.sendNow, ...effects.send.filter(({ to }) => to !== state.self))
      out.apply.push(...effects.apply)
      const own = effects.send.filter(({ to }) => to === state.self)
      if (own.length === 0) break
      effects = act((context) => {
        for (const { message } of own) receive(context, state.self, message)
      })
    }
    demandDurable(disk, state)
    const found = { start: startAfter(before), sent: this.#sent(state.self, first.sendNow) }
    const crashed =
      first.persist.length === 0 ? undefined : this.#opened(self, durableOf(before), found)
    return { done: this.#outcome({ self, state, closed: false }, out, casts), crashed }
  }

  /** A closed page does nothing but open. */
  #openedAgain(store: Store, input: Input): Outcome {
    const { self, state } = store
    if (input.kind !== 'open') return this.#outcome(store, noEffects(), [])
    return this.#opened(self, durableOf(state), { start: state.incarnation })
  }

  /** Its last words are out; what it is now is what it finds when it opens again. */
  #closed({ self, state: before }: Store, tail: boolean): Outcome {
    const context = contextOf(copy(before))
    const { state, out } = context
    // As if the heir had nothing at all, or all.
    const nothing = { accepted: zeroBallot, logEnd: 0 as Index, decidedEnd: 0 as Index }
    bequeath(context, tail ? nothing : undefined, true)
    const { estate, ...durable } = durableOf(before)
    const notSent = state.estate.notSent ? before.incarnation : undefined
    const found = {
      start: startAfter(before),
      sent: this.#sent(state.self, out.sendNow),
      closed: true,
    }
    return this.#opened(
      self,
      { ...durable, estate: estateAtStart(estate, state.self, notSent) },
      found,
    )
  }

  #opened(
    self: number,
    durable: Durable,
    {
      start,
      sent = [],
      closed = false,
    }: { readonly start: number; readonly sent?: readonly number[]; readonly closed?: boolean },
  ): Outcome {
    const id = ids[self] ?? client
    const context = contextOf(freshProtocol(id, incarnation(start), [ownVote(id)]))
    recover(context, durable)
    if (!closed) askHeir(context)
    const outcome = this.#outcome({ self, state: context.state, closed }, context.out, [])
    return { ...outcome, sent: [...sent, ...outcome.sent] }
  }

  #outcome(store: Store, { sendNow, apply }: Effects, casts: readonly Cast[]): Outcome {
    const { self } = store.state
    return {
      store: this.#number(store),
      sent: this.#sent(self, sendNow),
      casts,
      learned: apply.map(({ index, entry, repeat }) => ({
        index,
        entry: this.entries.idOf(JSON.stringify([entry, repeat], plain), () => ({ entry, repeat })),
      })),
    }
  }

  #sent(from: ReplicaId, envelopes: Effects['send']): readonly number[] {
    // A nack makes a leader give up, which a restart does too.
    const told = envelopes.filter(({ message }) => message.type !== 'nack')
    return told.map(({ to, message }) => {
      const parcel = { from, to, message, target: ids.indexOf(to) }
      return this.messages.idOf(JSON.stringify([from, to, message], plain), () => parcel)
    })
  }

  #number(store: Store): number {
    const { state } = store
    // A cache: what it holds can be made again from the log.
    if (state.role.phase === 'leading') state.role.slice = undefined
    // Only reads of the session look at it, and nobody reads here.
    state.found = { logEnd: 0 as Index, accepted: zeroBallot }
    // Only the number of the next ballot depends on it, and any higher one will do.
    state.highestSeen = state.promised
    return this.#stores.idOf(JSON.stringify([store.closed, state], plain), () => store)
  }
}

/** In the order in which they leave. */
function castsIn(name: string, { sendNow, send }: Effects): readonly Cast[] {
  return [...sendNow, ...send].flatMap(({ message }) =>
    message.type === 'promised' || message.type === 'accepted' ? [{ name, message }] : [],
  )
}

const contextOf = (state: ProtocolState): Context => ({
  state,
  out: noEffects(),
  now: millis(0),
  wall: wallMillis(0),
  wallAgreed: true,
})

function perform(context: Context, input: Input): void {
  const { state } = context
  switch (input.kind) {
    case 'nominate':
      return startPreparing(
        context,
        ids.filter((id) => id !== state.self),
      )
    case 'deliver':
      return receive(context, input.from, input.message)
    case 'arm':
      return arm(context, input.heir)
    case 'retry':
      return retryLate(context)
    case 'restart':
    case 'close':
    case 'open':
      // No transition of a state: another one begins.
      return
    case 'command':
      return onPropose(context, client, {
        type: 'propose',
        author: client,
        incarnation: incarnation(1),
        session: index(1),
        low: 0,
        seq: input.seq,
        commands: [Uint8Array.of(input.seq)],
      })
    case 'configure': {
      const { role, log } = state
      const before = newestConfiguration(log)
      if (role.phase !== 'leading' || before === undefined) return
      const at = log.entries.length as Index
      role.gate = at
      const joins = joinsOf(before, input.voters, at)
      const stamp = stampFor(context, role)
      append(context, role, [
        { kind: 'config', ballot: role.ballot, stamp, voters: input.voters, joins },
      ])
    }
  }
}
