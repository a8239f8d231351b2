/**
 * Observing: how a store that has no part in deciding learns what is decided, from whom, and what it does when that one goes
 * or lags (protocol.md section 8). It keeps all of it in its memory, answers no leader, and may be asked to rise.
 */
import { isHeard, isPresent } from '../overlay/failure-detector.ts'
import type { Peer } from '../overlay/peers.ts'
import { sortedPeers } from '../overlay/peers.ts'
import { belowOf, isDeclined, lotOf, noteDeclined } from '../overlay/tree.ts'
import { sameBallot, zeroBallot } from '../protocol/ballot.ts'
import { isLent, onLentPiece } from '../protocol/borrowing.ts'
import { configIndexOf } from '../protocol/configuration.ts'
import type { ReplicaId } from '../protocol/ids.ts'
import {
  againMs,
  feederSilentMs,
  observerLateMs,
  riseMs,
  seekMs,
  streamAckBytes,
  wordMs,
} from '../protocol/limits.ts'
import type { Prepare } from '../protocol/message.ts'
import {
  beginObserving,
  endObserving,
  heldEnd,
  takeDecided,
  takeSnapshot,
} from '../protocol/observe.ts'
import { keepsLog } from '../protocol/part.ts'
import type { PhaseMessage } from '../protocol/phases.ts'
import { onPhaseMessage } from '../protocol/phases.ts'
import { onPullSnapshot } from '../protocol/catch-up.ts'
import { addPiece, fetched, pullSnapshot } from '../protocol/snapshot-transfer.ts'
import type { SnapshotPiece } from '../protocol/snapshot-message.ts'
import { ignore } from '../protocol/state.ts'
import type { Declined, Stream } from '../protocol/tree-message.ts'
import { entryBytes } from '../protocol/entry.ts'
import { isOfGroup } from '../membership/founding.ts'
import { holdsNewestVote, isShutOut } from '../membership/members.ts'
import { isWithinReach } from './relay.ts'
import type { Step } from './surroundings.ts'
import { contextOf } from './surroundings.ts'

export function observe(step: Step): void {
  const { replica, now } = step
  beginObserving(contextOf(step))
  replica.tree.since = now
  askNext(step)
}

/** Once a round. */
export function goOnObserving(step: Step): void {
  const { replica, now } = step
  const { tree } = replica
  const feeder = tree.feeder === undefined ? undefined : replica.peers.get(tree.feeder)
  if (tree.feeder !== undefined) {
    const silent = now - tree.feederAt > feederSilentMs
    if (feeder === undefined || silent || !isHeard(feeder, now) || lags(step)) loseFeeder(step)
    else if (now - (tree.saidAt ?? -Infinity) >= wordMs / 2) subscribe(step, tree.feeder, false)
  }
  askNext(step)
  keepReady(step)
  askToRise(step)
}

/** Others that this store hears know more than its feeder tells it, and have for a while. */
function lags({ replica, now }: Step): boolean {
  const { tree, peers, protocol } = replica
  const { decidedEnd } = protocol
  const most = sortedPeers(peers)
    .filter((peer) => peer.linked && peer.group === replica.group?.id && isPresent(peer, now))
    .reduce((end, { beacon }) => Math.max(end, beacon?.decidedEnd ?? 0), 0)
  if (most <= decidedEnd) tree.behind = undefined
  else if (tree.behind?.decidedEnd !== decidedEnd) tree.behind = { since: now, decidedEnd }
  return tree.behind !== undefined && now - tree.behind.since > observerLateMs
}

/** Whoever feeds this store does so no longer, or not well enough. */
export function loseFeeder(step: Step): void {
  const { replica, now } = step
  const { tree } = replica
  if (tree.feeder === undefined) return
  noteDeclined(tree, tree.feeder, now)
  tree.feeder = undefined
  tree.path = []
  tree.behind = undefined
  // Who is below is not left without a word meanwhile.
  tree.tell = true
  askNext(step)
}

/** Somebody is asked to feed this store, unless somebody does or is thinking about it. */
export function askNext(step: Step): void {
  const { replica, now } = step
  const { tree } = replica
  if (tree.feeder !== undefined || replica.group === undefined) return
  if (tree.asked !== undefined) {
    if (now - tree.asked.at < wordMs) return
    noteDeclined(tree, tree.asked.id, now)
    tree.asked = undefined
  }
  const id = nextToAsk(step)
  if (id === undefined) return
  tree.asked = { id, at: now }
  subscribe(step, id, true)
}

