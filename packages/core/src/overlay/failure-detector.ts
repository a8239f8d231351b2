/**
 * Who is up, judged by what each peer declared itself: a beacon is due within `nextMs`, and three periods and a margin
 * without a sound mean down (protocol.md section 7; here with a fixed margin).
 */
import type { Millis, ReplicaId } from '../protocol/ids.ts'
import { marginMs } from '../protocol/limits.ts'
import type { Peer } from './peers.ts'

/** After this moment the peer counts as down, if nothing is heard until then. */
export function downAt(peer: Peer): Millis {
  const nextMs = peer.beacon?.nextMs ?? 0
  const allowedMs = nextMs === 0 ? 1000 : 3 * nextMs + marginMs
  return (peer.lastAt + allowedMs) as Millis
}

/** The peer's newest beacon is not overdue: as sure as one can be that it is there now. */
export function isFresh({ linked, beacon, lastAt }: Peer, now: Millis): boolean {
  return linked && beacon !== undefined && now <= lastAt + beacon.nextMs + marginMs
}

/** We hear the peer. */
export const isHeard = (peer: Peer, now: Millis): boolean =>
  peer.linked && peer.beacon !== undefined && now <= downAt(peer)

/** We hear the peer, and by its own word it hears us. */
export const isTwoWay = (peer: Peer, self: ReplicaId, now: Millis): boolean =>
  isHeard(peer, now) && (peer.beacon?.heard.includes(self) ?? false)
