/** What a replica tells people about itself. Reads the state, changes nothing. */
import { isReached } from '../overlay/failure-detector.ts'
import { isThere, sortedPeers } from '../overlay/peers.ts'
import { sortedChildren } from '../overlay/tree.ts'
import type { Ballot } from '../protocol/ballot.ts'
import { isZeroBallot } from '../protocol/ballot.ts'
import type { GroupId, Incarnation, Index, Millis, ReplicaId, VoteId } from '../protocol/ids.ts'
import { logEnd, newestConfiguration } from '../protocol/log.ts'
import { isArmWriting, isUnresolved } from '../protocol/estate.ts'
import { majoritySize } from '../protocol/quorum.ts'
import { compareCopies } from '../protocol/copy.ts'
import type { Beacon } from '../protocol/message.ts'
import { decidedConfiguration } from '../protocol/configuration.ts'
import { rotationsIn } from '../protocol/rotation.ts'
import type { Wish } from '../protocol/wishes.ts'
import { wishFor } from '../protocol/wishes.ts'
import { mayClose } from '../membership/arming.ts'
import { holdsNewestVote, isShutOut } from '../membership/members.ts'
import type { MachineStatus } from './machine-version.ts'
import { machineStatus, whyLacking, whyOlder } from './machine-version.ts'
import type { ReplicaState } from './state.ts'
import { circleOf } from './will.ts'

/** How much part a replica takes in the group (protocol.md section 8). */
export type Rung = 'leader' | 'voter' | 'quiet voter' | 'standby' | 'observer' | 'client'

/** How another replica of the group looks from here. */
export interface PeerStatus {
  readonly id: ReplicaId
  readonly rung: Rung
  /** It hears us and we hear it, directly or through others. */
  readonly reached: boolean
  /** Through whom frames to it go; none: directly, or nobody knows how. */
  readonly via: readonly ReplicaId[]
  readonly ballot: Ballot
  readonly logEnd: Index
  readonly decidedEnd: Index
}

/** Who feeds whom, as far as this replica takes part in it. */
export interface FeedingStatus {
  /** Through whom the leader's word comes to this observer, last whoever feeds it; empty for members, and while nobody does. */
  readonly path: readonly ReplicaId[]
  /** The observers that this replica feeds, in order of id, and how many are fed through each of them. */
  readonly fed: readonly { readonly id: ReplicaId; readonly below: number }[]
}

/** After so long people are told that a vote waits for somebody. */
const waitToldMs = 5000

/** How a replica sees itself and the group, at one moment. */
export interface ReplicaStatus {
  readonly self: ReplicaId
  readonly incarnation: Incarnation
  readonly group: GroupId | undefined
  /** How often the group was begun anew from one copy, because a majority was gone for good. */
  readonly epoch: number
  /** `joining`: in no group yet. `catchingUp`: in one, without its log. `noLeader`: no leader makes progress as far as we see. */
  readonly phase: 'joining' | 'catchingUp' | 'noLeader' | 'ready'
  readonly rung: Rung
  /** Whom this replica follows; undefined for nobody. */
  readonly leader: ReplicaId | undefined
  /** For how long nothing was heard of that leader here, in milliseconds; 0 while nobody is followed. */
  readonly lagMs: number
  readonly feeding: FeedingStatus
  /** The ballot that this replica last promised. */
  readonly ballot: Ballot
  readonly logEnd: Index
  readonly decidedEnd: Index
  /** By the newest configuration in this log. */
  readonly voters: readonly VoteId[]
  readonly votersNeeded: number
  readonly votersReached: number
  readonly peers: readonly PeerStatus[]
  /** Linked peers that said that they are in no group yet. */
  readonly newcomers: readonly ReplicaId[]
  /** Those of them that would only watch. */
  readonly watchers: readonly ReplicaId[]
  /** Who gets this store's votes when its page closes now. */
  readonly heir: ReplicaId | undefined
  /** Who has to say whether it got this store's votes, before they can be cast again. */
  readonly waitsForHeir: ReplicaId | undefined
  /** Closing now would stop nobody: the others can decide, or the heir is on the disk, or nobody is there. */
  readonly mayClose: boolean
  /** Who is in touch and holds a better copy of the group than this store: it should be asked to begin anew, if anybody must. */
  readonly betterCopy: ReplicaId | undefined
  readonly machine: MachineStatus
  /** Whom people took out of the group, and whose vote, as far as is known here. */
  readonly shutOut: readonly ReplicaId[]
  /** How often the group changed its secret, as far as is decided here. */
  readonly rotations: number
  readonly demoted: readonly ReplicaId[]
  /** One sentence for people, when something is not as it should be. */
  readonly why: string | undefined
}

