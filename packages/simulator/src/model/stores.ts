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
  checkInvariants,
  freshProtocol,
  incarnation,
  joinsOf,
  millis,
  newestConfiguration,
  noEffects,
  onPropose,
  ownVote,
  recover,
  replicate,
  replicaId,
  sameBallot,
  sameEntry,
  snapshotOf,
  stampFor,
  startPreparing,
  wallMillis,
  zeroBallot,
} from '@unanimous/core/internal'
import { Disk } from '../disk.ts'
import { receive } from '../receive.ts'
import { demand } from '../violation.ts'
import { Catalog } from './catalog.ts'
import type { Input, Parcel } from './input.ts'
import { isKnown, isOver } from './past.ts'

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
  readonly state: ProtocolState
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
      return this.#reopened(self, { ...durable, estate }, [])
    })
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
    if (!sameBallot(a.accepted, b.accepted)) return
    const end = Math.min(a.log.entries.length, b.log.entries.length)
    for (let at = 0; at < end; at += 1) {
      const [left, right] = [a.log.entries[at], b.log.entries[at]]
      if (left === undefined || right === undefined) continue
      demand(sameEntry(left, right), 'oneLog', () => `two entries at ${at} of one ballot`)
    }
  }

  #take({ self, state: before }: Store, input: Input): Step {
    if (input.kind === 'restart') {
      return { done: this.#reopened(self, durableOf(before), []), crashed: undefined }
    }
    const state = copy(before)
    const disk = new Disk()
    disk.restore(durableOf(before), incarnation(1))
    const out = noEffects()
    let snapshot = snapshotOf(state)
    const act = (action: (context: Context) => void): Effects => {
      const context = contextOf(state)
      action(context)
      const { role } = state
      if (role.phase === 'leading') {
        appendQueue(context, role)
        replicate(context, role)
      }
      checkInvariants(snapshot, state)
      snapshot = snapshotOf(state)
      return context.out
    }
    let effects = act((context) => perform(context, input))
    const first = effects
    // What it says to itself it hears as soon as the write is durable.
    for (;;) {
      disk.commit(effects.persist)
      out.sendNow.push(...effects.sendNow, ...effects.send.filter(({ to }) => to !== state.self))
      out.apply.push(...effects.apply)
      const own = effects.send.filter(({ to }) => to === state.self)
      if (own.length === 0) break
      effects = act((context) => {
        for (const { message } of own) receive(context, state.self, message)
      })
    }
    demandDurable(disk, state)
    const crashed =
      first.persist.length === 0
        ? undefined
        : this.#reopened(self, durableOf(before), this.#sent(state.self, first.sendNow))
    return { done: this.#outcome(self, state, out), crashed }
  }

  #reopened(self: number, durable: Durable, sent: readonly number[]): Outcome {
    const { state, out } = this.#open(self, durable)
    return { ...this.#outcome(self, state, out), sent }
  }

  #open(self: number, durable: Durable): Context {
    const id = ids[self] ?? client
    const context = contextOf(freshProtocol(id, incarnation(1), [ownVote(id)]))
    recover(context, durable)
    return context
  }

  #outcome(self: number, state: ProtocolState, { sendNow, apply }: Effects): Outcome {
    return {
      store: this.#number({ self, state }),
      sent: this.#sent(state.self, sendNow),
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
    return this.#stores.idOf(JSON.stringify(state, plain), () => store)
  }
}

/** Nothing that the transition may write to is shared; bytes are never written to. */
function copy<T>(value: T): T {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value
  if (Array.isArray(value)) return value.map(copy) as T
  if (value instanceof Map) return new Map([...value].map(copy)) as T
  if (value instanceof Set) return new Set(value) as T
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, copy(each)])) as T
}

/** Maps and sets as lists, bytes as numbers. */
function plain(_key: string, value: unknown): unknown {
  if (value instanceof Map) return [...(value as Map<unknown, unknown>)]
  if (value instanceof Set) return [...(value as Set<unknown>)].sort()
  if (value instanceof Uint8Array) return value.join()
  return value
}

const contextOf = (state: ProtocolState): Context => ({
  state,
  out: noEffects(),
  now: millis(0),
  wall: wallMillis(0),
  wallAgreed: true,
})

/** Writes are durable before the next step; so what a store would find is what it holds. */
const durableOf = ({
  promised,
  accepted,
  log,
  decidedStored,
  estate: { written: votes, armed, receipts },
}: ProtocolState): Durable => ({
  estate: { votes, armed, receipts },
  group: undefined,
  promised,
  accepted,
  entries: log.entries,
  decidedEnd: decidedStored,
})

function demandDurable(disk: Disk, state: ProtocolState): void {
  demand(
    sameBallot(disk.promised, state.promised) && sameBallot(disk.accepted, state.accepted),
    'durable',
    () => 'a promise or an acceptance was not written',
  )
  const { entries } = state.log
  const same = (entry: Entry, at: number): boolean => {
    const held = entries[at]
    return held !== undefined && sameEntry(held, entry)
  }
  const whole = disk.logEnd === entries.length && disk.entries.every(same)
  demand(whole, 'durable', () => 'a part of the log was not written')
}

function perform(context: Context, input: Exclude<Input, { kind: 'restart' }>): void {
  const { state } = context
  switch (input.kind) {
    case 'nominate':
      return startPreparing(
        context,
        ids.filter((id) => id !== state.self),
      )
    case 'deliver':
      return receive(context, input.from, input.message)
    case 'command':
      return onPropose(context, client, {
        type: 'propose',
        author: client,
        incarnation: incarnation(1),
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
