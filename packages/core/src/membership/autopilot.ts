/**
 * Which configuration the group should have next, if any (protocol.md section 10): grow by two ready standbys at a time
 * towards the target, swap who left or died for a standby, and keep the number of voters odd.
 */
import { isFresh, isReached } from '../overlay/failure-detector.ts'
import type { Peer, Peers } from '../overlay/peers.ts'
import { sortedPeers } from '../overlay/peers.ts'
import type { Millis, ReplicaId, VoteId } from '../protocol/ids.ts'
import { ownVote, storeOfVote } from '../protocol/ids.ts'
import { configPauseMs, replaceAfterMs, standbyStableMs } from '../protocol/limits.ts'
import type { Configuration } from '../protocol/log.ts'
import { isMajority } from '../protocol/quorum.ts'
import type { Leading, ProtocolState } from '../protocol/state.ts'
import type { Members } from './members.ts'

export interface Surroundings {
  readonly state: ProtocolState
  readonly role: Leading
  readonly peers: Peers
  readonly members: Members
  readonly now: Millis
  readonly roundMs: number
  /** How many voters the group should grow to. */
  readonly voters: number
}

/** Keeps the clocks of readiness and absence going; once a round. */
export function observeMembers({ state, role, peers, members, now }: Surroundings): void {
  const votes = newestVoters(state)
  for (const peer of sortedPeers(peers)) {
    const synced = role.progress.get(peer.id)?.synced ?? false
    const standby = synced && !votes.includes(ownVote(peer.id))
    const ready = standby && isReached(peer, now) && isSound(peer)
    if (!ready) members.readySince.delete(peer.id)
    else if (!members.readySince.has(peer.id)) members.readySince.set(peer.id, now)
  }
  const reached = reachedVotes(state, peers, now)
  for (const vote of votes) {
    if (reached.has(vote)) members.downSince.delete(vote)
    else if (!members.downSince.has(vote)) members.downSince.set(vote, now)
  }
  for (const vote of members.downSince.keys()) {
    if (!votes.includes(vote)) members.downSince.delete(vote)
  }
}

const isSound = ({ beacon }: Peer): boolean =>
  beacon !== undefined && beacon.storageOk && !beacon.leaving && beacon.votes.length > 0

const newestVoters = (state: ProtocolState): readonly VoteId[] =>
  state.log.configurations.at(-1)?.voters ?? []

function reachedVotes(state: ProtocolState, peers: Peers, now: Millis): ReadonlySet<VoteId> {
  const votes = sortedPeers(peers)
    .filter((peer) => isReached(peer, now))
    .flatMap(({ beacon }) => beacon?.votes ?? [])
  return new Set([...state.votes, ...votes])
}

/** The voters that should govern next; undefined: leave all as it is. */
export function nextVoters(surroundings: Surroundings): readonly VoteId[] | undefined {
  const current = surroundings.state.log.configurations.at(-1)
  if (surroundings.voters === 0 || current === undefined) return undefined
  if (!mayConfigure(surroundings, current)) return undefined
  const voters = proposal(surroundings, current)
  if (voters === undefined || voters.length === 0) return undefined
  const sorted = [...voters].sort()
  if (sorted.join() === current.voters.join()) return undefined
  const there = votesThere(surroundings)
  // The pre-check: a configuration whose majorities are not there now would only block the pipeline.
  return isMajority(current.voters, there) && isMajority(sorted, there) ? sorted : undefined
}

/** The votes of those who are there at this moment, with the log of this leadership. */
function votesThere({ state, role, peers, now }: Surroundings): ReadonlySet<VoteId> {
  const votes = sortedPeers(peers)
    .filter(
      (peer) =>
        isReached(peer, now) && isFresh(peer, now) && (role.progress.get(peer.id)?.synced ?? false),
    )
    .flatMap(({ beacon }) => beacon?.votes ?? [])
  return new Set([...state.votes, ...votes])
}

/** One change at a time, after an entry of this leadership is decided, and not too often. */
function mayConfigure(surroundings: Surroundings, current: Configuration): boolean {
  const { state, role, now } = surroundings
  if (role.gate !== undefined || state.decidedEnd <= role.firstIndex) return false
  if (current.index >= state.decidedEnd) return false
  return current.index < role.firstIndex || now - role.configuredAt >= configPauseMs
}

