/**
 * Ballot leader election (Omni-Paxos, EuroSys 2023): heartbeats in rounds carry each server's own
 * ballot and whether it reaches a quorum; only who does may be elected, and takes over when the leader's ballot is not seen.
 */
import type { Ballot, ReplicaId } from '@unanimous/core/internal'
import { compareBallots, isZeroBallot } from '@unanimous/core/internal'
import type { Setup } from './machine.ts'

/** One round. */
export const roundMs = 500

export interface BallotElection {
  readonly self: ReplicaId
  readonly voters: readonly ReplicaId[]
  /** Its own. */
  ballot: Ballot
  /** The highest that it elected. */
  leader: Ballot
  quorumConnected: boolean
  round: number
  readonly replies: Map<ReplicaId, { readonly ballot: Ballot; readonly quorumConnected: boolean }>
}

export function startElection(
  self: ReplicaId,
  voters: readonly ReplicaId[],
  start: { readonly turn: Setup['turn']; readonly promised: Ballot },
): BallotElection {
  return {
    self,
    voters,
    // Numbers that anybody leads with begin at 1: who led before a restart must be missed by the others.
    ballot: {
      num: isZeroBallot(start.promised) ? (start.turn === 'first' ? 2 : 1) : 0,
      node: self,
    },
    // After a restart: whoever was promised leads until it is missed.
    leader: start.promised,
    quorumConnected: true,
    round: 0,
    replies: new Map(),
  }
}

/** Ends a round and begins the next one. The ballot of a newly elected leader, if there is one. */
export function endRound(election: BallotElection): Ballot | undefined {
  const { replies, voters } = election
  if (election.round === 0) {
    // Nobody was asked yet.
    election.round = 1
    return undefined
  }
  const reached = replies.size + 1 > voters.length / 2
  const elected = reached ? checkLeader(election) : undefined
  if (!reached) election.quorumConnected = false
  replies.clear()
  election.round += 1
  return elected
}

function checkLeader(election: BallotElection): Ballot | undefined {
  election.quorumConnected = true
  let highest = election.ballot
  for (const { ballot, quorumConnected } of election.replies.values()) {
    if (quorumConnected && compareBallots(ballot, highest) > 0) highest = ballot
  }
  const order = compareBallots(highest, election.leader)
  if (order < 0) {
    // The leader is gone, or reaches no quorum: this server stands in the next round.
    election.ballot = { num: election.leader.num + 1, node: election.self }
    return undefined
  }
  if (order === 0) return undefined
  election.leader = highest
  return highest
}

export function onReply(
  election: BallotElection,
  from: ReplicaId,
  reply: { readonly round: number; readonly ballot: Ballot; readonly quorumConnected: boolean },
): void {
  if (reply.round === election.round) election.replies.set(from, reply)
}
