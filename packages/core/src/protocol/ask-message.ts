/** What a person asks of a group through its leader: the messages and their words. Data only. */
import type { Incarnation, ReplicaId } from './ids.ts'

/**
 * `lead`: that store shall lead. `yield`: that store shall not. `rotate`: the group shall go over to another secret. The others are
 * about the store's vote and its place.
 */
export const acts = ['lead', 'yield', 'promote', 'demote', 'remove', 'readmit', 'rotate'] as const
/** One of them. */
export type Act = (typeof acts)[number]

/** `done`: it is as it was asked for, decided and on a majority of disks. The others: why it is left as it is. */
export const answers = [
  'done',
  'unknown',
  'notVoter',
  'notReady',
  'removed',
  'notReached',
  'hidden',
  'nobody',
  'lastVoter',
  'tooFew',
  'standsBy',
] as const
/** One of them. */
export type Answer = (typeof answers)[number]

/** From any store to the leader that it follows, each round until an answer comes: to ask twice is to ask once. */
export interface Ask {
  readonly type: 'ask'
  readonly incarnation: Incarnation
  /** Counts what was asked of the sender's start. */
  readonly question: number
  readonly act: Act
  /** With `rotate`: whoever asks. */
  readonly about: ReplicaId
  /** With `rotate`: how often the secret was changed when it was asked, so that it changes once; else 0. */
  readonly rotations: number
}

/** From the leader, once it is so, or when it says no. */
export interface Answered {
  readonly type: 'answered'
  readonly incarnation: Incarnation
  readonly question: number
  readonly answer: Answer
}

export type AskMessage = Ask | Answered
