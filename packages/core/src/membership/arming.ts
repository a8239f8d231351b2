/**
 * To whom a store leaves its votes when its page closes, and whether it needs to (bequest.md section 7). Decided by each store
 * for itself, every round, from the same beacons; safety does not depend on it.
 */
import { isHeard, isReached } from '../overlay/failure-detector.ts'
import type { Peer, Peers } from '../overlay/peers.ts'
import { sortedPeers } from '../overlay/peers.ts'
import { sameBallot } from '../protocol/ballot.ts'
import { activeConfigurations, isInAny } from '../protocol/configuration.ts'
import { isArmWriting } from '../protocol/estate.ts'
import type { Millis, ReplicaId, VoteId } from '../protocol/ids.ts'
import { isMajority } from '../protocol/quorum.ts'
import type { ProtocolState } from '../protocol/state.ts'
import { isAlwaysOn } from './always-on.ts'
import { ownAmong, isSound } from './voters.ts'
import type { MembershipPolicy } from './policy.ts'

export interface Circle {
  readonly state: ProtocolState
  readonly peers: Peers
  readonly now: Millis
  readonly profile: string
  readonly policy: MembershipPolicy
}

/** Without this store's votes a configuration that counts would have no majority among those who are there. */
export function isNeeded({ state, peers, now }: Circle): boolean {
  const others = new Set<VoteId>(
    sortedPeers(peers)
      .filter((peer) => isReached(peer, now) && peer.beacon?.leaving === false)
      .flatMap(({ beacon }) => beacon?.votes ?? []),
  )
  const active = activeConfigurations(state)
  return isInAny(active, state.votes) && active.some(({ voters }) => !isMajority(voters, others))
}

/** Who should get this store's votes; undefined: nobody has to. */
export function wantedHeir(circle: Circle): ReplicaId | undefined {
  const { state, policy } = circle
  // Where the configuration stays as it is, nobody could put a voter's own vote in place of one that it was left.
  if (policy.bequest === 'off' || policy.voters === 0) return undefined
  if (!isInAny(activeConfigurations(state), state.votes)) return undefined
  const fit = fitHeirs(circle)
  const [best] = fit
  const stays = isAlwaysOn(best?.beacon?.profile)
  if (policy.bequest === 'margin2') return (stays ? undefined : nextInRing(circle, fit)) ?? best?.id
  if (!isNeeded(circle)) return undefined
  const named = fit.find(({ id }) => id === state.estate.armed?.heir)
  // A disk is no place for every change of mind; but who is always on is always there to say what became of the votes.
  return stays && !isAlwaysOn(named?.beacon?.profile) ? best?.id : (named ?? best)?.id
}

/** Somebody should get this store's votes when it closes, and would not now: nobody is named yet, or not on the disk. */
export function lacksHeir(circle: Circle): boolean {
  const { policy, state } = circle
  if (policy.bequest === 'off' || policy.voters === 0 || !isNeeded(circle)) return false
  const fit = fitHeirs(circle)
  return fit.length > 0 && !isWilled(state, fit)
}

/** Closing now would stop nobody: the others can decide without this store, or its heir is on its disk, or nobody is there. */
export function mayClose(circle: Circle): boolean {
  const { state, peers, now } = circle
  if (!isNeeded(circle)) return true
  const isAlone = sortedPeers(peers).every(
    (peer) => peer.beacon === undefined || peer.beacon.leaving || !isReached(peer, now),
  )
  return isAlone || isWilled(state, fitHeirs(circle))
}

const isWilled = ({ estate }: ProtocolState, fit: readonly Peer[]): boolean =>
  !isArmWriting(estate) && fit.some(({ id }) => id === estate.armed?.heir)

/** Over a link of its own, sound, and with the log of our ballot; those always on first, then visible ones of other profiles. */
function fitHeirs({ state, peers, now, profile }: Circle): readonly Peer[] {
  const rankOf = ({ beacon }: Peer): number =>
    4 * Number(!isAlwaysOn(beacon?.profile)) +
    2 * Number(beacon?.quiet) +
    Number(profile !== '' && beacon?.profile === profile)
  return sortedPeers(peers)
    .filter(
      (peer) =>
        isHeard(peer, now) &&
        isReached(peer, now) &&
        isSound(peer) &&
        peer.beacon !== undefined &&
        peer.beacon.nextMs > 0 &&
        ownAmong(peer.beacon.votes, peer.id) !== undefined &&
        isSynced(peer, state),
    )
    .sort((a, b) => rankOf(a) - rankOf(b) || (a.id < b.id ? -1 : 1))
}

/** A leader knows it before the other one's next beacon says so. */
function isSynced({ id, beacon }: Peer, { role, accepted }: ProtocolState): boolean {
  if (role.phase === 'leading' && role.progress.get(id)?.synced === true) return true
  return beacon !== undefined && sameBallot(beacon.accepted, accepted)
}

/**
 * The live voters in a ring by their votes, each leaving to the next: of those who close at the same moment one at least has
 * an heir that stays.
 */
function nextInRing({ state }: Circle, fit: readonly Peer[]): ReplicaId | undefined {
  const active = activeConfigurations(state)
  const ring = fit
    .flatMap(({ id, beacon }) => (beacon?.votes ?? []).map((vote) => ({ id, vote })))
    .filter(({ vote }) => isInAny(active, [vote]))
    .sort((a, b) => (a.vote < b.vote ? -1 : 1))
  const own = ownAmong(state.votes, state.self) ?? state.votes[0]
  if (own === undefined) return undefined
  return (ring.find(({ vote }) => vote > own) ?? ring[0])?.id
}
