/** The ONE transition: a state and an input in, effects out. Synchronous, deterministic, the only way in. */
import { assertNever } from '../base/assert.ts'
import { found, isOfGroup } from '../membership/founding.ts'
import { forgetMember } from '../membership/members.ts'
import { noteSign } from '../overlay/failure-detector.ts'
import type { Peer } from '../overlay/peers.ts'
import { isNewer, isThere, linkedPeer } from '../overlay/peers.ts'
import { replicate } from '../protocol/accept.ts'
import { evaluatePromises } from '../protocol/adopt.ts'
import { compareBallots, isZeroBallot, sameBallot, zeroBallot } from '../protocol/ballot.ts'
import type { Ballot } from '../protocol/ballot.ts'
import type { Effects } from '../protocol/effects.ts'
import { noEffects } from '../protocol/effects.ts'
import type { ReplicaId } from '../protocol/ids.ts'
import { sameEpoch } from '../protocol/ids.ts'
import type { Beacon, Message } from '../protocol/message.ts'
import { isAboutTree, isAskMessage, isWill } from '../protocol/message-kinds.ts'
import { forgetPromiser } from '../protocol/prepare.ts'
import {
  appendQueue,
  forwardOutbox,
  propose,
  rehandOutbox,
  withdraw,
} from '../protocol/proposals.ts'
import {
  askFor,
  askForReads,
  beginRead,
  beginReadRound,
  endRead,
  tellReadable,
} from '../protocol/reads.ts'
import { keepsLog } from '../protocol/part.ts'
import type { PhaseMessage } from '../protocol/phases.ts'
import { isOfPhases, onPhaseMessage } from '../protocol/phases.ts'
import type { TreeMessage } from '../protocol/tree-message.ts'
import type { DurableLog } from '../protocol/recover.ts'
import { recover } from '../protocol/recover.ts'
import { ignore } from '../protocol/state.ts'
import type { Group } from '../membership/founding.ts'
import { onBeacon, refreshView, sendBeacon, sendBeaconIfDue } from './beacon.ts'
import { isOfApplication, onApplication } from './application.ts'
import { onAskMessage } from './asking.ts'
import { onProbe, onProbeAck, suspect } from './confirmation.ts'
import { onForeign, welcomeNewcomers } from './greeting.ts'
import type { Frame, Input, Instant } from './input.ts'
import { feedChildren, onSubscribe } from './feeding.ts'
import { onJoin, onLeaver } from './joining.ts'
import { askNext, loseFeeder, observe, onDeclined, onObserved, onStream } from './observing.ts'
import { onPresence, onSighting, show } from './presence.ts'
import { onFreezing, onThaw, onVisibility } from './page.ts'
import { noticePause } from './pulse.ts'
import { markOf, onGossip, onRelayed, onRumour, passOn, passWaiting, routeSince } from './relay.ts'
import { dispatchWill } from './inheritance.ts'
import { onClose } from './closing.ts'
import { beginMachine } from './machine-version.ts'
import { askLeader, onRound } from './round.ts'
import { surroundingsOf } from './configuring.ts'
import { appendRoom, nameHeirAtOnce } from './will.ts'
import type { ReplicaOptions, ReplicaState } from './state.ts'
import { freshReplica } from './state.ts'
import { onTakeOver } from './take-over.ts'
import { renewWish } from './wish.ts'
import type { Step } from './surroundings.ts'
import { contextOf, partOf, roundMsOf } from './surroundings.ts'

/** What a store's disk holds, beside its identity. */
export interface Durable extends DurableLog {
  readonly group: Group | undefined
}

/** A replica at its start. The effects hand what is decided on its disk to the application. */
export function startReplica(
  options: ReplicaOptions,
  durable: Durable,
  instant: Instant,
): { readonly state: ReplicaState; readonly effects: Effects } {
  const state = freshReplica(options)
  const step: Step = { replica: state, out: noEffects(), ...instant }
  state.group = durable.group
  state.startedAt = instant.now
  recover(contextOf(step), durable)
  if (!keepsLog(partOf(state))) observe(step)
  refreshView(step)
  renewWish(step)
  return { state, effects: step.out }
}

/** `out` is what is returned: several inputs in a row may write into one record, and be performed as one. */
export function stepReplica(
  replica: ReplicaState,
  input: Input,
  { now, wall }: Instant,
  out: Effects = noEffects(),
): Effects {
  const step: Step = { replica, out, now, wall }
  if (replica.closed) return step.out
  const mark = markOf(out)
  const { role, promised } = replica.protocol
  const { phase } = role
  noticePause(step, input)
  take(step, input)
  notePromise(step, promised)
  // Another role is another view of the world: of whom to follow, and whether that makes happy.
  if (replica.protocol.role.phase !== phase) refreshView(step)
  routeSince(step, mark)
  return step.out
}

