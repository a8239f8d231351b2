/** How the world looks from here, for an election: whom we reach both ways, whose votes they cast, whom they follow. */
import { isReached } from '../overlay/failure-detector.ts'
import type { Peers } from '../overlay/peers.ts'
import { sortedPeers } from '../overlay/peers.ts'
import type { Ballot } from '../protocol/ballot.ts'
import { compareBallots, sameBallot, zeroBallot } from '../protocol/ballot.ts'
import {
  activeConfigurations,
  configIndexOf,
  isInAny,
  isMajorityOfEach,
} from '../protocol/configuration.ts'
import type { Millis, ReplicaId, VoteId } from '../protocol/ids.ts'
import type { Configuration } from '../protocol/log.ts'
import type { Beacon } from '../protocol/message.ts'
import type { ProtocolState } from '../protocol/state.ts'

/** A peer to whom a way leads, and one back. */
export interface Reached {
  readonly id: ReplicaId
  readonly beacon: Beacon
}

export interface View {
  readonly configurations: readonly Configuration[]
  readonly reached: readonly Reached[]
  /** A majority of each active configuration is reached, self included. */
  readonly quorumConnected: boolean
  /** The highest ballot whose owner says that it leads or is about to; the zero ballot for none. */
  readonly followed: Ballot
  /** Frames take ways through others. */
  readonly relays: boolean
}

export function viewOf(state: ProtocolState, peers: Peers, now: Millis, relays = true): View {
  const reached: Reached[] = []
  for (const peer of sortedPeers(peers)) {
    const { id, beacon } = peer
    if (beacon !== undefined && isReached(peer, now)) reached.push({ id, beacon })
  }
  const configurations = activeConfigurations(state)
  let followed = state.role.phase === 'follower' ? zeroBallot : state.role.ballot
  for (const { beacon } of reached) {
    if (compareBallots(beacon.ballot, followed) > 0 && mayLeadUs(state, configurations, beacon)) {
      followed = beacon.ballot
    }
  }
  return {
    configurations,
    reached,
    quorumConnected: isMajorityOfEach(configurations, votesOf(state, reached)),
    followed,
    relays,
  }
}

/** A store without a vote here leads nobody here, unless it knows more than we do or has our promise already. */
function mayLeadUs(
  state: ProtocolState,
  configurations: readonly Configuration[],
  { phase, ballot, votes, configIndex }: Beacon,
): boolean {
  if (phase === 'follower') return false
  if (sameBallot(ballot, state.promised) || configIndex > configIndexOf(state.log)) return true
  return isInAny(configurations, votes)
}

/** Every vote that this store or one of `reached` may cast now. */
export function votesOf(state: ProtocolState, reached: readonly Reached[]): ReadonlySet<VoteId> {
  const votes = new Set(state.votes)
  for (const { beacon } of reached) for (const vote of beacon.votes) votes.add(vote)
  return votes
}

/** This store holds a vote that may count now. */
export const holdsVote = (
  state: ProtocolState,
  configurations: readonly Configuration[],
): boolean => isInAny(configurations, state.votes)

/** The clocks of a majority agree with ours. */
export function isWallAgreed(
  state: ProtocolState,
  peers: Peers,
  options: { readonly now: Millis; readonly skewMs: number },
): boolean {
  const agreeing = new Set(state.votes)
  for (const peer of peers.values()) {
    if (Math.abs(peer.wallOffset) > options.skewMs || !isReached(peer, options.now)) continue
    for (const vote of peer.beacon?.votes ?? []) agreeing.add(vote)
  }
  return isMajorityOfEach(activeConfigurations(state), agreeing)
}
