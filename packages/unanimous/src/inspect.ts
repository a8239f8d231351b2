/** Looking inside a group, for panels and tests. Types only; reading changes nothing. */
import type { Ballot, FrameCount, InvariantCount, TraceEvent } from '@unanimous/core'
import type { Faults } from './faults.ts'
import type { MemberId } from './machine.ts'
import type { Latency, ProposalCounts } from './proposal-tally.ts'

/** One decided entry of the log. */
export interface EntryInfo {
  readonly index: number
  readonly kind: 'genesis' | 'command' | 'config' | 'noop' | 'machine'
  readonly ballot: Ballot
  /** Milliseconds since 1970, by the leader that appended it. */
  readonly stamp: number
  /** Of a command: who proposed it, and which command it is. */
  readonly author: MemberId | undefined
  readonly command: string | undefined
  /** Of a config: the voters from here on. */
  readonly voters: readonly MemberId[] | undefined
  /** Of a machine: its version from here on. */
  readonly version: number | undefined
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

/** All figures of this tab at one moment; counts are since it opened the group. */
export interface Metrics {
  /** Milliseconds since 1970. */
  readonly at: number
  /** Of this tab; `waiting`: their end is open now. */
  readonly proposals: ProposalCounts & { readonly waiting: number; readonly waitingBytes: number }
  /** Undefined before the first decided proposal of this tab. */
  readonly latencyMs: Latency | undefined
  /** Entries of the log here, and how many of them are decided. */
  readonly log: { readonly end: number; readonly decided: number }
  /** Strict commits and their bytes. */
  readonly disk: { readonly commits: number; readonly bytes: number }
  readonly network: {
    readonly framesSent: number
    readonly framesReceived: number
    readonly bytesSent: number
    readonly bytesReceived: number
    /** By the kind of message; a relayed one counts as what is inside. */
    readonly kinds: Readonly<Record<string, FrameCount>>
  }
  /** How often this tab stood for leader and won, and how many leaderships it followed. */
  readonly elections: { readonly stood: number; readonly won: number; readonly followed: number }
  /** Frames of peers that were refused, by reason. */
  readonly ignored: Readonly<Record<string, number>>
}

/** What happened in this tab lately; the newest 4096 moments are kept. */
export interface Trace {
  /** The newest events, oldest first; all that are kept unless told. */
  recent(count?: number): readonly TraceEvent[]
  /** Called for each event at once; must be quick. Returns how to stop. */
  on(listener: (event: TraceEvent) => void): () => void
  /**
   * All that are kept as JSON Lines. The first line says `schema`, `version`, `member` and `group`; each other one is an
   * event. Files of several tabs can be merged by `at`.
   */
  download(): Blob
}

/** A look inside, for panels and tests. */
export interface Inspect {
  /** The last decided entries, oldest first; 50 unless told. */
  entries(count?: number): readonly EntryInfo[]
  /** How many commands are among the first `end` decided entries (all unless told), and a hash over their bytes and order. */
  digest(end?: number): { readonly end: number; readonly commands: number; readonly hash: string }
  figures(): Figures
  metrics(): Metrics
  /** Called with the metrics every so many milliseconds, 1000 unless told. Returns how to stop. */
  onMetrics(listener: (metrics: Metrics) => void, everyMs?: number): () => void
  readonly trace: Trace
  /** The protocol's invariants, checked after every step of this tab; empty unless the group was opened with `dev: true`. */
  invariants(): readonly InvariantCount[]
  /** Troubles made on purpose; only in a group that was created with `dev: true`. */
  readonly faults: Faults | undefined
}
