/** What the log is made of. Knows the kinds of entry, not where they stand or who holds them. */
import type { Ballot } from './ballot.ts'
import type { Incarnation, Index, ReplicaId, VoteId, WallMillis } from './ids.ts'
import type { Boxes, Rotation } from './rotation.ts'
import type { Wishes } from './wishes.ts'

/** An application's command as bytes; opaque to the protocol. */
export type Command = Uint8Array

/** Who first appended an entry, and when. */
export interface Stamp {
  /** The leader that first appended this entry. Never rewritten when a later leader adopts it. */
  readonly ballot: Ballot
  /** Its wall clock then; never goes back along the log. */
  readonly stamp: WallMillis
}

/** Index 0 of every group. Its hash is the group's id. */
export interface GenesisEntry extends Stamp {
  readonly kind: 'genesis'
  readonly room: string
  readonly founder: ReplicaId
  /** 32 hex digits: two foundings of one room by one store are two groups. */
  readonly nonce: string
}

/** Tells one proposal from another, across retries and leaders. */
export interface ProposalId {
  readonly author: ReplicaId
  readonly incarnation: Incarnation
  /** 0, 1, 2 … a start of the author's store. */
  readonly seq: number
}

export interface Proposal extends ProposalId {
  readonly command: Command
}

/** Where a command belongs among those of its author. Said when a leader is first handed it, and the same ever after. */
export interface InSession {
  /** How far the log was decided, as far as the author knew, when it began the session; 0: before there were any. */
  readonly session: Index
  /** The author never asks again for what it numbered below this. */
  readonly low: number
}

/** A command of the time before there were sessions. */
export const outOfSession: InSession = { session: 0 as Index, low: 0 }

/** As a leader is handed it. */
export interface Handed extends Proposal, InSession {}

export interface CommandEntry extends Stamp, Handed {
  readonly kind: 'command'
}

export interface ConfigEntry extends Stamp {
  readonly kind: 'config'
  /** Sorted, without repetition, not empty. */
  readonly voters: readonly VoteId[]
  /** Where the present unbroken membership of each voter began. */
  readonly joins: Readonly<Record<VoteId, Index>>
  /** What people decided about single stores; absent for nothing, never empty. */
  readonly wishes?: Wishes
  /** Absent where the group still goes by the secret that it began with. */
  readonly rotation?: Rotation
  /** Only in the entry by which the group goes over to another secret. */
  readonly boxes?: Boxes
}

/** A new leader's first entry: once it is decided, so is everything that the leader adopted. */
export interface NoopEntry extends Stamp {
  readonly kind: 'noop'
}

/** From here on the commands mean what this version of the application's machine says. */
export interface MachineEntry extends Stamp {
  readonly kind: 'machine'
  /** Above that of every such entry below. */
  readonly version: number
}

/** One place in the log. */
export type Entry = GenesisEntry | CommandEntry | ConfigEntry | NoopEntry | MachineEntry

/** What an entry weighs in windows and limits, in bytes: its payload and a flat rate for the rest. */
export function entryBytes(entry: Entry): number {
  if (entry.kind === 'command') return entry.command.length + 8
  if (entry.kind !== 'config') return 128
  const { voters, wishes = [], rotation, boxes } = entry
  const stays = rotation?.stays.length ?? 0
  return 64 + (voters.length + wishes.length + stays) * 48 + (boxes?.boxes.length ?? 0) * 96
}

/** Same proposal or same place of origin: equal for two copies of one entry, different for two entries at one index. */
export function sameEntry(a: Entry, b: Entry): boolean {
  if (a.kind !== b.kind || a.stamp !== b.stamp) return false
  if (a.ballot.num !== b.ballot.num || a.ballot.node !== b.ballot.node) return false
  if (a.kind === 'machine' && b.kind === 'machine') return a.version === b.version
  if (a.kind !== 'command' || b.kind !== 'command') return true
  return a.author === b.author && a.incarnation === b.incarnation && a.seq === b.seq
}
