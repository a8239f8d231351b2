import { expect, test } from 'vitest'
import type { Ballot, ReplicaId } from '@unanimous/core/internal'
import { zeroBallot } from '@unanimous/core/internal'
import type { BallotElection } from './ballot-election.ts'
import { endRound, onReply, startElection } from './ballot-election.ts'

const voters = ['a', 'b', 'c', 'd', 'e'] as readonly string[] as readonly ReplicaId[]
const ballot = (num: number, node: string): Ballot => ({ num, node: node as ReplicaId })

/** Of `a`, which elected `leader`, at the beginning of a round. */
function electing(leader: Ballot): BallotElection {
  const election = startElection(voters[0] ?? ('' as ReplicaId), voters, {
    turn: undefined,
    promised: zeroBallot,
  })
  endRound(election)
  election.leader = leader
  return election
}

function hear(election: BallotElection, from: Ballot, quorumConnected = true): void {
  onReply(election, from.node, { round: election.round, ballot: from, quorumConnected })
}

test('[BL4] the highest ballot of those that reach a quorum is elected', () => {
  const election = electing(ballot(1, 'b'))
  hear(election, ballot(1, 'b'))
  hear(election, ballot(3, 'c'))
  hear(election, ballot(4, 'd'), false)
  expect(endRound(election)).toEqual(ballot(3, 'c'))
})

test('[BL4] who misses the leader takes over in the next round, above it', () => {
  const election = electing(ballot(7, 'e'))
  hear(election, ballot(1, 'b'))
  hear(election, ballot(1, 'c'))
  expect(endRound(election)).toBeUndefined()
  expect(election.ballot).toEqual(ballot(8, 'a'))
  hear(election, ballot(1, 'b'))
  hear(election, ballot(1, 'c'))
  expect(endRound(election)).toEqual(ballot(8, 'a'))
})

test('[BL4] a leader that reaches no quorum counts as missing', () => {
  const election = electing(ballot(7, 'e'))
  hear(election, ballot(7, 'e'), false)
  hear(election, ballot(1, 'c'))
  endRound(election)
  expect(election.ballot).toEqual(ballot(8, 'a'))
})

test('[BL4] who reaches no quorum elects nobody and does not stand', () => {
  const election = electing(ballot(7, 'e'))
  hear(election, ballot(9, 'b'))
  expect(endRound(election)).toBeUndefined()
  expect(election).toMatchObject({ quorumConnected: false, ballot: ballot(1, 'a') })
})

test('[BL4] an answer of an earlier round does not count', () => {
  const election = electing(ballot(7, 'e'))
  onReply(election, 'e' as ReplicaId, { round: 0, ballot: ballot(7, 'e'), quorumConnected: true })
  hear(election, ballot(1, 'b'))
  hear(election, ballot(1, 'c'))
  endRound(election)
  expect(election.ballot.num).toBe(8)
})
