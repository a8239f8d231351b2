/** One start of a tab: the replica, what waits for it, and the write that is under way. */
import type { Effects, Input, ReplicaState, Snapshot, StorageOp } from '@unanimous/core/internal'

/** What goes to the disk as one record, and what waits for that. */
export interface Batch {
  readonly ops: StorageOp[]
  readonly after: Effects[]
}

/** One start of the tab. */
export interface Life {
  readonly state: ReplicaState
  snapshot: Snapshot
  inbox: Input[]
  drainScheduled: boolean
  next: Batch
  writing: Batch | undefined
  writingSince: number
  storageOk: boolean
  seq: number
  /** Own proposals whose fate is open. */
  readonly outstanding: Set<number>
  frozen: boolean
  /** Callbacks that came while it was frozen. */
  missed: (() => void)[]
  hidden: boolean
  /** Of the present timer; an older one that still fires is dead. */
  timer: number
}

export const emptyBatch = (): Batch => ({ ops: [], after: [] })
