/** Sending and reading beacons: how a replica says how it sees the world, and learns how others see it. */
import { isHappy } from '../election/happy.ts'
import { isWallAgreed, viewOf } from '../election/view.ts'
import { isHeard } from '../overlay/failure-detector.ts'
import type { Peer } from '../overlay/peers.ts'
import { isNewer, linkedIds, sortedPeers } from '../overlay/peers.ts'
import { updateRoutes } from '../overlay/routes.ts'
import { isZeroBallot, sameBallot, zeroBallot } from '../protocol/ballot.ts'
import { activeConfigurations, configIndexOf, isInAny } from '../protocol/configuration.ts'
import { hearDecided } from '../protocol/decide.ts'
import type { Index, Millis, ReplicaId } from '../protocol/ids.ts'
import { clockSkewMs, urgentBeaconMs } from '../protocol/limits.ts'
import { logEnd } from '../protocol/log.ts'
import type { Beacon } from '../protocol/message.ts'
import { noVouch } from '../protocol/message.ts'
import { keepsLog } from '../protocol/part.ts'
import { noteBallot } from '../protocol/prepare.ts'
import { onPeerFingerprint } from './fingerprints.ts'
import { tripClassOf } from './confirmation.ts'
import { carriedVersions } from './machine-version.ts'
import type { ReplicaState, Told } from './state.ts'
import type { Step } from './surroundings.ts'
import { beaconMsOf, contextOf, isQuiet, partOf, roundMsOf } from './surroundings.ts'
import { isUpToDate } from './observing.ts'

/** Timers come a little early or late; a beacon that is due within this is due now. */
const slackMs = 60

export function beaconOf(step: Step): Beacon {
  const { replica, wall } = step
  const { protocol, view, election, members } = replica
  const { role, log } = protocol
  const leaving = replica.closed
  const part = partOf(replica)
  return {
    type: 'beacon',
    incarnation: protocol.incarnation,
    seq: replica.beaconSeq,
    nextMs: leaving || replica.pulse.freezing ? 0 : beaconMsOf(replica),
    heard: heardBy(step),
    // Who observes casts none, and holds up nobody who would.
    votes: leaving || !keepsLog(part) ? [] : protocol.votes,
    phase: leaving ? 'follower' : role.phase,
    ballot: leaving || role.phase === 'follower' ? zeroBallot : role.ballot,
    followed: view.followed,
    highestSeen: protocol.highestSeen,
    happy: election.happy && !leaving && keepsLog(part),
    quorumConnected: view.quorumConnected,
    quiet: isQuiet(replica),
    leaving: leaving || members.leaving,
    storageOk: replica.storageOk,
    wall,
    accepted: protocol.accepted,
    logEnd: logEnd(log),
    decidedEnd: protocol.decidedEnd,
    configIndex: Math.max(configIndexOf(log), 0) as Index,
    profile: replica.options.profile,
    fingerprint: replica.fingerprints.own,
    tripClass: tripClassOf(replica),
    part,
    machine: carriedVersions(replica),
    vouch: noVouch,
  }
}

/** To one new peer at once, or to all. */
export function sendBeacon(step: Step, to?: Peer): void {
  const { replica, out, now } = step
  replica.beaconSeq += 1
  const message = beaconOf(step)
  if (to !== undefined) {
    out.sendNow.push({ to: to.id, message })
    return
  }
  replica.beaconAt = now
  replica.told = tellable(step)
  for (const id of linkedIds(replica.peers)) out.sendNow.push({ to: id, message })
}

const heardBy = ({ replica, now }: Step): readonly ReplicaId[] =>
  sortedPeers(replica.peers)
    .filter((peer) => isHeard(peer, now))
    .map(({ id }) => id)

function tellable(step: Step): Told {
  const { replica } = step
  return {
    happy: replica.election.happy,
    followed: replica.view.followed,
    phase: replica.protocol.role.phase,
    quorumConnected: replica.view.quorumConnected,
    heard: heardBy(step),
  }
}