function nextToAsk(step: Step): ReplicaId | undefined {
  const { replica, now } = step
  const { tree } = replica
  if (now - tree.suggestedAt > seekMs) tree.suggested = []
  const able = candidates(step).map(({ id }) => id)
  const suggested = tree.suggested.find((id) => able.includes(id))
  // A link to who has room may be on its way; who said no is not asked again meanwhile.
  return suggested ?? (tree.ready !== undefined && able.includes(tree.ready) ? tree.ready : able[0])
}

/** Who may feed this store, the best first: members, then observers, and the leader only if there is nobody else. */
function candidates({ replica, now }: Step): readonly Peer[] {
  const { tree, peers, group, options } = replica
  const placeOf = ({ beacon }: Peer): number =>
    beacon?.phase === 'leading' ? 2 : Number(!keepsLog(beacon?.part))
  return sortedPeers(peers)
    .filter((peer) => {
      const { id, beacon } = peer
      if (beacon === undefined || beacon.part === 'client' || beacon.decidedEnd === 0) return false
      if (peer.group !== group?.id || !isHeard(peer, now) || beacon.nextMs === 0) return false
      return !tree.children.has(id) && !isDeclined(tree, id, now)
    })
    .sort(
      (a, b) => placeOf(a) - placeOf(b) || lotOf(options.self, a.id) - lotOf(options.self, b.id),
    )
}

/** One more link is kept, so that losing the feeder costs no more than a question; not with the leader, who would say no. */
function keepReady(step: Step): void {
  const { tree } = step.replica
  const able = candidates(step).filter(
    ({ id, beacon }) => id !== tree.feeder && beacon?.phase !== 'leading',
  )
  if (able.some(({ id }) => id === tree.ready)) return
  tree.ready = able[0]?.id
}

function subscribe(step: Step, to: ReplicaId, again: boolean): void {
  const { replica, out, now } = step
  const { tree } = replica
  tree.saidAt = now
  if (again) tree.againAt = now
  tree.unsaid = 0
  const from = heldEnd(replica.protocol)
  out.sendNow.push({ to, message: { type: 'subscribe', from, below: belowOf(tree), again } })
}

export function onStream(step: Step, from: ReplicaId, message: Stream): void {
  const { replica, now } = step
  const { tree, protocol, options } = replica
  const context = contextOf(step)
  if (protocol.observing === undefined) return ignore(context, from, 'stream', 'notObserving')
  if (from !== tree.feeder && from !== tree.asked?.id) {
    return ignore(context, from, 'stream', 'notAsked')
  }
  const { path, ballot, ageMs, entries } = message
  if (path.at(-1) !== from) return ignore(context, from, 'stream', 'notItsPath')
  if (!isOfGroup(message, replica.group)) return ignore(context, from, 'stream', 'wrongGenesis')
  tree.asked = undefined
  tree.suggested = []
  tree.feeder = from
  // Who is fed through this store cannot feed it.
  if (path.includes(options.self)) return loseFeeder(step)
  tree.feederAt = now
  tree.path = path
  const at = now - ageMs
  if (tree.word === undefined || at > tree.word.at || !sameBallot(ballot, tree.word.ballot)) {
    tree.word = { ballot, at: Math.max(at, tree.word?.at ?? -Infinity) as typeof now }
    tree.tell = true
  }
  if (message.summed) return fetch(step, from, message)
  if (!takeDecided(context, message.from, entries)) return askAgain(step, from)
  tree.unsaid += entries.reduce((sum, entry) => sum + entryBytes(entry), 0)
  if (tree.unsaid >= streamAckBytes) subscribe(step, from, false)
}

function askAgain(step: Step, from: ReplicaId): void {
  // Not counted from when it last said that it is there: it may do so just before each word that comes.
  const { againAt } = step.replica.tree
  if (againAt === undefined || step.now - againAt >= againMs) subscribe(step, from, true)
}

/** What it lacks is in no log any more: the snapshot of it is pulled, piece by piece. */
function fetch(step: Step, to: ReplicaId, { from: end }: Stream): void {
  const context = contextOf(step)
  if (end <= heldEnd(context.state)) return askAgain(step, to)
  pullSnapshot(context, { to, ballot: zeroBallot, end })
}

