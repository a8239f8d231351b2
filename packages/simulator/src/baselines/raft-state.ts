/**
 * What a Raft server remembers and says (Ongaro, "Consensus: Bridging Theory and Practice", 2014, figure 3.1). Lengths are
 * used instead of last indexes: `logEnd` is how many entries there are. Knows no transitions.
 */
import type { Ballot, Entry, Incarnation, Index, ReplicaId } from '@unanimous/core/internal'
import type { Rng } from '../rng.ts'
import type { Applied } from './applied.ts'
import type { Effects } from './machine.ts'
import type { Answered, Outbox, Propose } from './outbox.ts'

/** The settings of the thesis's measurements are a fifth of these; these suit links of 10 to 30 ms with a disk behind. */
export const electionMs = [500, 1000] as const
export const heartbeatMs = 100
/** Entries in one message. */
export const batchEntriesMax = 4096

export interface RaftOptions {
  /** Ask whether an election could be won before the term is raised (thesis, section 9.6). */
  readonly preVote: boolean
  /** A leader without a quorum steps down; who hears a leader ignores candidates (thesis, sections 6.2 and 4.2.3; etcd). */
  readonly checkQuorum: boolean
}

/** From a candidate. `pre`: would you, if I asked in `term`? */
export interface RequestVote {
  readonly type: 'requestVote'
  readonly pre: boolean
  readonly term: number
  readonly lastTerm: number
  readonly logEnd: number
}

/** The answer, durable when it is granted for real. */
export interface Vote {
  readonly type: 'vote'
  readonly pre: boolean
  readonly term: number
  readonly granted: boolean
}

/** From a leader: "append this behind the first `from` entries, of which the last is of `previousTerm`"; a heartbeat if empty. */
export interface Append {
  readonly type: 'append'
  readonly term: number
  readonly from: number
  readonly previousTerm: number
  readonly entries: readonly Entry[]
  readonly committedEnd: number
}

/** Durable. `ok`: the first `end` entries are the leader's. Otherwise they may differ above `end`; `from` is repeated. */
export interface Appended {
  readonly type: 'appended'
  readonly term: number
  readonly ok: boolean
  readonly from: number
  readonly end: number
}

export type RaftMessage = RequestVote | Vote | Append | Appended | Propose | Answered

/** What a leader knows of one follower. */
export interface Progress {
  /** Held for sure. */
  match: number
  next: number
  /** The logs may differ: one message at a time until they join. */
  probing: boolean
  heardAt: number
  /** Committed end that it was told of. */
  told: number
}

export type RaftRole =
  | { readonly name: 'follower'; leader: ReplicaId | undefined }
  | { readonly name: 'preCandidate'; readonly votes: Set<ReplicaId> }
  | { readonly name: 'candidate'; readonly votes: Set<ReplicaId> }
  | {
      readonly name: 'leader'
      readonly progress: Map<ReplicaId, Progress>
      /** What its own disk holds. */
      match: number
      heartbeatAt: number
      /** When it last looked whether a quorum answers. */
      checkedAt: number
    }

/** Mutable; owned by the one transition. */
export interface RaftState {
  readonly self: ReplicaId
  readonly incarnation: Incarnation
  readonly voters: readonly ReplicaId[]
  readonly options: RaftOptions
  readonly rng: Rng
  readonly outbox: Outbox
  readonly applied: Applied
  /** Where each command is in the log, so that a leader appends none twice. */
  readonly logged: Map<string, number>
  readonly log: Entry[]
  term: number
  /** Empty: for nobody in this term yet. */
  votedFor: ReplicaId | ''
  committedEnd: number
  role: RaftRole
  electionAt: number
  /** When a leader of the present term was last heard. */
  leaderHeardAt: number
}

/** One step's surroundings. */
export interface RaftStep {
  readonly state: RaftState
  readonly out: Effects<RaftMessage>
  readonly now: number
}

export const majorityOf = (voters: readonly ReplicaId[]): number =>
  Math.floor(voters.length / 2) + 1

/** The term of the entry before `end`; 0 before the first. */
export const termBefore = (log: readonly Entry[], end: number): number =>
  log[end - 1]?.ballot.num ?? 0

/** A term and a vote, as the one disk keeps them: a ballot that only rises. */
export const ballotOf = (term: number, votedFor: ReplicaId | ''): Ballot => ({
  num: term,
  node: votedFor as ReplicaId,
})

export function persistVote({ state, out }: RaftStep): void {
  out.persist.push({ type: 'promise', ballot: ballotOf(state.term, state.votedFor) })
}

/** The log from `from` on is what memory holds now. Nothing of what is committed is on the disk: Raft learns it again. */
export function persistLog({ state, out }: RaftStep, from: number): void {
  out.persist.push({
    type: 'splice',
    from: from as Index,
    entries: state.log.slice(from),
    accepted: ballotOf(termBefore(state.log, state.log.length), ''),
    decidedEnd: 0 as Index,
  })
}

export function resetElection({ state, now }: RaftStep): void {
  state.electionAt = now + state.rng.between(electionMs)
}

export const others = ({ voters, self }: RaftState): readonly ReplicaId[] =>
  voters.filter((id) => id !== self)
