/**
 * Frames that take a way through others: what this replica sends where its own links do not reach, what it forwards, and the
 * beacons that it passes on to whoever does not hear them (protocol.md section 9). No acknowledgements: what is lost is
 * repeated by whoever needs it. What a relay forwards says nothing about its own disk, so it leaves at once.
 */
import { isNewer, knownPeer, sortedPeers } from '../overlay/peers.ts'
import type { Peer } from '../overlay/peers.ts'
import type { Effects } from '../protocol/effects.ts'
import type { ReplicaId } from '../protocol/ids.ts'
import { hopsMax } from '../protocol/limits.ts'
import type { Beacon, Envelope, Gossip, Payload, Relayed } from '../protocol/message.ts'
import { isPayload } from '../protocol/message.ts'
import { ignore } from '../protocol/state.ts'
import type { Step } from './surroundings.ts'
import { contextOf } from './surroundings.ts'

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

function routeFrom({ replica }: Step, envelopes: Envelope[], begin: number): void {
  for (let at = begin; at < envelopes.length; at += 1) {
    const envelope = envelopes[at]
    if (envelope === undefined) continue
    const { to, message } = envelope
    const via = replica.peers.get(to)?.via
    const [first] = via ?? []
    if (via === undefined || first === undefined || !isPayload(message)) continue
    const path = [replica.options.self, ...via, to]
    envelopes[at] = { to: first, message: { type: 'relayed', path, at: 1, message } }
  }
}

/** The message, if it is for this replica; else it is forwarded, or dropped if it cannot be. */
export function onRelayed(
  step: Step,
  neighbour: ReplicaId,
  frame: Relayed,
): { readonly from: ReplicaId; readonly message: Payload } | undefined {
  const { replica, out, now } = step
  const { path, at, message } = frame
  const [from] = path
  const drop = (reason: string): undefined => {
    ignore(contextOf(step), neighbour, 'relayed', reason)
    return undefined
  }
  if (from === undefined || path[at] !== replica.options.self || path[at - 1] !== neighbour) {
    return drop('notOnItsPath')
  }
  if (!replica.options.relays) return drop('relaysOff')
  const next = path[at + 1]
  if (next !== undefined) {
    if (replica.peers.get(next)?.linked !== true) return drop('noLink')
    out.sendNow.push({ to: next, message: { ...frame, at: at + 1 } })
    return undefined
  }
  const source = replica.peers.get(from)
  if (source?.beacon === undefined || source.group !== replica.group?.id) return drop('stranger')
  source.lastAt = now
  return { from, message }
}

/** News of a member that others tell of. Undefined: it is no news, or nobody to be heard of. */
export function onGossip(step: Step, { origin, beacon }: Gossip): Peer | undefined {
  const { replica, now } = step
  if (origin === replica.options.self || !replica.options.relays) return undefined
  const peer = knownPeer(replica.peers, origin, now)
  if (peer === undefined || !isNewer(beacon, peer.beacon)) return undefined
  peer.lastAt = now
  peer.group = replica.group?.id
  return peer
}

/** To every neighbour that does not hear `origin` itself, by the neighbour's own newest word. */
export function passOn(
  step: Step,
  { origin, beacon, hops }: { origin: ReplicaId; beacon: Beacon; hops: number },
  neighbour: ReplicaId,
): void {
  const { replica, out } = step
  if (!replica.options.relays || hops >= hopsMax) return
  const message: Gossip = { type: 'gossip', origin, hops: hops + 1, beacon }
  for (const peer of sortedPeers(replica.peers)) {
    if (!peer.linked || peer.id === neighbour || peer.id === origin) continue
    if (peer.group !== replica.group?.id || peer.beacon === undefined) continue
    if (!peer.beacon.heard.includes(origin)) out.sendNow.push({ to: peer.id, message })
  }
}