function notePromise({ replica, now }: Step, before: Ballot): void {
  const { promised, self } = replica.protocol
  if (promised.node !== self && !sameBallot(promised, before)) replica.promisedAt = now
}

function take(step: Step, input: Input): void {
  const { replica } = step
  const context = contextOf(step)
  if (isOfApplication(input)) return onApplication(step, input)
  switch (input.type) {
    case 'tick':
      return onTick(step)
    case 'received':
      return onReceived(step, input.from, input.frame)
    case 'rumour':
      return onRumour(step, input.from, input.gossip)
    case 'suspected':
      return suspect(step, input.peer)
    case 'durable':
      return dispatch(step, replica.options.self, input.message)
    case 'link':
      return onLink(step, input.peer, input.up)
    case 'proposed':
      return propose(context, input.proposal)
    case 'withdrawn':
      return withdraw(context, input.seq)
    case 'read':
      return beginRead(context, input.id, input.freshness)
    case 'readEnded':
      return endRead(context, input.id)
    case 'found':
      return onFound(step, input.nonce)
    case 'visibility':
      return onVisibility(step, input.hidden)
    case 'storage':
      replica.storageOk = input.ok
      return refreshView(step)
    case 'show':
      return show(step, input.shown)
    case 'freezing':
      return onFreezing(step)
    case 'leave':
      return onLeave(step)
    case 'close':
      return onClose(step)
    case 'flush':
      return onFlush(step)
    default:
      return assertNever(input)
  }
}

/** Who has no part in deciding has nothing to be let go of. */
function onLeave(step: Step): void {
  const { replica, out } = step
  replica.members.leaving = true
  if (replica.protocol.observing === undefined) onRound(step)
  else out.notify.push({ type: 'removed' })
}

function onTick(step: Step): void {
  const { replica, now } = step
  passWaiting(step)
  onThaw(step)
  refreshView(step)
  const last = replica.roundAt
  if (last === undefined || now - last >= roundMsOf(replica) - 20) {
    replica.roundAt = now
    onRound(step)
  }
  sendBeaconIfDue(step)
}

function onLink(step: Step, id: ReplicaId, up: boolean): void {
  const { replica, now } = step
  const { feeder } = replica.tree
  if (up) {
    const peer = linkedPeer(replica.peers, id, now)
    if (peer !== undefined) {
      peer.patience = 1 + replica.pulse.doubt
      sendBeacon(step, peer)
    }
    rehandOutbox(replica.protocol, id)
  } else {
    const peer = replica.peers.get(id)
    if (peer !== undefined) peer.linked = false
    forgetMember(replica.members, id)
    replica.tree.children.delete(id)
    forgetPromiser(contextOf(step), id)
    const { role } = replica.protocol
    if (role.phase === 'preparing') evaluatePromises(contextOf(step), role)
  }
  refreshView(step)
  if (id === feeder) loseFeeder(step)
}

function onFound(step: Step, nonce: string): void {
  const { replica, out, wall } = step
  if (replica.group !== undefined || replica.protocol.observing !== undefined) return
  const { room } = replica.options
  replica.group = found(replica.protocol, { room, nonce, wall }, out)
  refreshView(step)
  onRound(step)
  welcomeNewcomers(step)
}

/** Everything that waited is in: one batch, one message a peer. */
function onFlush(step: Step): void {
  const { replica } = step
  const context = contextOf(step)
  const leader = leaderToAsk(step)
  forwardOutbox(context, leader, replica.peers.get(leader.node)?.beacon?.decidedEnd)
  askForReads(context, readsTo(step, leader))
  const { role } = replica.protocol
  if (role.phase === 'leading') {
    // Who was asked to take over adopts what is there already: more would only have to be brought to it.
    if (replica.succession.under === undefined) {
      beginMachine(step, role, () => surroundingsOf(step, role))
      appendQueue(context, role, appendRoom(step, role))
    }
    replicate(context, role)
    nameHeirAtOnce(step)
    beginReadRound(context, role)
  }
  tellReadable(context)
  feedChildren(step)
  renewWish(step)
  passWaiting(step)
  sendBeaconIfDue(step)
}

/** The leader that proposals go to: the one that synced us, or a newer one that we only heard of. */
function leaderToAsk({ replica }: Step): Ballot {
  const { promised, accepted, role, observing } = replica.protocol
  if (role.phase !== 'follower') return role.ballot
  const { followed } = replica.view
  // Its way up is the way by which it is fed, if no other one is known.
  if (observing !== undefined) return replica.tree.feeder === undefined ? zeroBallot : followed
  const synced = sameBallot(promised, accepted) && promised.node !== replica.options.self
  const leader = synced && compareBallots(promised, followed) >= 0 ? promised : followed
  const peer = replica.peers.get(leader.node)
  return peer !== undefined && isThere(peer) ? leader : zeroBallot
}

