/** What is written to disk, as operations that a storage commits atomically and in order. */
import type { Ballot } from './ballot.ts'
import type { Entry, GenesisEntry } from './entry.ts'
import type { Armed, DurableEstate, Receipt } from './estate.ts'
import type { Epoch, GroupId, Incarnation, Index, ReplicaId, VoteId } from './ids.ts'
import type { Refounding } from './copy.ts'
import type { Snapshot } from './snapshot-state.ts'

export type StorageOp =
  /** The store's group, once in its life. */
  | {
      readonly type: 'join'
      readonly group: GroupId
      readonly epoch: Epoch
      readonly genesis: GenesisEntry
      readonly refounding: Refounding | undefined
    }
  /** At every start, before anything is sent. */
  | { readonly type: 'start'; readonly incarnation: Incarnation }
  | { readonly type: 'promise'; readonly ballot: Ballot }
  /** Forget what lies at `from` and above, append `entries`; the whole log now counts as accepted in `accepted`. */
  | {
      readonly type: 'splice'
      readonly from: Index
      readonly entries: readonly Entry[]
      readonly accepted: Ballot
      readonly decidedEnd: Index
    }
  | { readonly type: 'decide'; readonly decidedEnd: Index }
  /** The heir of this start's votes; undefined: none. */
  | { readonly type: 'arm'; readonly armed: Armed | undefined }
  /** All votes that the store owns from here on. */
  | { readonly type: 'votes'; readonly votes: readonly VoteId[] }
  /** What became of the newest bequest of another store. */
  | { readonly type: 'receipt'; readonly from: ReplicaId; readonly receipt: Receipt }
  /** All that the store holds, beside who it is: takes the place of everything before it, in one step. */
  | Rewrite

export interface Rewrite {
  readonly type: 'rewrite'
  readonly snapshot: Snapshot
  /** Where `entries` begin: at the end of the snapshot, or before. */
  readonly base: Index
  readonly entries: readonly Entry[]
  readonly promised: Ballot
  readonly accepted: Ballot
  readonly decidedEnd: Index
  readonly estate: DurableEstate
}
