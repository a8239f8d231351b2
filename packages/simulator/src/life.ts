/** One start of a tab: the replica, what waits for it, and the write that is under way. */
import type {
  Effects,
  Input,
  Moment,
  OutboxKey,
  ReplicaEvent,
  ReplicaState,
  StorageOp,
} from '@unanimous/core/internal'
import { momentOf } from '@unanimous/core/internal'
import { Tape } from './tape.ts'

/** What goes to the disk as one record, and what waits for that. */
export interface Batch {
  readonly ops: StorageOp[]
  readonly after: Effects[]
}

/** One start of the tab. */
export interface Life {
  readonly state: ReplicaState
  snapshot: Moment
  inbox: Input[]
  drainScheduled: boolean
  next: Batch
  writing: Batch | undefined
  writingSince: number
  storageOk: boolean
  seq: number
  /** Own proposals whose fate is open. */
  readonly outstanding: Set<OutboxKey>
  /** How many reads began. */
  reads: number
  /** Reads that are not answered yet. */
  readonly reading: Set<number>
  /** All below are handed to the application. */
  appliedEnd: number
  /** The application. */
  readonly application: Tape
  frozen: boolean
  /** Callbacks that came while it was frozen. */
  missed: (() => void)[]
  hidden: boolean
  /** Of the present timer; an older one that still fires is dead. */
  timer: number
}

/** Which links a tab wants; undefined: one to everybody. */
export type Links = ReplicaState['tree']['wish']

/** `first`: those that its room gives it before it knows of a group. */
export const linksOf = ({ group, tree }: ReplicaState, first: Links): Links =>
  group === undefined ? first : tree.wish

export const emptyBatch = (): Batch => ({ ops: [], after: [] })

export function begunLife(state: ReplicaState): Life {
  return {
    state,
    snapshot: momentOf(state.protocol),
    inbox: [],
    drainScheduled: false,
    next: emptyBatch(),
    writing: undefined,
    writingSince: 0,
    storageOk: true,
    seq: 0,
    // What a former start asked for and did not hear of is asked for again.
    outstanding: new Set(state.protocol.outbox.keys()),
    reads: 0,
    reading: new Set(),
    appliedEnd: 0,
    application: new Tape(),
    frozen: false,
    missed: [],
    hidden: false,
    timer: 0,
  }
}

/** A secret as a runtime would draw it; nobody here opens a box. */
export function drawn(due: Extract<ReplicaEvent, { type: 'rotationDue' }>): Input {
  const { number, voters, stays } = due
  const boxes = voters.map((store) => ({ store, sealed: new Uint8Array(32).fill(number) }))
  const rotation = { number, hash: number.toString(16).padStart(32, '0'), stays }
  return { type: 'rotate', rotation, boxes: { key: new Uint8Array(32), boxes } }
}

/** Adds what one more step wants to what those before it want. */
export function merge(merged: Effects, effects: Effects): void {
  for (const op of effects.outbox) merged.outbox.push(op)
  for (const envelope of effects.sendNow) merged.sendNow.push(envelope)
  for (const op of effects.persist) merged.persist.push(op)
  for (const envelope of effects.send) merged.send.push(envelope)
  for (const decided of effects.apply) merged.apply.push(decided)
  for (const snapshot of effects.restore) merged.restore.push(snapshot)
  for (const event of effects.notify) merged.notify.push(event)
}
