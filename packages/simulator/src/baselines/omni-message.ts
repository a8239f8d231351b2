/** What servers of the Omni-Paxos kind say to each other (Ng, Haridi, Carbone, EuroSys 2023). */
import type { Ballot, Entry } from '@unanimous/core/internal'
import type { Answered, Propose } from './outbox.ts'

/** Ballot leader election: who is there? */
export interface HeartbeatRequest {
  readonly type: 'heartbeatRequest'
  readonly round: number
}

/** The sender's own ballot, and whether it reaches a quorum. */
export interface HeartbeatReply {
  readonly type: 'heartbeatReply'
  readonly round: number
  readonly ballot: Ballot
  readonly quorumConnected: boolean
}

/** From an elected leader: "follow `ballot`; my log was accepted in `accepted` and is `logEnd` long." */
export interface Prepare {
  readonly type: 'prepare'
  readonly ballot: Ballot
  readonly accepted: Ballot
  readonly logEnd: number
  readonly decidedEnd: number
}

/** Durable. `suffix`: what the leader may lack, from `suffixFrom` on. */
export interface Promise {
  readonly type: 'promise'
  readonly ballot: Ballot
  readonly accepted: Ballot
  readonly logEnd: number
  readonly decidedEnd: number
  readonly suffixFrom: number
  readonly suffix: readonly Entry[]
}

/** "Your log from `from` on is this; then it is mine." */
export interface AcceptSync {
  readonly type: 'acceptSync'
  readonly ballot: Ballot
  readonly from: number
  readonly entries: readonly Entry[]
  readonly decidedEnd: number
}

export interface Accept {
  readonly type: 'accept'
  readonly ballot: Ballot
  readonly from: number
  readonly entries: readonly Entry[]
  readonly decidedEnd: number
}

/** Durable: the first `logEnd` entries are those of `ballot`. `gap`: an `Accept` did not join on. */
export interface Accepted {
  readonly type: 'accepted'
  readonly ballot: Ballot
  readonly logEnd: number
  readonly gap: boolean
}

export type OmniMessage =
  | HeartbeatRequest
  | HeartbeatReply
  | Prepare
  | Promise
  | AcceptSync
  | Accept
  | Accepted
  | Propose
  | Answered
