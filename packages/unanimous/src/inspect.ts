/** Looking inside a group, for panels and tests. Types only; reading changes nothing. */
import type { Ballot } from '@unanimous/core'
import type { MemberId } from './machine.ts'

/** One decided entry of the log. */
export interface EntryInfo {
  readonly index: number
  readonly kind: 'genesis' | 'command' | 'config' | 'noop'
  readonly ballot: Ballot
  /** Milliseconds since 1970, by the leader that appended it. */
  readonly stamp: number
  /** Of a command: who proposed it, and which command it is. */
  readonly author: MemberId | undefined
  readonly command: string | undefined
  /** Of a config: the voters from here on. */
  readonly voters: readonly MemberId[] | undefined
}

/** Counts since this tab opened the group. */
export interface Figures {
  /** Strict commits of this tab since it started, and their bytes. */
  readonly commits: number
  readonly journalBytes: number
  readonly framesSent: number
  readonly framesReceived: number
  /** Frames of peers that were refused, by reason. */
  readonly ignored: Readonly<Record<string, number>>
}

/** A look inside, for panels and tests. */
export interface Inspect {
  /** The last decided entries, oldest first; 50 unless told. */
  entries(count?: number): readonly EntryInfo[]
  /** How many commands are among the first `end` decided entries (all unless told), and a hash over their bytes and order. */
  digest(end?: number): { readonly end: number; readonly commands: number; readonly hash: string }
  figures(): Figures
}