function onPiece(step: Step, from: ReplicaId, message: SnapshotPiece): void {
  const context = contextOf(step)
  const { end } = message.head
  if (from !== step.replica.tree.feeder || !sameBallot(message.ballot, zeroBallot)) {
    return ignore(context, from, 'snapshotPiece', 'notAskedFor')
  }
  if (end <= heldEnd(context.state)) return ignore(context, from, 'snapshotPiece', 'known')
  if (!addPiece(context, from, message)) return
  const snapshot = fetched(context.state, end)
  if (snapshot === undefined) return pullSnapshot(context, { to: from, ballot: zeroBallot, end })
  takeSnapshot(context, snapshot)
  subscribe(step, from, true)
}

/** Somebody has no room. A leader says so to a member that would be one standby too many: that one observes from now on. */
export function onDeclined(step: Step, from: ReplicaId, message: Declined): void {
  const { replica, now } = step
  const { protocol, tree, view } = replica
  const { instead, configIndex } = message
  if (protocol.observing === undefined) {
    const newer = configIndex > configIndexOf(protocol.log)
    // Also one that it holds and may not cast yet: while its heir has not answered.
    const counts = holdsNewestVote(protocol, protocol.estate.held) && !newer
    if (from !== view.followed.node || protocol.role.phase !== 'follower' || counts) {
      return ignore(contextOf(step), from, 'declined', 'notObserving')
    }
    tree.suggested = instead
    tree.suggestedAt = now
    return observe(step)
  }
  if (from === tree.feeder) loseFeeder(step)
  else if (from !== tree.asked?.id) return ignore(contextOf(step), from, 'declined', 'notAsked')
  tree.asked = undefined
  noteDeclined(tree, from, now)
  tree.suggested = instead.filter((id) => id !== replica.options.self)
  tree.suggestedAt = now
  askNext(step)
}

/**
 * A store that keeps the log, if it may, asks the leader for a place among the standbys, as long as it knows a way to it: one
 * that beacons tell of, or the one by which the leader's word comes down, if only observers are in reach.
 */
function askToRise(step: Step): void {
  const { replica, out, now } = step
  const { tree, options } = replica
  if (!keepsLog(options.role ?? 'member') || now - (tree.roseAt ?? tree.since) < riseMs) return
  if (isShutOut(replica.protocol, options.self)) return
  const to = tree.word?.ballot.node
  if (to === undefined || !isWithinReach(replica, to)) return
  tree.roseAt = now
  out.sendNow.push({ to, message: { type: 'join' } })
}

/** A leader that was asked for it, and leads, may have this store as a standby. Anybody else gets no promise here. */
function isInvited({ replica, now }: Step, from: ReplicaId, { ballot }: Prepare): boolean {
  const { tree, peers } = replica
  const beacon = peers.get(from)?.beacon
  if (tree.roseAt === undefined || now - tree.roseAt > riseMs) return false
  return beacon?.phase === 'leading' && sameBallot(beacon.ballot, ballot)
}

/** Of what stores that decide say to each other, an observer hears only what is for it. */
export function onObserved(step: Step, from: ReplicaId, message: PhaseMessage): void {
  const context = contextOf(step)
  if (message.type === 'prepare' && isInvited(step, from, message)) {
    endObserving(context)
    forgetFeeder(step)
    return onPhaseMessage(context, from, message)
  }
  if (message.type === 'snapshotPiece') {
    if (isLent(context.state, from, message)) return onLentPiece(context, from, message)
    return onPiece(step, from, message)
  }
  if (message.type === 'pullSnapshot') return onPullSnapshot(context, from, message)
  if (message.type === 'readIndex' || message.type === 'readIndexReply') {
    return onPhaseMessage(context, from, message)
  }
  ignore(context, from, message.type, 'observing')
}

/** It is fed by the leader from now on; who is below it stays there. */
function forgetFeeder({ replica }: Step): void {
  const { tree } = replica
  tree.feeder = undefined
  tree.asked = undefined
  tree.ready = undefined
  tree.path = []
  tree.roseAt = undefined
}

/** The leader's word came here lately. */
export function isUpToDate({ replica, now }: Step): boolean {
  const { tree } = replica
  return tree.feeder !== undefined && now - (tree.word?.at ?? -Infinity) <= observerLateMs
}