function proposal(
  surroundings: Surroundings,
  current: Configuration,
): readonly VoteId[] | undefined {
  const ready = readyStandbys(surroundings, current)
  const gone = goneVoters(surroundings, current, ready.length)
  if (gone.length > 0) return withoutGone(surroundings, current, { gone, ready })
  const target = Math.min(surroundings.voters, current.voters.length + ready.length)
  const grown = target % 2 === 1 ? target : target - 1
  if (grown <= current.voters.length) return undefined
  return [...current.voters, ...ready.slice(0, grown - current.voters.length)]
}

/** Standbys that proved themselves, longest first. */
function readyStandbys(
  { members, now, roundMs, state }: Surroundings,
  current: Configuration,
): readonly VoteId[] {
  const provenMs = current.voters.length < 3 ? 2 * roundMs : standbyStableMs
  return [...members.readySince]
    .filter(([store, since]) => now - since >= provenMs && store !== state.self)
    .sort(([a, sinceA], [b, sinceB]) => sinceA - sinceB || (a < b ? -1 : 1))
    .map(([store]) => ownVote(store))
}

/** Those who asked to leave at once; the dead only when somebody is there to take their place. */
function goneVoters(
  { state, members, now }: Surroundings,
  current: Configuration,
  replacements: number,
): readonly VoteId[] {
  const leaving = current.voters.filter((vote) => {
    const store = storeOfVote(vote)
    return members.leavers.has(store) || (store === state.self && members.leaving)
  })
  const dead = current.voters.filter((vote) => {
    const since = members.downSince.get(vote)
    return since !== undefined && now - since >= replaceAfterMs && !leaving.includes(vote)
  })
  return [...leaving, ...dead.slice(0, Math.max(0, replacements - leaving.length))]
}

/** Standbys take the places; what then is still even gives up the vote that is worth least. */
function withoutGone(
  surroundings: Surroundings,
  current: Configuration,
  { gone, ready }: { gone: readonly VoteId[]; ready: readonly VoteId[] },
): readonly VoteId[] {
  const staying = current.voters.filter((vote) => !gone.includes(vote))
  const voters = [...staying, ...ready.slice(0, gone.length)]
  if (voters.length % 2 === 1) return voters
  const least = leastWorth(surroundings, current, voters)
  return voters.filter((vote) => vote !== least)
}

/** Not there, then quiet, then the last that came. This leader's own vote goes only when it asked for that. */
function leastWorth(
  surroundings: Surroundings,
  current: Configuration,
  voters: readonly VoteId[],
): VoteId | undefined {
  const { state, peers } = surroundings
  const there = votesThere(surroundings)
  const isQuiet = (vote: VoteId): boolean => peers.get(storeOfVote(vote))?.beacon?.quiet ?? false
  return voters
    .filter((vote) => !state.votes.includes(vote))
    .sort(
      (a, b) =>
        Number(there.has(a)) - Number(there.has(b)) ||
        Number(isQuiet(b)) - Number(isQuiet(a)) ||
        (current.joins[b] ?? Infinity) - (current.joins[a] ?? Infinity) ||
        (a < b ? 1 : -1),
    )[0]
}

/** The synced voter that should lead when this leader goes: the one that holds most. */
export function bestSuccessor(surroundings: Surroundings): ReplicaId | undefined {
  const { state, role, peers, now } = surroundings
  const voters = newestVoters(state)
  const fit = sortedPeers(peers).filter(
    (peer) =>
      isReached(peer, now) &&
      (peer.beacon?.votes.some((vote) => voters.includes(vote)) ?? false) &&
      (role.progress.get(peer.id)?.synced ?? false),
  )
  const best = fit.sort(
    (a, b) =>
      // The last voters may all want to leave: one of them has to lead until others take their places.
      Number(isSound(b)) - Number(isSound(a)) ||
      Number(a.beacon?.quiet) - Number(b.beacon?.quiet) ||
      (role.progress.get(b.id)?.ackedEnd ?? 0) - (role.progress.get(a.id)?.ackedEnd ?? 0) ||
      (a.id < b.id ? -1 : 1),
  )[0]
  return best?.id
}
