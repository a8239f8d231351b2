/** What a snapshot is made of, and which ones a store holds. Data only; `snapshot.ts` says what becomes of them. */
import type { Stamp } from './entry.ts'
import type { Index, Millis, ReplicaId } from './ids.ts'
import { logBytesDefault } from './limits.ts'
import type { Configuration, MachineMark } from './log.ts'
import type { SessionRecord } from './sessions.ts'

/** The protocol's own part of a snapshot: what replicas have in common after the first `end` entries. */
export interface Summary {
  readonly end: Index
  /** Of the last entry that is summed up. */
  readonly last: Stamp
  /** In force at `end`. */
  readonly configuration: Configuration
  /** Of the application's machine, in force at `end`: the state is of this version. Undefined: none was decided on. */
  readonly machine: MachineMark | undefined
  /** What was executed, so that nothing runs twice. The least recently used first. */
  readonly sessions: readonly SessionRecord[]
  /** Other sessions that were opened below this place have expired. */
  readonly sessionsFloor: Index
}

/** What is known of a snapshot before all of it is there. */
export interface SnapshotHead extends Omit<Summary, 'sessions'> {
  /** Over all entries that are summed up, 64 hex digits, and how many different commands are among them. */
  readonly digest: string
  readonly commands: number
  /** Of the application's state: 32 hex digits. */
  readonly hash: string
  readonly sessionCount: number
  readonly stateBytes: number
}

export interface Snapshot {
  readonly head: SnapshotHead
  readonly sessions: readonly SessionRecord[]
  /** The application's. */
  readonly state: Uint8Array
}

/** What a disk holds instead of the beginning of a log. */
export interface Compacted {
  readonly snapshot: Snapshot
  /** The log goes on from here: the end of the snapshot, or before. */
  readonly base: Index
}

/** A snapshot that comes in pieces: sessions first, then the application's state. */
export interface Fetching {
  readonly head: SnapshotHead
  readonly sessions: SessionRecord[]
  /** Of the application's state. */
  readonly parts: Uint8Array[]
  /** So many sessions and bytes are here. */
  have: number
}

/** Another store's snapshot, of a place that is decided here, for want of one of its own. */
export interface Borrowing {
  /** Who is asked for it; undefined: nobody yet. */
  from: ReplicaId | undefined
  /** When it was asked last. */
  at: Millis
  fetching: Fetching | undefined
}

export interface Snapshots {
  /** What the log may weigh beyond the newest one before another is taken, beside half of what that one weighs. */
  logBytes: number
  last: Snapshot | undefined
  /** The one before, for whoever is still fetching it. The log is kept from its end on. */
  previous: Snapshot | undefined
  /** The application was asked for its state at this place, and has not answered yet. */
  capturing: Index | undefined
  /** Somebody waits for a snapshot of so many entries, or more. */
  wanted: Index | undefined
  /** It was last asked, or answered, here. */
  markedEnd: Index
  fetching: Fetching | undefined
  /** The application was asked and had none to give; undefined: there was no need since the last one. */
  borrowing: Borrowing | undefined
}

export const noSnapshots = (): Snapshots => ({
  logBytes: logBytesDefault,
  last: undefined,
  previous: undefined,
  capturing: undefined,
  wanted: undefined,
  markedEnd: 0 as Index,
  fetching: undefined,
  borrowing: undefined,
})
