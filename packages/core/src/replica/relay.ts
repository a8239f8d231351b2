/**
 * Frames that take a way through others: what this replica sends where its own links do not reach, what it forwards, and the
 * beacons that it passes on to whoever does not hear them (protocol.md section 9). No acknowledgements: what is lost is
 * repeated by whoever needs it. What a relay forwards says nothing about its own disk, so it leaves at once.
 */
import { isFresh, noteSign } from '../overlay/failure-detector.ts'
import { isNewer, isThere, knownPeer, sortedPeers } from '../overlay/peers.ts'
import type { Peer } from '../overlay/peers.ts'
import { receive } from '../overlay/receipts.ts'
import { dequeue, enqueue } from '../overlay/relay-queue.ts'
import { mayPass } from '../overlay/rumours.ts'
import type { Effects } from '../protocol/effects.ts'
import type { Entry } from '../protocol/entry.ts'
import type { Millis, ReplicaId } from '../protocol/ids.ts'
import { hopsMax } from '../protocol/limits.ts'
import type { Beacon, Envelope, Gossip, Payload, Relayed } from '../protocol/message.ts'
import { isControl, isPayload } from '../protocol/message-kinds.ts'
import { keepsLog } from '../protocol/part.ts'
import { ignore } from '../protocol/state.ts'
import type { ReplicaState } from './state.ts'
import type { Step } from './surroundings.ts'
import { contextOf, partOf } from './surroundings.ts'

/** The runtime seals what leaves; between replicas of one process nothing has to be. */
const noSeal = new Uint8Array()

/** How much was waiting to be sent before a step. */
export interface Mark {
  readonly sendNow: number
  readonly send: number
}

export const markOf = ({ sendNow, send }: Effects): Mark => ({
  sendNow: sendNow.length,
  send: send.length,
})

/** What was added since the mark goes through others where it has to. */
export function routeSince(step: Step, mark: Mark): void {
  routeFrom(step, step.out.sendNow, mark.sendNow)
  routeFrom(step, step.out.send, mark.send)
}

function routeFrom({ replica, now }: Step, envelopes: Envelope[], begin: number): void {
  const { self, incarnation } = replica.options
  for (let at = begin; at < envelopes.length; at += 1) {
    const envelope = envelopes[at]
    if (envelope === undefined) continue
    const { to, message } = envelope
    const via = wayTo(replica, to, now)
    const [first] = via ?? []
    if (via === undefined || first === undefined || !isPayload(message)) continue
    const path = [self, ...via, to]
    const number = replica.relayedOut
    replica.relayedOut += 1
    envelopes[at] = {
      to: first,
      message: {
        ...{ type: 'relayed', path, at: 1, incarnation, number, seal: noSeal, key: noSeal },
        message,
      },
    }
  }
}

/** Over its own link, or through whom; undefined: no way is known. */
function wayTo(
  replica: ReplicaState,
  to: ReplicaId,
  now: Millis,
): readonly ReplicaId[] | undefined {
  const peer = replica.peers.get(to)
  const via = peer?.via
  return via?.length === 0 ? via : (upwards(replica, to) ?? back(peer, now) ?? via)
}

/** Something said to it may arrive: by a link, by what is known of others' links, or up the way by which this observer is fed. */
export function isWithinReach(replica: ReplicaState, to: ReplicaId): boolean {
  const peer = replica.peers.get(to)
  if (peer !== undefined && isThere(peer)) return true
  return replica.options.relays && upwards(replica, to) !== undefined
}

/** What answers an observer takes the way of what it said; what it does not answer goes by what is known. */
const back = (peer: Peer | undefined, now: Millis): readonly ReplicaId[] | undefined =>
  peer?.back?.at === now && !keepsLog(peer.beacon?.part) ? peer.back.via : undefined

/**
 * An observer sends up those through whom the leader's word comes down: each of them says all the time that it is there, while what
 * is known of other people's links may be old, if anything is known at all.
 */
function upwards(
  { protocol, tree }: ReplicaState,
  to: ReplicaId,
): readonly ReplicaId[] | undefined {
  if (protocol.observing === undefined || to !== tree.word?.ballot.node) return undefined
  // Whoever feeds it may not have heard yet that it leads no more.
  if (to === protocol.self) return undefined
  const way = tree.path.toReversed().filter((id) => id !== to)
  return way.length === 0 ? undefined : way
}

/** A message that came to its destination, and from whom. */
export interface Arrived {
  readonly from: ReplicaId
  readonly message: Payload
}

/** The message, if it is for this replica; else it is forwarded, or dropped if it cannot be. */
export function onRelayed(step: Step, neighbour: ReplicaId, frame: Relayed): Arrived | undefined {
  const arrived = take(step, neighbour, frame)
  if (typeof arrived !== 'string') return arrived
  ignore(contextOf(step), neighbour, 'relayed', arrived)
  return undefined
}

/** Undefined: it was forwarded. A text: why it was dropped. */
function take(step: Step, neighbour: ReplicaId, frame: Relayed): Arrived | string | undefined {
  const { replica } = step
  const { path, at, incarnation, number, message } = frame
  const [from] = path
  if (from === undefined || path[at] !== replica.options.self || path[at - 1] !== neighbour) {
    return 'notOnItsPath'
  }
  if (!replica.options.relays || partOf(replica) === 'client') return 'relaysOff'
  const next = path[at + 1]
  if (next !== undefined) return forward(step, next, { ...frame, at: at + 1 })
  const source = replica.peers.get(from)
  if (source?.beacon === undefined || source.beacon.incarnation < incarnation) {
    const arrived = takeFromUnknown(step, from, frame)
    if (arrived !== undefined) return arrived
  }
  if (source?.beacon === undefined || source.group !== replica.group?.id) return 'stranger'
  if (incarnation !== source.beacon.incarnation) return 'otherStart'
  if (!receive(source.receipts, incarnation, number)) return 'again'
  noteSign(source, step.now, false)
  source.back = wayBack(frame, step.now)
  return { from, message }
}

