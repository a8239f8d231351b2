/** All that the protocol remembers. Mutable, plain data, owned by the one transition; nobody else writes to it. */
import type { Ballot } from './ballot.ts'
import { zeroBallot } from './ballot.ts'
import type { Effects } from './effects.ts'
import type { Entry, Handed, InSession, Proposal } from './entry.ts'
import type { Estate } from './estate.ts'
import { freshEstate } from './estate.ts'
import type { Incarnation, Index, Millis, ReplicaId, VoteId, WallMillis } from './ids.ts'
import type { Log } from './log.ts'
import { emptyLog } from './log.ts'
import type { LeaderReads, Reads } from './read-state.ts'
import { noReads } from './read-state.ts'
import type { Sessions } from './sessions.ts'
import { noSessions } from './sessions.ts'
import type { Snapshots } from './snapshot-state.ts'
import { noSnapshots } from './snapshot-state.ts'
import type { Observing } from './observing.ts'

/** What a store told in its promises of one ballot: the largest of its reports, and every vote it cast. */
export interface PromiseReport {
  readonly votes: Set<VoteId>
  accepted: Ballot
  logEnd: Index
  decidedEnd: Index
  tailFrom: Index
  /** Below `tailFrom` there is only a snapshot to be had. */
  summed: boolean
  tail: Entry[]
  /** When the missing part of the tail was last asked for. */
  pulledAt: Millis | undefined
}

/** What the leader knows of one store that it feeds. */
export interface Progress {
  /** The votes that the store casts. */
  votes: readonly VoteId[]
  /** The store accepted in this ballot: it takes `Accept`s. */
  synced: boolean
  ackedEnd: Index
  sentEnd: Index
  /** How far the store has asked for the pieces of its sync. */
  pulledEnd: Index
  /** Likewise of a snapshot. */
  pulledPart: number
  decidedSent: Index
  progressAt: Millis
}

export interface Follower {
  readonly phase: 'follower'
}

export interface Preparing {
  readonly phase: 'preparing'
  readonly ballot: Ballot
  /** When anything last came nearer to the end of the phase: a promise, or a piece of the log to adopt. */
  progressAt: Millis
  readonly promises: Map<ReplicaId, PromiseReport>
  readonly refusals: Map<ReplicaId, Refusal>
}

/** A store that promised a higher ballot, and so accepts nothing more in ours. */
export interface Refusal {
  readonly promised: Ballot
  readonly since: Millis
  readonly votes: readonly VoteId[]
}

export interface Leading {
  readonly phase: 'leading'
  readonly ballot: Ballot
  /** The index of the first entry of this ballot. */
  readonly firstIndex: Index
  /** The ballot and the end of the log that phase 1 adopted: what a promiser with the same ballot agrees with. */
  readonly adopted: { readonly accepted: Ballot; readonly end: Index }
  readonly progress: Map<ReplicaId, Progress>
  readonly refusals: Map<ReplicaId, Refusal>
  /** What each vote holds durably of this ballot's log. */
  readonly ends: Map<VoteId, Index>
  /** What each vote's store knows durably to be decided. */
  readonly decidedEnds: Map<VoteId, Index>
  /** The newest configuration, until a majority of its voters knows durably that it is decided; nothing is appended meanwhile. */
  gate: Index | undefined
  /** When anything last came nearer to the next decision; a new entry after an idle time counts. */
  progressAt: Millis
  appendedAt: Millis
  configuredAt: Millis
  /** The last slice that was made of the log, so that all peers in step share one. */
  slice: { readonly from: Index; readonly entries: readonly Entry[] } | undefined
  readonly reads: LeaderReads
}

export type Role = Follower | Preparing | Leading

/** A proposal of this store that is not yet known to be decided. */
export interface Pending {
  readonly proposal: Proposal
  /** Undefined: no leader was ever handed it. */
  place: InSession | undefined
  /** The leadership it was last handed to. */
  handedTo: Ballot | undefined
  handedAt: Millis
}

export type OutboxKey = `${number}.${number}`

/** A store's own proposals differ in start and number. */
export const outboxKey = ({ incarnation, seq }: Pick<Proposal, 'incarnation' | 'seq'>): OutboxKey =>
  `${incarnation}.${seq}`

/** The pieces of an `AcceptSync` that is not complete yet. */
export interface Staging {
  readonly ballot: Ballot
  readonly base: Ballot
  readonly from: Index
  /** Below `from` there is only a snapshot to be had. */
  readonly summed: boolean
  readonly total: Index
  readonly entries: Entry[]
  decidedEnd: Index
}

export interface ProtocolState {
  readonly self: ReplicaId
  readonly incarnation: Incarnation
  /** The votes that this store may cast now (bequest.md B1). */
  votes: readonly VoteId[]
  readonly estate: Estate
  promised: Ballot
  /** The ballot in which the whole log was last accepted. */
  accepted: Ballot
  readonly log: Log
  decidedEnd: Index
  /** The part of `decidedEnd` that is in a storage operation already. */
  decidedStored: Index
  /** "Decided up to here", heard from the leader of `accepted` before the entries came. */
  decidedHeard: { readonly ballot: Ballot; readonly end: Index } | undefined
  highestSeen: Ballot
  role: Role
  staging: Staging | undefined
  /** Own proposals by `outboxKey`: those of former starts first, then oldest first. */
  readonly outbox: Map<OutboxKey, Pending>
  /** Where this start's session began; undefined: nothing was asked for yet. */
  session: Index | undefined
  /** The highest of them that came to be decided, and when: a lower one that is still here was lost on its way. */
  ownDecidedSeq: number
  ownDecidedAt: Millis
  /** Proposals of anybody that this replica, as leader, has yet to append. */
  queue: Handed[]
  queueBytes: number
  readonly sessions: Sessions
  readonly snapshots: Snapshots
  readonly reads: Reads
  /** In a store that only observes: what it follows is in its memory alone. */
  observing: Observing | undefined
  /** What was on the disk at this start. */
  found: { readonly logEnd: Index; readonly accepted: Ballot }
}

/** One step's surroundings: what a handler may read, and where it says what it wants done. */
export interface Context {
  readonly state: ProtocolState
  readonly out: Effects
  readonly now: Millis
  readonly wall: WallMillis
  /** The clocks of a majority agree with ours: the log's time may follow it even after an idle start. */
  readonly wallAgreed: boolean
}

export function freshProtocol(
  self: ReplicaId,
  incarnation: Incarnation,
  votes: readonly VoteId[],
): ProtocolState {
  return {
    self,
    incarnation,
    votes,
    estate: freshEstate(votes),
    promised: zeroBallot,
    accepted: zeroBallot,
    log: emptyLog(),
    decidedEnd: 0 as Index,
    decidedStored: 0 as Index,
    decidedHeard: undefined,
    highestSeen: zeroBallot,
    role: { phase: 'follower' },
    staging: undefined,
    outbox: new Map(),
    session: undefined,
    ownDecidedSeq: -1,
    ownDecidedAt: 0 as Millis,
    queue: [],
    queueBytes: 0,
    sessions: noSessions(),
    snapshots: noSnapshots(),
    reads: noReads(),
    observing: undefined,
    found: { logEnd: 0 as Index, accepted: zeroBallot },
  }
}

/** A guard's answer: a message is dropped for a reason that tests name and dashboards count. */
export function ignore(context: Context, from: ReplicaId, message: string, reason: string): void {
  context.out.notify.push({ type: 'ignored', from, message, reason })
}
