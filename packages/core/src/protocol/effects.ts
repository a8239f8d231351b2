/** What a step wants done, in the order in which it must be done. */
import type { Answer } from './ask-message.ts'
import type { Entry, Handed, ProposalId } from './entry.ts'
import type { Epoch, GroupId, Index, ReplicaId, WallMillis } from './ids.ts'
import type { Envelope } from './message.ts'
import type { Snapshot, Summary } from './snapshot-state.ts'
import type { StorageOp } from './storage-op.ts'

/** A decided entry. `repeat`: a command that must not run: it ran at a lower index, or its session has expired. */
export interface Decided {
  readonly index: Index
  readonly entry: Entry
  readonly repeat: boolean
  /** After this entry the application's state is wanted, to be stored with this. */
  readonly capture?: Summary
}

/** For people and dashboards; nothing may depend on one. */
export type ReplicaEvent =
  | { readonly type: 'joined'; readonly group: GroupId }
  | {
      readonly type: 'roomConflict'
      readonly peer: ReplicaId
      readonly group: GroupId
      readonly founded: WallMillis
      readonly voters: number
      readonly decidedEnd: Index
    }
  /**
   * The group was begun anew from another copy, and this replica was in no working one: it is silent from here on. `covered`:
   * all that it knows to be decided is in that copy.
   */
  | { readonly type: 'superseded'; readonly epoch: Epoch; readonly covered: boolean }
  | { readonly type: 'removed' }
  /** A member shows something of itself, past the log. */
  | { readonly type: 'shown'; readonly member: ReplicaId; readonly shown: Uint8Array }
  /** What the group says to what a person asked for. */
  | { readonly type: 'answered'; readonly id: number; readonly answer: Answer }
  /**
   * A person wants another secret, and this leader may begin it: one is to be drawn, put into boxes for `voters`, and given in as
   * `rotate`. Told again and again until it is there; the first one counts.
   */
  | {
      readonly type: 'rotationDue'
      readonly number: number
      readonly voters: readonly ReplicaId[]
      readonly stays: readonly ReplicaId[]
    }
  /** What is stored in place of all that was decided when it was asked for; undefined: it cannot be. */
  | { readonly type: 'summarized'; readonly snapshot: Snapshot | undefined }
  /** These reads may be answered from what is applied when this is told. */
  | { readonly type: 'readable'; readonly reads: readonly number[] }
  /** The state of this replica's application after `end` entries is another than that of the others. */
  | { readonly type: 'diverged'; readonly end: Index }
  /** A proposal that certainly was not and will not be appended by this replica's doing. */
  | { readonly type: 'withdrawn'; readonly id: ProposalId }
  /** A proposal that was decided while this replica was away: what came of it is not known here. */
  | { readonly type: 'overtaken'; readonly id: ProposalId }
  /** A proposal whose session has expired: it does not run from here on, and whether it ran is not known. */
  | { readonly type: 'expired'; readonly id: ProposalId }
  /** A frame that a guard refused; the reason is a literal that a dashboard can count. */
  | {
      readonly type: 'ignored'
      readonly from: ReplicaId
      readonly message: string
      readonly reason: string
    }

/** Own proposals: `keep`: about to be handed to a leader for the first time. `drop`: what came of it is known. */
export type OutboxOp =
  | { readonly type: 'keep'; readonly proposal: Handed }
  | { readonly type: 'drop'; readonly proposal: Pick<ProposalId, 'incarnation' | 'seq'> }

/** What a store's own proposal came to that its application does not get to see. */
export type Unseen = Extract<ReplicaEvent, { type: 'withdrawn' | 'overtaken' | 'expired' }>

export const isUnseen = (event: ReplicaEvent): event is Unseen =>
  event.type === 'withdrawn' || event.type === 'overtaken' || event.type === 'expired'

export interface Effects {
  /** For a start that comes after this one; begun before anything below, and awaited by nobody: to lose it is safe. */
  readonly outbox: OutboxOp[]
  /** Says nothing about our disk, or is a leader's accept in a ballot that is durably promised: leaves at once. */
  readonly sendNow: Envelope[]
  /** Committed atomically and durably before anything below. */
  readonly persist: StorageOp[]
  /** Promises: only once `persist` is durable. Losing one is always safe. */
  readonly send: Envelope[]
  /** Newly decided, in index order, without gaps. */
  readonly apply: Decided[]
  /** States that take the place of what was applied, each before the entry at its end. */
  readonly restore: Snapshot[]
  readonly notify: ReplicaEvent[]
}

export const noEffects = (): Effects => ({
  outbox: [],
  sendNow: [],
  persist: [],
  send: [],
  apply: [],
  restore: [],
  notify: [],
})

/** What the application is due, in the order in which it must come. */
export function dueOf({
  apply,
  restore,
}: Pick<Effects, 'apply' | 'restore'>): readonly (Decided | Snapshot)[] {
  if (restore.length === 0) return apply
  const due: (Decided | Snapshot)[] = []
  let next = 0
  for (const decided of apply) {
    for (; (restore[next]?.head.end ?? Infinity) <= decided.index; next += 1) {
      due.push(...restore.slice(next, next + 1))
    }
    due.push(decided)
  }
  return [...due, ...restore.slice(next)]
}

export const isRestored = (due: Decided | Snapshot): due is Snapshot => 'head' in due
