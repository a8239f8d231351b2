/** What the leader keeps about those who want in or out. Volatile: they repeat their wish each round. */
import type { Peers } from '../overlay/peers.ts'
import { isThere, sortedPeers } from '../overlay/peers.ts'
import { activeConfigurations, isInAny } from '../protocol/configuration.ts'
import type { Millis, ReplicaId, VoteId } from '../protocol/ids.ts'
import { storeOfVote } from '../protocol/ids.ts'
import { newestConfiguration } from '../protocol/log.ts'
import type { ProtocolState } from '../protocol/state.ts'
import { wishFor } from '../protocol/wishes.ts'

export interface Members {
  /** Stores without a vote that asked to be fed. */
  readonly joiners: Set<ReplicaId>
  /** Stores that asked for their votes to be taken out. */
  readonly leavers: Set<ReplicaId>
  /** Since when each store without a vote is synced and reached. */
  readonly readySince: Map<ReplicaId, Millis>
  /** Since when each voter is not reached. */
  readonly downSince: Map<VoteId, Millis>
  /** Since when each voter is known to have closed its page and not to have come back. */
  readonly closedSince: Map<VoteId, Millis>
  /** Who cast each vote when it was last heard of. */
  readonly holders: Map<VoteId, ReplicaId>
  /** This replica's own wish to leave. */
  leaving: boolean
  /** When this replica last asked to be fed. */
  askedAt: Millis | undefined
}

export const noMembers = (): Members => ({
  joiners: new Set(),
  leavers: new Set(),
  readySince: new Map(),
  downSince: new Map(),
  closedSince: new Map(),
  holders: new Map(),
  leaving: false,
  askedAt: undefined,
})

export const holdsNewestVote = (state: ProtocolState, votes: readonly VoteId[]): boolean => {
  const newest = newestConfiguration(state.log)
  return newest !== undefined && isInAny([newest], votes)
}

/** A vote of the newest configuration bears its name, whoever casts it now. */
export const hasSeat = (state: ProtocolState, store: ReplicaId): boolean =>
  newestConfiguration(state.log)?.voters.some((vote) => storeOfVote(vote) === store) ?? false

/** A person took that store out of the group, as far as is known here. */
export const isShutOut = ({ log }: ProtocolState, store: ReplicaId): boolean =>
  wishFor(newestConfiguration(log)?.wishes, store) === 'out'

/** `slots`: how many there may be. */
export function addJoiner(members: Members, peer: ReplicaId, slots: number): boolean {
  if (members.joiners.has(peer)) return true
  if (members.joiners.size >= slots) return false
  members.joiners.add(peer)
  return true
}

export function forgetMember(members: Members, peer: ReplicaId): void {
  members.joiners.delete(peer)
  members.leavers.delete(peer)
  members.readySince.delete(peer)
}

/** The stores that a leader brings to its log: voters of any active configuration, and those who asked. */
export function fedPeers(
  state: ProtocolState,
  peers: Peers,
  members: Members,
): readonly ReplicaId[] {
  const configurations = activeConfigurations(state)
  return sortedPeers(peers)
    .filter((peer) => {
      const { id, beacon } = peer
      // A store that goes away promises no further beacon; one that only wants its vote taken out still needs the log.
      if (!isThere(peer) || beacon === undefined || beacon.nextMs === 0) return false
      return members.joiners.has(id) || isInAny(configurations, beacon.votes)
    })
    .map(({ id }) => id)
}
