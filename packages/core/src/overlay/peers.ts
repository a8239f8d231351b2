/** What a replica knows of each peer: its link, and what its newest beacon says. Knows nothing of elections. */
import type { GroupId, Millis, ReplicaId } from '../protocol/ids.ts'
import { peersMax } from '../protocol/limits.ts'
import type { Beacon } from '../protocol/message.ts'
import type { Receipts } from './receipts.ts'
import { noReceipts } from './receipts.ts'

/** A question of ours whose answer is awaited. */
export interface Question {
  readonly id: number
  readonly askedAt: Millis
  /** Without a sign until then the peer counts as down; undefined: we only measure. */
  readonly deadline: Millis | undefined
}

/** What tells that a peer is there. */
export interface Signs {
  /** When anything was last heard from it over its own link. */
  directAt: Millis
  /** When anything was last heard from it, by whatever way. */
  lastAt: Millis
  /** How late its signs come, after the moments that it announced: the running mean, and how far they are from it. */
  lateMs: number
  spreadMs: number
  /** How many times as much as usual is forgiven: whoever stood still doubts itself first. */
  patience: number
  question: Question | undefined
  /** There and back, by the last answers; undefined before the first one. */
  tripMs: number | undefined
  measuredAt: Millis | undefined
}

export const freshSigns = (now: Millis, patience = 1): Signs => ({
  directAt: now,
  lastAt: now,
  lateMs: 0,
  spreadMs: 0,
  patience,
  question: undefined,
  tripMs: undefined,
  measuredAt: undefined,
})

export interface Peer extends Signs {
  readonly id: ReplicaId
  /** There is a link of its own to it, which may work in one direction only. */
  linked: boolean
  /** The stores through which a frame reaches it; none: directly; undefined: no way is known. */
  via: readonly ReplicaId[] | undefined
  /** A way leads to it, and one back. */
  reached: boolean
  /** Through whom its last frame came that took a way through others, as the way back, and when. */
  back: { readonly via: readonly ReplicaId[]; readonly at: Millis } | undefined
  /** The newest beacon of this peer, while it was in this replica's group. */
  beacon: Beacon | undefined
  /** Its wall clock minus ours when that beacon came, in milliseconds. */
  wallOffset: number
  /** A frame came over the present link: `group` is its word, not our ignorance. */
  heard: boolean
  /** The group of its last frame; undefined while it is in none. */
  group: GroupId | undefined
  /** It is in no group, and would only watch one: it founds none. */
  watches: boolean
  /** When it was last told about another group in this room. */
  conflictAt: Millis | undefined
  /** Which of its messages came by ways through others. */
  receipts: Receipts
}

export type Peers = Map<ReplicaId, Peer>

/** Called for a link that came up. Undefined: there are too many peers, and none of them may be forgotten. */
export function linkedPeer(peers: Peers, id: ReplicaId, now: Millis): Peer | undefined {
  const peer = knownPeer(peers, id, now)
  if (peer === undefined) return undefined
  peer.linked = true
  peer.directAt = now
  peer.lastAt = now
  // Another link, perhaps to another page: it takes its own time.
  peer.question = undefined
  peer.measuredAt = undefined
  peer.heard = false
  // Who was reached through others until now is no stranger.
  if (peer.via === undefined || peer.via.length === 0) {
    peer.beacon = undefined
    peer.group = undefined
  }
  return peer
}

/** Somebody whom others tell of, or who is known already. Undefined as above. */
export function knownPeer(peers: Peers, id: ReplicaId, now: Millis): Peer | undefined {
  const known = peers.get(id)
  if (known !== undefined) return known
  if (peers.size >= peersMax && !forgetOne(peers)) return undefined
  const peer: Peer = {
    id,
    ...freshSigns(now),
    linked: false,
    via: undefined,
    back: undefined,
    reached: false,
    beacon: undefined,
    wallOffset: 0,
    heard: false,
    group: undefined,
    watches: false,
    conflictAt: undefined,
    receipts: noReceipts(),
  }
  peers.set(id, peer)
  keepSorted(peers)
  return peer
}

/** Newcomers are rare, walks in the order of ids are not. */
function keepSorted(peers: Peers): void {
  const sorted = sortedPeers(peers)
  peers.clear()
  for (const peer of sorted) peers.set(peer.id, peer)
}

/** The unlinked peer that was silent for the longest makes room. */
function forgetOne(peers: Peers): boolean {
  const silent = [...peers.values()].filter(({ linked }) => !linked)
  const oldest = silent.sort((a, b) => a.lastAt - b.lastAt)[0]
  return oldest !== undefined && peers.delete(oldest.id)
}

/** Is this the word of the peer's present life, and newer than what we have? */
export function isNewer(beacon: Beacon, known: Beacon | undefined): boolean {
  if (known === undefined) return true
  if (beacon.incarnation !== known.incarnation) return beacon.incarnation > known.incarnation
  return beacon.seq > known.seq
}

/** Sorted by id, so that every walk over them is the same on every machine. */
export function sortedPeers(peers: Peers): readonly Peer[] {
  const all = [...peers.values()]
  // Asked for many times a step, and mostly in order already.
  let sorted = true
  for (let at = 1; at < all.length && sorted; at += 1) {
    sorted = (all[at - 1]?.id ?? '') < (all[at]?.id ?? '')
  }
  return sorted ? all : all.sort((a, b) => (a.id < b.id ? -1 : 1))
}

/** A frame can be on its way to it now, over its own link or through others. */
export const isThere = ({ linked, via }: Peer): boolean => linked || via !== undefined

export const linkedIds = (peers: Peers): readonly ReplicaId[] =>
  sortedPeers(peers)
    .filter(({ linked }) => linked)
    .map(({ id }) => id)
