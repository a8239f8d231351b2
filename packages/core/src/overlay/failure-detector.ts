/**
 * Who is up, judged by what each peer declared itself: a beacon is due within `nextMs`, and three periods and a margin
 * without a sound mean down (protocol.md section 7; here with a fixed margin).
 */
import type { Millis } from '../protocol/ids.ts'
import { marginMs } from '../protocol/limits.ts'
import type { Peer } from './peers.ts'

/** How long the peer may be silent before it counts as down. */
function allowedMs({ beacon }: Peer): number {
  const nextMs = beacon?.nextMs ?? 0
  return nextMs === 0 ? 1000 : 3 * nextMs + marginMs
}

/** After this moment the peer counts as down, if nothing is heard of it until then, by whatever way. */
export const downAt = (peer: Peer): Millis => (peer.lastAt + allowedMs(peer)) as Millis

/** The peer's newest beacon is not overdue: as sure as one can be that it is there now. */
export function isFresh({ beacon, lastAt }: Peer, now: Millis): boolean {
  return beacon !== undefined && now <= lastAt + beacon.nextMs + marginMs
}

/** Its beacons come, by whatever way. */
export const isPresent = (peer: Peer, now: Millis): boolean =>
  peer.beacon !== undefined && now <= downAt(peer)

/** We hear the peer over its own link. */
export const isHeard = (peer: Peer, now: Millis): boolean =>
  peer.linked && peer.heard && now <= peer.directAt + allowedMs(peer)

/** It is there, a way leads to it, and one back. */
export const isReached = (peer: Peer, now: Millis): boolean => peer.reached && isPresent(peer, now)