/** Of an observer far below, of whose present start no beacon came here. Undefined: this is not taken from such a one. */
function takeFromUnknown(
  { replica, now }: Step,
  from: ReplicaId,
  frame: Relayed,
): Arrived | string | undefined {
  const { message } = frame
  // What it proposes runs once however often it comes.
  if (message.type === 'propose') return { from, message }
  // To ask twice is to ask once.
  if (message.type !== 'join' && message.type !== 'ask') return undefined
  const stranger = knownPeer(replica.peers, from, now)
  if (stranger === undefined) return 'tooManyPeers'
  noteSign(stranger, now, false)
  stranger.back = wayBack(frame, now)
  return { from, message }
}

const wayBack = ({ path, at }: Relayed, now: Millis): Peer['back'] => ({
  via: path.slice(1, at).toReversed(),
  at: now,
})

/** Small frames on which it depends who leads never wait and are never dropped; the others have a bound. */
function forward(step: Step, next: ReplicaId, frame: Relayed): string | undefined {
  const { replica, out } = step
  if (replica.peers.get(next)?.linked !== true) return 'noLink'
  if (isControl(frame)) {
    out.sendNow.push({ to: next, message: frame })
    return undefined
  }
  const lost = enqueue(replica.relay, { to: next, frame, bytes: bytesOf(frame.message) })
  passWaiting(step)
  return lost > 0 ? 'relayFull' : undefined
}

/** What waited for its turn, and may go now. */
export function passWaiting({ replica, out, now }: Step): void {
  if (replica.relay.waiting.length === 0) return
  for (const { to, frame } of dequeue(replica.relay, now)) out.sendNow.push({ to, message: frame })
}

/** What a message takes besides its commands: heads, names, numbers. */
const headBytes = 128

function bytesOf(message: Payload): number {
  if (message.type === 'propose') {
    return headBytes + message.commands.reduce((sum, { length }) => sum + length, 0)
  }
  if ('entries' in message) return headBytes + bytesOfEntries(message.entries)
  return headBytes + ('tail' in message ? bytesOfEntries(message.tail) : 0)
}

const bytesOfEntries = (entries: readonly Entry[]): number =>
  entries.reduce((sum, entry) => sum + (entry.kind === 'command' ? entry.command.length : 0) + 8, 0)

/** News of a member that others tell of. Undefined: it is no news, or nobody to be heard of. */
export function onGossip(step: Step, { origin, beacon }: Gossip): Peer | undefined {
  const { replica, now } = step
  if (origin === replica.options.self || !replica.options.relays) return undefined
  const peer = knownPeer(replica.peers, origin, now)
  if (peer === undefined || !isNewer(beacon, peer.beacon)) return undefined
  peer.patience = 1 + replica.pulse.doubt
  noteSign(peer, now, false)
  peer.group = replica.group?.id
  return peer
}

/** News that nothing vouches for here: whoever is farther on may know better. */
export function onRumour(step: Step, neighbour: ReplicaId, gossip: Gossip): void {
  const { replica, now } = step
  const { origin, beacon, hops } = gossip
  const teller = replica.peers.get(neighbour)
  if (replica.group === undefined || teller?.linked !== true) return
  if (teller.group !== replica.group.id || origin === replica.options.self) return
  if (!mayPass(replica.rumours, neighbour, gossip, now)) return
  passOn(step, { origin, beacon, hops }, neighbour)
}

/** What a member tells its leader of the observers that it feeds itself. */
const mayRise = (
  { protocol, tree, view }: ReplicaState,
  { origin, beacon, to }: { origin: ReplicaId; beacon: Beacon; to: ReplicaId },
): boolean =>
  protocol.observing === undefined &&
  beacon.part === 'observer' &&
  to === view.followed.node &&
  tree.children.has(origin)

/** To every neighbour that does not hear `origin` itself, by the neighbour's own word, as long as that is fresh. */
export function passOn(
  step: Step,
  { origin, beacon, hops }: { origin: ReplicaId; beacon: Beacon; hops: number },
  neighbour: ReplicaId,
): void {
  const { replica, out, now } = step
  if (!replica.options.relays || hops >= hopsMax || partOf(replica) === 'client') return
  const { followed } = replica.view
  const message: Gossip = { type: 'gossip', origin, hops: hops + 1, beacon }
  for (const peer of sortedPeers(replica.peers)) {
    if (!peer.linked || peer.id === neighbour || peer.id === origin) continue
    if (peer.group !== replica.group?.id || peer.beacon === undefined) continue
    // An observer is known to who may make it a standby, and knows of who leads; nobody else pays for it.
    if (!keepsLog(beacon.part) && !mayRise(replica, { origin, beacon, to: peer.id })) continue
    if (!keepsLog(peer.beacon.part) && origin !== followed.node) continue
    // What it said long ago may have been true then: in a ring that works one way round, nobody would ever learn better.
    const hears = isFresh(peer, now) && peer.beacon.heard.includes(origin)
    if (!hears) out.sendNow.push({ to: peer.id, message })
  }
}
