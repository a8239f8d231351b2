/**
 * Who holds which vote, who of them is there, and what each is worth to the group, as its leader sees them. Judges; changes
 * nothing.
 */
import { isFresh, isReached } from '../overlay/failure-detector.ts'
import type { Peer, Peers } from '../overlay/peers.ts'
import { sortedPeers } from '../overlay/peers.ts'
import type { Millis, ReplicaId, VoteId } from '../protocol/ids.ts'
import { storeOfVote } from '../protocol/ids.ts'
import { standbyStableMs } from '../protocol/limits.ts'
import type { Configuration } from '../protocol/log.ts'
import { wishFor } from '../protocol/wishes.ts'
import { newestConfiguration } from '../protocol/log.ts'
import type { Leading, ProtocolState } from '../protocol/state.ts'
import { isAlwaysOn } from './always-on.ts'
import type { Members } from './members.ts'
import type { MembershipPolicy } from './policy.ts'

export interface Surroundings {
  readonly state: ProtocolState
  readonly role: Leading
  readonly peers: Peers
  readonly members: Members
  readonly now: Millis
  readonly roundMs: number
  readonly policy: MembershipPolicy
  /** This replica's own failure domain; empty: not known. */
  readonly profile: string
  /** This replica would rather have no vote. */
  readonly standsBy: boolean
}

/** Fit to be given a vote, or to be left one. */
export const isSound = ({ beacon }: Peer): boolean =>
  beacon?.part === 'member' && beacon.storageOk && !beacon.leaving && beacon.votes.length > 0

export const newestVoters = (state: ProtocolState): readonly VoteId[] =>
  newestConfiguration(state.log)?.voters ?? []

/** The votes of those who are reached, our own included. */
export function reachedVotes({ state, peers, now }: Surroundings): ReadonlySet<VoteId> {
  const votes = sortedPeers(peers)
    .filter((peer) => isReached(peer, now))
    .flatMap(({ beacon }) => beacon?.votes ?? [])
  return new Set([...state.votes, ...votes])
}

/** The votes of those who are there at this moment, with the log of this leadership. */
export function votesThere({ state, role, peers, now }: Surroundings): ReadonlySet<VoteId> {
  const votes = sortedPeers(peers)
    .filter(
      (peer) =>
        isReached(peer, now) && isFresh(peer, now) && (role.progress.get(peer.id)?.synced ?? false),
    )
    .flatMap(({ beacon }) => beacon?.votes ?? [])
  return new Set([...state.votes, ...votes])
}

/** The store that cast the vote when anybody last heard of it. */
export function holderOf({ state, members }: Surroundings, vote: VoteId): ReplicaId {
  if (state.votes.includes(vote)) return state.self
  return members.holders.get(vote) ?? storeOfVote(vote)
}

/** The vote that a store was born with, or got in its place: the one that bears its name. */
export const ownAmong = (votes: readonly VoteId[], store: ReplicaId): VoteId | undefined =>
  votes.find((vote) => storeOfVote(vote) === store)

/** The failure domain of a store; a store whose domain is not known is one of its own. */
function domainOf({ state, peers, profile }: Surroundings, store: ReplicaId): string {
  const known = store === state.self ? profile : peers.get(store)?.beacon?.profile
  return known === undefined || known === '' ? store : known
}

const domainsOf = (surroundings: Surroundings, votes: readonly VoteId[]): readonly string[] =>
  votes.map((vote) => domainOf(surroundings, holderOf(surroundings, vote)))

/** Standbys that proved themselves, longest first. */
export function readyStandbys(
  surroundings: Surroundings,
  current: Configuration,
): readonly VoteId[] {
  const provenMs = current.voters.length < 3 ? 2 * surroundings.roundMs : standbyStableMs
  return syncedStandbys(surroundings, current, provenMs)
}

/** Standbys that have been synced and reached for so long, longest first. */
export function syncedStandbys(
  { members, peers, now, state }: Surroundings,
  current: Configuration,
  provenMs = 0,
): readonly VoteId[] {
  return [...members.readySince]
    .filter(([store, since]) => now - since >= provenMs && store !== state.self)
    .sort(([a, sinceA], [b, sinceB]) => sinceA - sinceB || (a < b ? -1 : 1))
    .flatMap(([store]) => ownAmong(peers.get(store)?.beacon?.votes ?? [], store) ?? [])
    .filter((vote) => !current.voters.includes(vote) && isWelcome(current, vote))
}

/** A person took its store out, or its vote: it gets none by itself. */
export function isWelcome({ wishes }: Configuration, vote: VoteId): boolean {
  const wish = wishFor(wishes, storeOfVote(vote))
  return wish === undefined || wish === 'voter'
}

/** A person gave it its vote. */
export const isChosen = ({ wishes }: Configuration, vote: VoteId): boolean =>
  wishFor(wishes, storeOfVote(vote)) === 'voter'

/** Its holder does not go when somebody closes a window. */
export const isKeptOn = (surroundings: Surroundings, vote: VoteId): boolean =>
  isAlwaysOn(domainOf(surroundings, holderOf(surroundings, vote)))

/**
 * The first `count` of `ready`, those of other domains than `beside` and each other before the rest, and among them those that
 * are always on.
 */
export function pick(
  surroundings: Surroundings,
  ready: readonly VoteId[],
  { beside, count }: { readonly beside: readonly VoteId[]; readonly count: number },
): readonly VoteId[] {
  const domains = new Set(domainsOf(surroundings, beside))
  const [distinct, same]: [VoteId[], VoteId[]] = [[], []]
  const isKept = (vote: VoteId): boolean => isKeptOn(surroundings, vote)
  const inOrder = [...ready.filter(isKept), ...ready.filter((vote) => !isKept(vote))]
  for (const vote of inOrder) {
    const domain = domainOf(surroundings, holderOf(surroundings, vote))
    if (domains.has(domain)) same.push(vote)
    else distinct.push(vote)
    domains.add(domain)
  }
  return [...distinct, ...same].slice(0, Math.max(0, count))
}

/**
 * Not there, then one that no person chose, then beside another one of its domain, then one that is not always on, then quiet,
 * then the last that came; never this leader's own.
 */
export function leastWorth(
  surroundings: Surroundings,
  current: Configuration,
  voters: readonly VoteId[],
): VoteId | undefined {
  const { state, peers } = surroundings
  const there = votesThere(surroundings)
  const twin = twinsAmong(surroundings, voters)
  const isQuiet = (vote: VoteId): boolean =>
    peers.get(holderOf(surroundings, vote))?.beacon?.quiet ?? false
  return voters
    .filter((vote) => !state.votes.includes(vote))
    .sort(
      (a, b) =>
        Number(there.has(a)) - Number(there.has(b)) ||
        Number(isChosen(current, a)) - Number(isChosen(current, b)) ||
        Number(twin.has(b)) - Number(twin.has(a)) ||
        Number(isKeptOn(surroundings, a)) - Number(isKeptOn(surroundings, b)) ||
        Number(isQuiet(b)) - Number(isQuiet(a)) ||
        (current.joins[b] ?? Infinity) - (current.joins[a] ?? Infinity) ||
        (a < b ? 1 : -1),
    )[0]
}

/** The votes that are not alone in their domain. */
export function twinsAmong(
  surroundings: Surroundings,
  voters: readonly VoteId[],
): ReadonlySet<VoteId> {
  const domains = domainsOf(surroundings, voters)
  return new Set(
    voters.filter((_vote, at) => domains.filter((other) => other === domains[at]).length > 1),
  )
}
