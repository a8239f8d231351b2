/**
 * Which configuration the group should have next, if any (protocol.md section 10): let go who left, swap who died for a
 * standby, grow by two ready standbys at a time towards the target, spread the votes over failure domains and to members that
 * are always on, and keep the number of voters odd. Several changes go into one entry.
 */
import type { VoteId } from '../protocol/ids.ts'
import { configPauseMs, involuntaryPauseMs } from '../protocol/limits.ts'
import type { Configuration } from '../protocol/log.ts'
import { isMajority, majoritySize } from '../protocol/quorum.ts'
import { lacksHeir } from './arming.ts'
import type { Gone } from './departures.ts'
import { goneVoters, lentVotes } from './departures.ts'
import type { Surroundings } from './voters.ts'
import {
  holderOf,
  isChosen,
  isKeptOn,
  isWelcome,
  leastWorth,
  ownAmong,
  pick,
  readyStandbys,
  twinsAmong,
  votesThere,
} from './voters.ts'

/** The voters that should govern next; undefined: leave all as it is. */
export function nextVoters(surroundings: Surroundings): readonly VoteId[] | undefined {
  const { state } = surroundings
  const current = state.log.configurations.at(-1)
  if (surroundings.policy.voters === 0 || current === undefined) return undefined
  const gone = goneVoters(surroundings, current)
  if (!mayConfigure(surroundings, current, gone.urgent)) return undefined
  const voters = proposal(surroundings, current, gone)
  if (voters === undefined || voters.length === 0) return undefined
  const sorted = [...voters].sort()
  if (sorted.join() === current.voters.join()) return undefined
  // From then on nobody could decide without this store: first its disk says who gets its votes.
  if (sorted.every((vote) => state.votes.includes(vote)) && lacksHeir(surroundings))
    return undefined
  const there = votesThere(surroundings)
  // The pre-check: a configuration whose majorities are not there now would only block the pipeline.
  return isMajority(current.voters, there) && isMajority(sorted, there) ? sorted : undefined
}

/** One change at a time, and only after an entry of this leadership is decided. */
export const isBetweenChanges = ({ state, role }: Surroundings, current: Configuration): boolean =>
  role.gate === undefined && state.decidedEnd > role.firstIndex && current.index < state.decidedEnd

/** Not too often, unless it is urgent. */
function mayConfigure(
  surroundings: Surroundings,
  current: Configuration,
  urgent: boolean,
): boolean {
  if (!isBetweenChanges(surroundings, current)) return false
  const { role, now } = surroundings
  return urgent || current.index < role.firstIndex || now - role.configuredAt >= configPauseMs
}

function proposal(
  surroundings: Surroundings,
  current: Configuration,
  gone: Gone,
): readonly VoteId[] | undefined {
  const ready = [...heirsOf(surroundings, current), ...readyStandbys(surroundings, current)]
  if (gone.departed.length + gone.silent.length > 0) {
    return withoutGone(surroundings, current, { gone, ready })
  }
  // While somebody is missing, nobody knows yet whether it is a seat to fill or one to wait for.
  const there = votesThere(surroundings)
  if (!current.voters.every((vote) => there.has(vote))) return undefined
  const larger = grown(surroundings, current, ready)
  if (larger !== undefined || isShaken(surroundings, current)) return larger
  return spread(surroundings, current, ready) ?? anchored(surroundings, current, ready)
}

/** Who casts somebody else's vote may cast one of its own instead. */
function heirsOf(surroundings: Surroundings, current: Configuration): readonly VoteId[] {
  const { state, peers } = surroundings
  const own = lentVotes(surroundings, current).flatMap((vote) => {
    const holder = holderOf(surroundings, vote)
    const votes = holder === state.self ? state.votes : (peers.get(holder)?.beacon?.votes ?? [])
    return ownAmong(votes, holder) ?? []
  })
  return [...new Set(own)].filter(
    (vote) => !current.voters.includes(vote) && isWelcome(current, vote),
  )
}