export function statusOf(replica: ReplicaState, now: Millis): ReplicaStatus {
  const { protocol, view, options, group } = replica
  const voters = newestConfiguration(protocol.log)?.voters ?? []
  const live = new Set<VoteId>([
    ...protocol.votes,
    ...view.reached.flatMap(({ beacon }) => beacon.votes),
  ])
  const reachedCount = voters.filter((vote) => live.has(vote)).length
  const needed = voters.length === 0 ? 0 : majoritySize(voters)
  const phase = phaseOf(replica)
  const machine = machineStatus(replica, now)
  return {
    self: options.self,
    incarnation: options.incarnation,
    group: group?.id,
    epoch: group?.epoch.number ?? 0,
    phase,
    rung: rungOf(replica),
    leader: isZeroBallot(view.followed) ? undefined : view.followed.node,
    lagMs: lagMsOf(replica, now),
    feeding: feedingOf(replica),
    ballot: protocol.promised,
    logEnd: logEnd(protocol.log),
    decidedEnd: protocol.decidedEnd,
    voters,
    votersNeeded: needed,
    votersReached: reachedCount,
    peers: peersOf(replica, now),
    ...newcomersOf(replica),
    ...willOf(replica),
    mayClose: mayClose(circleOf({ replica, now })),
    betterCopy: betterCopy(replica),
    machine,
    ...appointedIn(replica),
    rotations: rotationsIn(decidedConfiguration(protocol)),
    why:
      whyLacking(machine) ??
      whyShutOut(replica) ??
      whyBelow(replica, now) ??
      whyOf(phase, needed, reachedCount) ??
      whyWaits(replica, now) ??
      whyOlder(machine) ??
      whyDemoted(replica) ??
      whyStillVotes(replica),
  }
}

function lagMsOf({ protocol, peers, view, tree }: ReplicaState, now: Millis): number {
  if (protocol.role.phase !== 'follower') return 0
  const { observing } = protocol
  const heardAt = observing === undefined ? peers.get(view.followed.node)?.lastAt : tree.word?.at
  return heardAt === undefined ? 0 : Math.max(0, Math.round(now - heardAt))
}

function feedingOf({ protocol, tree }: ReplicaState): FeedingStatus {
  const isFed = protocol.observing !== undefined && tree.feeder !== undefined
  return {
    path: isFed ? tree.path : [],
    fed: sortedChildren(tree).map(([id, { below }]) => ({ id, below })),
  }
}

/** So much is nothing to speak of: the leader's word comes down once a second. */
const lagToldMs = 2000

/** What there is to say to who only observes. */
function whyBelow(replica: ReplicaState, now: Millis): string | undefined {
  const { protocol, tree, group, options } = replica
  if (group === undefined || protocol.observing === undefined) return undefined
  const rung = options.role === 'client' ? 'a client' : 'an observer'
  if (tree.feeder === undefined) return `You are ${rung}: looking for a tab that has room for you.`
  const lagMs = lagMsOf(replica, now)
  if (logEnd(protocol.log) === 0 || lagMs < lagToldMs) return undefined
  return `You are ${rung}: ${Math.round(lagMs / 1000)} s behind.`
}

function appointedIn({ protocol }: ReplicaState): Pick<ReplicaStatus, 'shutOut' | 'demoted'> {
  const wishes = newestConfiguration(protocol.log)?.wishes ?? []
  const those = (wanted: Wish): readonly ReplicaId[] =>
    wishes.filter(({ wish }) => wish === wanted).map(({ store }) => store)
  return { shutOut: those('out'), demoted: those('standby') }
}

function whyShutOut({ protocol }: ReplicaState): string | undefined {
  if (!isShutOut(protocol, protocol.self)) return undefined
  return 'A person removed this tab from the group: it only watches. Any tab can let it in again.'
}

function whyDemoted({ protocol }: ReplicaState): string | undefined {
  const wish = wishFor(newestConfiguration(protocol.log)?.wishes, protocol.self)
  if (wish !== 'standby') return undefined
  return 'A person took this tab’s vote: it stands by. Any tab can let it vote again.'
}

