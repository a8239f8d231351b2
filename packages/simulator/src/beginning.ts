/** What the stores of a schedule begin with: a group that is founded, and its first configuration. */
import type { Entry, Index, ReplicaId, VoteId } from '@unanimous/core/internal'
import { ownVote, replicaId, wallMillis } from '@unanimous/core/internal'
import type { Rng } from './rng.ts'

interface Beginning {
  readonly ballot: Entry['ballot']
  readonly entries: readonly Entry[]
}

/** A group that is founded and has a first configuration of some of the stores, decided everywhere. */
export function beginning(ids: readonly ReplicaId[], rng: Rng): Beginning {
  return foundedBy(ids[0], rng.shuffled(ids).slice(0, 1 + rng.below(ids.length)))
}

/** As above, of these. */
export function foundedBy(
  founder: ReplicaId | undefined,
  members: readonly ReplicaId[],
): Beginning {
  const ballot = { num: 1, node: founder ?? replicaId('0'.repeat(32)) }
  const stamp = wallMillis(0)
  const voters = members.map(ownVote).sort()
  const joins = Object.fromEntries(voters.map((vote) => [vote, 1])) as Record<VoteId, Index>
  const nonce = '0'.repeat(32)
  return {
    ballot,
    entries: [
      { kind: 'genesis', ballot, stamp, room: 'room', founder: ballot.node, nonce },
      { kind: 'config', ballot, stamp, voters, joins },
    ],
  }
}
