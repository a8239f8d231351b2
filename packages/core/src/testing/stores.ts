/**
 * A few stores and the messages between them, driven by hand: each test decides what is delivered, when a write is durable
 * and what is lost. Knows the phases of the protocol; no links, beacons or timers.
 */
import { present } from '../base/assert.ts'
import { replicate } from '../protocol/accept.ts'
import type { Ballot } from '../protocol/ballot.ts'
import type { Effects } from '../protocol/effects.ts'
import { noEffects } from '../protocol/effects.ts'
import type { Entry } from '../protocol/entry.ts'
import { outOfSession } from '../protocol/entry.ts'
import type { Armed } from '../protocol/estate.ts'
import type { Index, ReplicaId, VoteId } from '../protocol/ids.ts'
import { incarnation, millis, ownVote, replicaId, wallMillis } from '../protocol/ids.ts'
import { checkInvariants, momentOf } from '../protocol/invariants.ts'
import type { Envelope, Message } from '../protocol/message.ts'
import { isOfPhases, onPhaseMessage } from '../protocol/phases.ts'
import { startPreparing } from '../protocol/prepare.ts'
import { appendQueue } from '../protocol/proposals.ts'
import { recover } from '../protocol/recover.ts'
import type { Snapshot, Summary } from '../protocol/snapshot-state.ts'
import type { Context, Leading, Preparing, ProtocolState } from '../protocol/state.ts'
import { freshProtocol } from '../protocol/state.ts'

export const a: ReplicaId = replicaId('a'.repeat(32))
export const b: ReplicaId = replicaId('b'.repeat(32))
export const c: ReplicaId = replicaId('c'.repeat(32))
export const d: ReplicaId = replicaId('d'.repeat(32))
export const e: ReplicaId = replicaId('e'.repeat(32))

export const ballot = (num: number, node: ReplicaId): Ballot => ({ num, node })

const stamp = wallMillis(0)

export const noop = (of: Ballot): Entry => ({ kind: 'noop', ballot: of, stamp })

export const command = (
  of: Ballot,
  seq: number,
  author: ReplicaId = of.node,
  length: number = 1,
): Entry => ({
  ...{ kind: 'command', ballot: of, stamp, author, incarnation: incarnation(1), seq },
  ...outOfSession,
  command: new Uint8Array(length).fill(seq),
})

export function config(of: Ballot, ...stores: readonly ReplicaId[]): Entry {
  const voters = stores.map(ownVote).sort()
  const joins = Object.fromEntries(voters.map((vote) => [vote, 0])) as Record<VoteId, Index>
  return { kind: 'config', ballot: of, stamp, voters, joins }
}

/** `a` founded the group in ballot 1. */
export const first: Ballot = ballot(1, a)
export const genesis: Entry = {
  ...{ kind: 'genesis', ballot: first, stamp, room: 'room', founder: a },
  nonce: '0'.repeat(32),
}

export interface StoreBegin {
  readonly promised?: Ballot
  readonly accepted?: Ballot
  readonly entries?: readonly Entry[]
  readonly decidedEnd?: number
  readonly votes?: readonly VoteId[]
  readonly armed?: Armed
}

/** As if it were just started from its disk. */
export function storeOf(self: ReplicaId, begin: StoreBegin = {}): ProtocolState {
  const accepted = begin.accepted ?? first
  const state = freshProtocol(self, incarnation(1), [ownVote(self)])
  const durable = {
    promised: begin.promised ?? accepted,
    accepted,
    entries: begin.entries ?? [],
    decidedEnd: (begin.decidedEnd ?? 0) as Index,
    estate: { votes: begin.votes ?? [ownVote(self)], armed: begin.armed, receipts: new Map() },
  }
  recover(contextOf(state), durable)
  return state
}

export const contextOf = (state: ProtocolState, now = 0, wall = 0): Context => ({
  state,
  out: noEffects(),
  now: millis(now),
  wall: wallMillis(wall),
  wallAgreed: false,
})

/** One step, with the invariants checked after it. What it wants done is returned, and nothing of it is done. */
export function act(
  state: ProtocolState,
  action: (context: Context) => void,
  now = 0,
  wall = 0,
): Effects {
  const before = momentOf(state)
  const context = contextOf(state, now, wall)
  action(context)
  checkInvariants(before, state)
  return context.out
}

export function receive(state: ProtocolState, from: ReplicaId, message: Message, now = 0): Effects {
  return act(state, (context) => deliver(context, from, message), now)
}

