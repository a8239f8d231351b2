/** What is remembered of reads: by a store of its own, by a leader of those of all. Data only. */
import type { Ballot } from './ballot.ts'
import type { Incarnation, Index, Millis, ReplicaId, VoteId } from './ids.ts'
import type { Configuration } from './log.ts'

/** Reads of this store that began before one question left, and so are answered by one index. */
interface Question {
  readonly reads: readonly number[]
  /** Observers that this store asks for. */
  readonly askers: readonly Asker[]
  /** The leadership that was asked last; of an observer's, whoever feeds it stands for it. */
  asked: Ballot | undefined
  askedAt: Millis
}

/** What this store's own reads wait for. */
export interface Reads {
  /** Began since the last question. */
  fresh: number[]
  /** Wait until this store knows again what it knew before it was started. */
  rejoining: number[]
  questions: number
  /** Observers fed by this store that wait for the next question. */
  askers: Asker[]
  readonly open: Map<number, Question>
  /** The index is known; they are answered once this store has it. */
  due: { readonly index: Index; readonly reads: readonly number[] }[]
}

/** A store that asked, and the number of its question. */
export interface Asker {
  readonly store: ReplicaId
  readonly incarnation: Incarnation
  readonly question: number
}

/** One question of the leader to the voters: "am I still?" */
export interface Round {
  readonly number: number
  /** What was decided when it began, after the last of its askers had asked. */
  readonly index: Index
  readonly configuration: Configuration
  readonly acks: Set<VoteId>
  readonly askers: readonly Asker[]
  probedAt: Millis
}

/** What a leader knows of the reads of all. */
export interface LeaderReads {
  waiting: Asker[]
  rounds: number
  round: Round | undefined
}

export const noReads = (): Reads => ({
  fresh: [],
  rejoining: [],
  questions: 0,
  askers: [],
  open: new Map(),
  due: [],
})

export const noLeaderReads = (): LeaderReads => ({ waiting: [], rounds: 0, round: undefined })