function isUrgent(step: Step): boolean {
  const { told } = step.replica
  if (told === undefined) return true
  const { happy, followed, phase, quorumConnected, heard } = tellable(step)
  return (
    told.happy !== happy ||
    told.phase !== phase ||
    told.quorumConnected !== quorumConnected ||
    told.heard.join() !== heard.join() ||
    !sameBallot(told.followed, followed)
  )
}

export function sendBeaconIfDue(step: Step): void {
  const { replica, now } = step
  const since = now - (replica.beaconAt ?? -Infinity)
  const periodMs = beaconMsOf(replica)
  if (since >= periodMs - slackMs || (since >= urgentBeaconMs && isUrgent(step))) sendBeacon(step)
}

/** Looks around again: who is reached, whom to follow, and whether that makes happy. */
export function refreshView(step: Step): void {
  const { replica, now } = step
  const { protocol, peers, storageOk, options } = replica
  const { self, relays } = options
  const configurations = activeConfigurations(protocol)
  updateRoutes(peers, {
    ...{ self, group: replica.group?.id, now, relays },
    isVoter: ({ votes }) => isInAny(configurations, votes),
  })
  const { quorumConnected } = replica.view
  replica.view = viewOf(protocol, peers, now, relays)
  if (!quorumConnected && replica.view.quorumConnected && protocol.role.phase === 'leading') {
    // Nothing could come nearer to a decision while nobody was there: that was no stall.
    protocol.role.progressAt = now
  }
  if (protocol.role.phase !== 'leading') {
    replica.unconfirmed = undefined
    replica.succession.under = undefined
  }
  replica.wallAgreed = isWallAgreed(protocol, peers, { now, skewMs: clockSkewMs })
  replica.election.happy = isHappy(protocol, replica.view, {
    now,
    roundMs: roundMsOf(replica),
    storageOk,
    attempts: replica.election.attempts,
    waitingSince: waitingSince(replica),
    unconfirmedSince: replica.unconfirmed?.since,
  })
  if (protocol.observing !== undefined) lookFromBelow(step)
}

/** An observer knows of the leader what it is told on the way down to it. */
function lookFromBelow(step: Step): void {
  const { replica } = step
  const { word } = replica.tree
  replica.election.happy = isUpToDate(step)
  replica.view = { ...replica.view, followed: word?.ballot ?? zeroBallot }
}

/** Since when proposals of this store that the leader has wait, and nothing at all was decided; undefined: none do. */
function waitingSince({ protocol, election }: ReplicaState): Millis | undefined {
  const [oldest] = protocol.outbox.values()
  if (oldest?.handedTo === undefined || isZeroBallot(oldest.handedTo)) return undefined
  return Math.max(oldest.handedAt, election.decidedAt) as Millis
}

/** A beacon of this group: news of the peer. It never changes what this store promised or accepted. */
export function onBeacon(step: Step, peer: Peer, beacon: Beacon): void {
  const { replica, wall } = step
  if (!isNewer(beacon, peer.beacon)) return
  peer.beacon = beacon
  peer.wallOffset = beacon.wall - wall
  onPeerFingerprint(step, beacon)
  noteBallot(replica.protocol, beacon.highestSeen)
  noteBallot(replica.protocol, beacon.ballot)
  if (isOfOurLog(replica, peer, beacon)) {
    hearDecided(contextOf(step), replica.protocol.accepted, beacon.decidedEnd)
  }
  refreshView(step)
}

/**
 * What the sender knows to be decided is the same here. Two logs of one ballot are beginnings of its leader's, so anybody's
 * word will do: the leader may have gone before the only voter of a new configuration heard that it is decided. The log of
 * who observes is of no ballot.
 */
function isOfOurLog({ protocol }: ReplicaState, peer: Peer, beacon: Beacon): boolean {
  const { accepted, observing } = protocol
  if (isZeroBallot(accepted)) return false
  if (beacon.phase === 'leading' && peer.id === accepted.node) {
    return sameBallot(beacon.ballot, accepted)
  }
  return observing === undefined && keepsLog(beacon.part) && sameBallot(beacon.accepted, accepted)
}
