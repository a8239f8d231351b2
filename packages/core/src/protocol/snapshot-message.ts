/** What two stores say to each other about snapshots, piece by piece. */
import type { Ballot } from './ballot.ts'
import type { Index } from './ids.ts'
import type { SessionRecord } from './sessions.ts'
import type { SnapshotHead } from './snapshot-state.ts'

/**
 * "Send me the next piece of your snapshot of the first `end` entries." To the leader of a sync, to a leader's best promiser, or, with the
 * zero ballot, to who feeds an observer or has one to lend: then the first piece may be of your newest, if that is of more entries.
 */
export interface PullSnapshot {
  readonly type: 'pullSnapshot'
  readonly ballot: Ballot
  readonly end: Index
  /** So many sessions and bytes are here already. */
  readonly at: number
}

/** Answer to `PullSnapshot`: what a snapshot is, and a piece of it. Sessions come first, then the application's state. */
export interface SnapshotPiece {
  readonly type: 'snapshotPiece'
  readonly ballot: Ballot
  readonly head: SnapshotHead
  readonly at: number
  readonly sessions: readonly SessionRecord[]
  readonly state: Uint8Array
}

export type SnapshotMessage = PullSnapshot | SnapshotPiece
