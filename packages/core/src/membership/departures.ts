/**
 * Which voters are gone, and how: asked to be let go, or to have no vote, closed their page, fell silent. The leader keeps a clock for each; a
 * page that closes may be reloading, a silent one may only be slow (protocol.md section 10).
 */
import { isReached } from '../overlay/failure-detector.ts'
import type { Peer } from '../overlay/peers.ts'
import { sortedPeers } from '../overlay/peers.ts'
import type { Millis, VoteId } from '../protocol/ids.ts'
import { storeOfVote } from '../protocol/ids.ts'
import { involuntaryPauseMs, removeAfterMs, returnMs } from '../protocol/limits.ts'
import type { Configuration } from '../protocol/log.ts'
import { isMajority } from '../protocol/quorum.ts'
import type { ProtocolState } from '../protocol/state.ts'
import { holdsNewestVote } from './members.ts'
import type { Surroundings } from './voters.ts'
import { runsMachine } from './machine-versions.ts'
import { holderOf, isSound, newestVoters, reachedVotes } from './voters.ts'

/** Keeps the clocks of readiness and absence going; once a round. */
export function observeMembers(surroundings: Surroundings): void {
  const { state, role, peers, members, now } = surroundings
  const votes = newestVoters(state)
  for (const peer of sortedPeers(peers)) {
    const synced = role.progress.get(peer.id)?.synced ?? false
    const standby = synced && !holdsNewestVote(state, peer.beacon?.votes ?? [])
    const reached = isReached(peer, now)
    const ready = standby && reached && isFit(state, peer)
    if (!ready) members.readySince.delete(peer.id)
    else if (!members.readySince.has(peer.id)) members.readySince.set(peer.id, now)
    if (reached) for (const vote of peer.beacon?.votes ?? []) members.holders.set(vote, peer.id)
  }
  const reached = reachedVotes(surroundings)
  // A page that freezes promises no further beacon either, but comes back without having been away.
  const isClosed = (vote: VoteId): boolean => {
    const beacon = peers.get(holderOf(surroundings, vote))?.beacon
    return beacon !== undefined && beacon.nextMs === 0 && beacon.leaving
  }
  keep(
    members.downSince,
    votes.filter((vote) => !reached.has(vote)),
    now,
  )
  keep(
    members.closedSince,
    votes.filter((vote) => !reached.has(vote) && isClosed(vote)),
    now,
  )
  for (const vote of members.holders.keys()) {
    if (!votes.includes(vote) && !reached.has(vote)) members.holders.delete(vote)
  }
}

/** A page that lacks what the group runs stores and votes like any other, but is given no vote before it is loaded anew. */
const isFit = (state: ProtocolState, peer: Peer): boolean =>
  isSound(peer) && runsMachine(state, peer.beacon?.machine ?? [])

/** Those who are in `votes` keep their beginning, or get this moment as theirs; the others lose it. */
function keep(since: Map<VoteId, Millis>, votes: readonly VoteId[], now: Millis): void {
  for (const vote of since.keys()) if (!votes.includes(vote)) since.delete(vote)
  for (const vote of votes) if (!since.has(vote)) since.set(vote, now)
}

export interface Gone {
  /** By their own will: taken out whether or not somebody takes their places. */
  readonly departed: readonly VoteId[]
  /** Silent, and to be swapped, or taken out if a spare is left. */
  readonly silent: readonly VoteId[]
  /** Silent for so long that they go though nobody takes their places. */
  readonly lost: ReadonlySet<VoteId>
  /** One more loss would cost the majority: what departed goes now, whenever the last change was. */
  readonly urgent: boolean
}

export function goneVoters(surroundings: Surroundings, current: Configuration): Gone {
  const { state, role, peers, members, policy, now, standsBy } = surroundings
  const asked = current.voters.filter((vote) => {
    const store = holderOf(surroundings, vote)
    if (store === state.self) return members.leaving || standsBy
    return members.leavers.has(store) || peers.get(store)?.beacon?.part === 'standby'
  })
  const critical = isCritical(surroundings, current)
  const closed = current.voters.filter((vote) => {
    const since = members.closedSince.get(vote)
    return since !== undefined && (critical || now - since >= returnMs)
  })
  const lent = lentVotes(surroundings, current)
  const departed = [...new Set([...lent, ...asked, ...closed])]
  const settled = current.index < role.firstIndex || now - role.configuredAt >= involuntaryPauseMs
  const silentMs = (vote: VoteId): number => now - (members.downSince.get(vote) ?? now)
  const silent = current.voters.filter(
    (vote) => settled && silentMs(vote) >= policy.replaceAfterMs && !departed.includes(vote),
  )
  const lost = new Set(silent.filter((vote) => silentMs(vote) >= removeAfterMs))
  return { departed, silent, lost, urgent: (critical && departed.length > 0) || lent.length > 0 }
}

/** Votes that somebody else casts than whose name they bear: several of them may lie on one disk, so they go first. */
export function lentVotes(
  surroundings: Surroundings,
  { voters }: Configuration,
): readonly VoteId[] {
  const reached = reachedVotes(surroundings)
  return voters.filter(
    (vote) => reached.has(vote) && holderOf(surroundings, vote) !== storeOfVote(vote),
  )
}

/** With one voter less than are reached now, the group could not decide. */
function isCritical(surroundings: Surroundings, { voters }: Configuration): boolean {
  const reached = reachedVotes(surroundings)
  const live = voters.filter((vote) => reached.has(vote))
  return !isMajority(voters, new Set(live.slice(1)))
}