function grown(
  surroundings: Surroundings,
  current: Configuration,
  ready: readonly VoteId[],
): readonly VoteId[] | undefined {
  const { policy } = surroundings
  const target = Math.min(policy.voters, current.voters.length + ready.length)
  const size = policy.odd && target % 2 === 0 ? target - 1 : target
  if (size <= current.voters.length) return undefined
  const count = size - current.voters.length
  return [...current.voters, ...pick(surroundings, ready, { beside: current.voters, count })]
}

/** A voter that shares its domain with another one gives its place to a standby of a domain that has none. */
function spread(
  surroundings: Surroundings,
  current: Configuration,
  ready: readonly VoteId[],
): readonly VoteId[] | undefined {
  const twins = [...twinsAmong(surroundings, current.voters)]
  const unchosen = twins.filter((vote) => !isChosen(current, vote))
  const least = leastWorth(surroundings, current, unchosen)
  const [standby] = pick(surroundings, ready, { beside: current.voters, count: 1 })
  if (least === undefined || standby === undefined) return undefined
  const voters = [...current.voters.filter((vote) => vote !== least), standby]
  return twinsAmong(surroundings, voters).size < twins.length ? voters : undefined
}

/** A voter that may be closed at any time gives its place to a standby that is always on, if no domain has more votes then. */
function anchored(
  surroundings: Surroundings,
  current: Configuration,
  ready: readonly VoteId[],
): readonly VoteId[] | undefined {
  const isKept = (vote: VoteId): boolean => isKeptOn(surroundings, vote)
  const passing = current.voters.filter((vote) => !isKept(vote) && !isChosen(current, vote))
  const least = leastWorth(surroundings, current, passing)
  const anchors = ready.filter(isKept)
  const [standby] = pick(surroundings, anchors, { beside: current.voters, count: 1 })
  if (least === undefined || standby === undefined) return undefined
  const voters = [...current.voters.filter((vote) => vote !== least), standby]
  const twins = (some: readonly VoteId[]): number => twinsAmong(surroundings, some).size
  return twins(voters) <= twins(current.voters) ? voters : undefined
}

/** A change shakes links and timers: nobody is taken out for another one soon after. */
const isShaken = ({ role, now }: Surroundings, current: Configuration): boolean =>
  current.index >= role.firstIndex && now - role.configuredAt < involuntaryPauseMs

/** Standbys take the places; what then is still even gives up the vote that is worth least. */
function withoutGone(
  surroundings: Surroundings,
  current: Configuration,
  { gone, ready }: { gone: Gone; ready: readonly VoteId[] },
): readonly VoteId[] | undefined {
  const { policy } = surroundings
  const { departed, silent, lost } = gone
  const swappable = silent.slice(0, Math.max(0, ready.length - departed.length))
  const out = [...new Set([...departed, ...swappable, ...lost])]
  const voters = shrunk(surroundings, current, { out, ready })
  if (lost.size > 0 && voters.length < current.voters.length) {
    if (voters.length >= policy.minVoters && hasSpare(surroundings, voters)) return voters
    return withoutGone(surroundings, current, { gone: { ...gone, lost: new Set() }, ready })
  }
  const floor = policy.allowShrinkToOne ? 1 : Math.min(policy.minVoters, current.voters.length)
  if (voters.length >= floor) return voters
  // Too few would be left: only as many go as others take the places of.
  const swapped = [...departed, ...swappable].slice(0, ready.length)
  return swapped.length === 0 ? undefined : shrunk(surroundings, current, { out: swapped, ready })
}

function shrunk(
  surroundings: Surroundings,
  current: Configuration,
  { out, ready }: { out: readonly VoteId[]; ready: readonly VoteId[] },
): readonly VoteId[] {
  const staying = current.voters.filter((vote) => !out.includes(vote))
  const voters = [...staying, ...pick(surroundings, ready, { beside: staying, count: out.length })]
  if (!surroundings.policy.odd || voters.length % 2 === 1) return voters
  const least = leastWorth(surroundings, current, voters)
  return voters.filter((vote) => vote !== least)
}

/** One of them may fail at once, and the others still decide. */
function hasSpare(surroundings: Surroundings, voters: readonly VoteId[]): boolean {
  const there = votesThere(surroundings)
  return voters.filter((vote) => there.has(vote)).length >= majoritySize(voters) + 1
}