/** An observer asks whoever feeds it, who asks on: so the leader hears of all that wait below a store once. */
function readsTo({ replica }: Step, leader: Ballot): Ballot {
  const { protocol, tree } = replica
  if (protocol.observing === undefined || isZeroBallot(leader)) return leader
  return { num: leader.num, node: tree.feeder ?? leader.node }
}

function onReceived(step: Step, from: ReplicaId, frame: Frame): void {
  const { replica, now } = step
  const peer = replica.peers.get(from)
  if (peer?.linked !== true) {
    return ignore(contextOf(step), from, frame.message.type, 'noLink')
  }
  const { heard } = peer
  noteSign(peer, now, true)
  peer.heard = true
  peer.group = frame.group
  const { group } = replica
  const ours =
    group !== undefined && frame.group === group.id && sameEpoch(frame.epoch, group.epoch)
  if (!ours) return onForeign(step, peer, frame)
  // The first word over this link: it should know at once that it is heard.
  if (!heard) sendBeacon(step, peer)
  hear(step, peer, frame.message)
}

function hear(step: Step, neighbour: Peer, message: Message): void {
  const { id } = neighbour
  if (message.type === 'beacon') {
    onPeerBeacon(step, neighbour, { beacon: message, hops: 0, neighbour: id })
  } else if (message.type === 'gossip') {
    const origin = onGossip(step, message)
    const { beacon, hops } = message
    if (origin !== undefined) onPeerBeacon(step, origin, { beacon, hops, neighbour: id })
  } else if (message.type === 'relayed') {
    const arrived = onRelayed(step, id, message)
    if (arrived !== undefined) dispatch(step, arrived.from, arrived.message)
  } else {
    dispatch(step, id, message)
  }
}

interface News {
  readonly beacon: Beacon
  /** Links that it took before the last one. */
  readonly hops: number
  /** Who told it. */
  readonly neighbour: ReplicaId
}

function onPeerBeacon(step: Step, peer: Peer, { beacon, hops, neighbour }: News): void {
  const { followed } = step.replica.view
  if (isNewer(beacon, peer.beacon)) passOn(step, { origin: peer.id, beacon, hops }, neighbour)
  onBeacon(step, peer, beacon)
  if (step.replica.protocol.observing !== undefined) return askNext(step)
  if (!sameBallot(step.replica.view.followed, followed)) askLeader(step)
}

function dispatch(step: Step, from: ReplicaId, message: Message): void {
  if (isWill(message)) return dispatchWill(step, from, message)
  if (isMembership(message)) return dispatchMembership(step, from, message)
  if (isAboutTree(message)) return dispatchTree(step, from, message)
  if (isAskMessage(message)) return onAskMessage(step, from, message)
  if (isOfPhases(message)) return dispatchPhase(step, from, message)
  switch (message.type) {
    case 'presence':
      return onPresence(step, from, message)
    case 'probe':
      return onProbe(step, from, message)
    case 'probeAck':
      return onProbeAck(step, from, message)
    default:
      return assertNever(message)
  }
}

function dispatchPhase(step: Step, from: ReplicaId, message: PhaseMessage): void {
  const context = contextOf(step)
  const { protocol, tree, group } = step.replica
  if (message.type === 'acceptSync' && !isOfGroup(message, group)) {
    return ignore(context, from, message.type, 'wrongGenesis')
  }
  const leads = protocol.role.phase === 'leading'
  if (message.type === 'readIndex' && !leads && tree.children.has(from)) {
    return askFor(context, from, message)
  }
  if (protocol.observing !== undefined) return onObserved(step, from, message)
  onPhaseMessage(context, from, message)
}

function dispatchTree(step: Step, from: ReplicaId, message: TreeMessage): void {
  switch (message.type) {
    case 'subscribe':
      return onSubscribe(step, from, message)
    case 'stream':
      return onStream(step, from, message)
    case 'declined':
      return onDeclined(step, from, message)
    case 'sighting':
      return onSighting(step, from, message)
    default:
      return assertNever(message)
  }
}

/** Who is here, and as what: everything that is not about the log. */
const membershipTypes = [
  'takeOver',
  'join',
  'leave',
  'left',
  'beacon',
  'welcome',
  'gossip',
  'relayed',
] as const

type MembershipMessage = Extract<Message, { type: (typeof membershipTypes)[number] }>

const isMembership = (message: Message): message is MembershipMessage =>
  (membershipTypes as readonly Message['type'][]).includes(message.type)

function dispatchMembership(step: Step, from: ReplicaId, message: MembershipMessage): void {
  const { replica, out } = step
  switch (message.type) {
    case 'takeOver':
      return onTakeOver(step, from, message)
    case 'join':
      return onJoin(step, from)
    case 'leave':
      return onLeaver(step, from)
    case 'left':
      if (replica.members.leaving) out.notify.push({ type: 'removed' })
      return
    case 'beacon':
    case 'welcome':
    case 'gossip':
    case 'relayed':
      return ignore(contextOf(step), from, message.type, 'sameGroup')
    default:
      return assertNever(message)
  }
}