function whyStillVotes({ protocol, options }: ReplicaState): string | undefined {
  if (options.role !== 'standby' || !holdsNewestVote(protocol, protocol.votes)) return undefined
  return 'You asked for no vote: you have one until another tab takes it over.'
}

function newcomersOf({ peers }: ReplicaState): Pick<ReplicaStatus, 'newcomers' | 'watchers'> {
  const newcomers = sortedPeers(peers).filter(
    ({ linked, heard, group }) => linked && heard && group === undefined,
  )
  return {
    newcomers: newcomers.map(({ id }) => id),
    watchers: newcomers.filter(({ watches }) => watches).map(({ id }) => id),
  }
}

function phaseOf({ group, protocol, election }: ReplicaState): ReplicaStatus['phase'] {
  if (group === undefined) return 'joining'
  if (logEnd(protocol.log) === 0 || protocol.staging !== undefined) return 'catchingUp'
  return election.happy ? 'ready' : 'noLeader'
}

function rungOf({ protocol, hidden, options }: ReplicaState): Rung {
  if (protocol.observing !== undefined) return options.role === 'client' ? 'client' : 'observer'
  if (protocol.role.phase === 'leading') return 'leader'
  if (holdsNewestVote(protocol, protocol.votes)) return hidden ? 'quiet voter' : 'voter'
  return logEnd(protocol.log) > 0 ? 'standby' : 'observer'
}

function peersOf(replica: ReplicaState, now: Millis): readonly PeerStatus[] {
  const { protocol } = replica
  return sortedPeers(replica.peers).flatMap((peer) => {
    const { id, beacon } = peer
    if (beacon === undefined || !isThere(peer)) return []
    const votes = holdsNewestVote(protocol, beacon.votes)
    const voter = beacon.quiet ? 'quiet voter' : 'voter'
    return [
      {
        id,
        rung: beacon.phase === 'leading' ? 'leader' : votes ? voter : idleRung(beacon),
        reached: isReached(peer, now),
        via: peer.via ?? [],
        ballot: beacon.followed,
        logEnd: beacon.logEnd,
        decidedEnd: beacon.decidedEnd,
      } satisfies PeerStatus,
    ]
  })
}

function idleRung({ part, logEnd: end }: Beacon): Rung {
  if (part === 'observer' || part === 'client') return part
  return end > 0 ? 'standby' : 'observer'
}

function betterCopy({ protocol, peers }: ReplicaState): ReplicaId | undefined {
  const copies = sortedPeers(peers).flatMap((peer) => {
    const { id, beacon } = peer
    return beacon !== undefined && isThere(peer) ? [{ id, ...beacon }] : []
  })
  const { accepted, log } = protocol
  const ours = { accepted, logEnd: logEnd(log) }
  const better = copies.filter((copy) => compareCopies(copy, ours) > 0)
  return better.sort((a, b) => compareCopies(b, a))[0]?.id
}

function willOf({ protocol }: ReplicaState): Pick<ReplicaStatus, 'heir' | 'waitsForHeir'> {
  const { estate, incarnation } = protocol
  const waits = isUnresolved(estate, incarnation)
  const named = isArmWriting(estate) ? undefined : estate.armed?.heir
  return { heir: waits ? undefined : named, waitsForHeir: waits ? estate.armed?.heir : undefined }
}

/** A moment is nothing to speak of. */
function whyWaits({ protocol, startedAt }: ReplicaState, now: Millis): string | undefined {
  const { estate, incarnation } = protocol
  if (!isUnresolved(estate, incarnation) || now - startedAt < waitToldMs) return undefined
  return `This tab’s vote waits for the tab ${estate.armed?.heir.slice(0, 4) ?? ''}: open that one again.`
}

function whyOf(phase: ReplicaStatus['phase'], needed: number, reached: number): string | undefined {
  if (phase === 'joining') return 'Looking for the group in this room.'
  if (phase === 'catchingUp') return 'Fetching the group’s log.'
  if (phase === 'ready') return undefined
  if (reached < needed) {
    const tabs = needed === 1 ? 'voter is' : 'voters are'
    return `${needed} ${tabs} needed to decide, ${reached} can be reached from here. Open the other tabs again.`
  }
  return 'The tabs are agreeing on a new leader.'
}