/** What is not of the protocol's phases does nothing here. */
function deliver(context: Context, from: ReplicaId, message: Message): void {
  if (isOfPhases(message)) onPhaseMessage(context, from, message)
}

/** Every message of one type among the effects, and whom it is for. */
export function sent<T extends Message['type']>(
  effects: Effects,
  type: T,
): readonly { readonly to: ReplicaId; readonly message: Extract<Message, { type: T }> }[] {
  return [...effects.sendNow, ...effects.send].filter(
    (envelope): envelope is { to: ReplicaId; message: Extract<Message, { type: T }> } =>
      envelope.message.type === type,
  )
}

/** Why frames were dropped in this step. */
export const reasons = (effects: Effects): readonly string[] =>
  effects.notify.flatMap((event) => (event.type === 'ignored' ? [event.reason] : []))

export function preparing(state: ProtocolState): Preparing {
  return present(state.role.phase === 'preparing' ? state.role : undefined, 'it prepares')
}

export function leading(state: ProtocolState): Leading {
  return present(state.role.phase === 'leading' ? state.role : undefined, 'it leads')
}

/** Which envelopes are lost; undefined or false: none. */
export type Losing = (from: ReplicaId, envelope: Envelope) => boolean

/** Stores whose writes are durable at once, and the messages on their way between them, in order. */
export class Stores {
  readonly #states: ReadonlyMap<ReplicaId, ProtocolState>
  readonly #queue: { readonly from: ReplicaId; readonly envelope: Envelope }[] = []
  readonly #losing: Losing
  /** What each store handed to its application so far, by index. */
  readonly applied: Map<ReplicaId, Index[]> = new Map()
  /** For what each store last wanted its application's state. */
  readonly asked: Map<ReplicaId, Summary> = new Map()
  /** The snapshots that each store installed, in order. */
  readonly restored: Map<ReplicaId, Snapshot[]> = new Map()
  now = 0

  constructor(states: readonly ProtocolState[], losing: Losing = () => false) {
    this.#states = new Map(states.map((state) => [state.self, state]))
    this.#losing = losing
  }

  of(id: ReplicaId): ProtocolState {
    return present(this.#states.get(id), 'a store of this group')
  }

  /** A step of one store; what it sends is on its way then. */
  act(id: ReplicaId, action: (context: Context) => void): Effects {
    const effects = act(this.of(id), action, this.now, this.now)
    const indexes = effects.apply.map(({ index }) => index)
    this.applied.set(id, [...(this.applied.get(id) ?? []), ...indexes])
    for (const { capture } of effects.apply) if (capture !== undefined) this.asked.set(id, capture)
    this.restored.set(id, [...(this.restored.get(id) ?? []), ...effects.restore])
    for (const envelope of [...effects.sendNow, ...effects.send]) {
      if (!this.#losing(id, envelope)) this.#queue.push({ from: id, envelope })
    }
    return effects
  }

  /** Delivers until nothing is on its way. */
  settle(): void {
    for (;;) {
      const next = this.#queue.shift()
      if (next === undefined) return
      const { from, envelope } = next
      if (!this.#states.has(envelope.to)) continue
      this.act(envelope.to, (context) => {
        deliver(context, from, envelope.message)
        const { role } = context.state
        if (role.phase === 'leading') replicate(context, role)
      })
    }
  }

  /** Phase 1 by `id`, with whoever answers. */
  elect(id: ReplicaId): void {
    const others = [...this.#states.keys()].filter((other) => other !== id)
    this.act(id, (context) => startPreparing(context, others))
    this.settle()
  }

  /** `id`, which leads, appends commands of its own and sends them on. */
  append(id: ReplicaId, ...seqs: readonly number[]): void {
    this.act(id, (context) => {
      const { state } = context
      for (const seq of seqs) {
        state.queue.push({
          ...{ author: id, incarnation: state.incarnation, seq, ...outOfSession },
          command: Uint8Array.of(seq),
        })
      }
      const role = leading(state)
      appendQueue(context, role)
      replicate(context, role)
    })
  }
}

/** Every store has decided the founding and one configuration of all of `ids`, in ballot 1. */
export function groupOf(ids: readonly ReplicaId[], losing?: Losing): Stores {
  const entries = [genesis, config(first, ...ids)]
  return new Stores(
    ids.map((id) => storeOf(id, { entries, decidedEnd: entries.length })),
    losing,
  )
}
