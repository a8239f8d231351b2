/**
 * Who is up, judged by what each peer declared itself: a beacon is due within `nextMs`; how late its signs usually are is
 * forgiven; three periods without one mean down (protocol.md section 7). Knows moments, not whence they come.
 */
import type { Millis } from '../protocol/ids.ts'
import { farewellMs, marginMaxMs, marginMs, probeMs } from '../protocol/limits.ts'
import type { Peer, Question } from './peers.ts'

/** What lateness this peer is forgiven, by its own record. */
export const forgivenMs = ({ lateMs, spreadMs }: Peer): number =>
  Math.min(marginMaxMs, Math.max(marginMs, lateMs + 4 * spreadMs))

/** How long the peer may be silent before it counts as down. */
function allowedMs(peer: Peer): number {
  const nextMs = peer.beacon?.nextMs ?? 0
  return nextMs === 0 ? farewellMs : (3 * nextMs + forgivenMs(peer)) * peer.patience
}

/** After this moment the peer counts as down, if nothing is heard of it until then, by whatever way. */
export const downAt = (peer: Peer): Millis => (peer.lastAt + allowedMs(peer)) as Millis

/** The peer's newest beacon is not overdue: as sure as one can be that it is there now. */
export function isFresh(peer: Peer, now: Millis): boolean {
  const { beacon, lastAt, patience } = peer
  if (beacon === undefined || isUnanswered(peer, lastAt, now)) return false
  return now <= lastAt + (beacon.nextMs + forgivenMs(peer)) * patience
}

/** Its beacons come, by whatever way. */
export const isPresent = (peer: Peer, now: Millis): boolean =>
  peer.beacon !== undefined && now <= downAt(peer) && !isUnanswered(peer, peer.lastAt, now)

/** We hear the peer over its own link. */
export const isHeard = (peer: Peer, now: Millis): boolean =>
  peer.linked &&
  peer.heard &&
  now <= peer.directAt + allowedMs(peer) &&
  !isUnanswered(peer, peer.directAt, now)

/** It is there, a way leads to it, and one back. */
export const isReached = (peer: Peer, now: Millis): boolean => peer.reached && isPresent(peer, now)

/** It was suspected and asked, and gave no sign since. */
const isUnanswered = ({ question }: Peer, signAt: Millis, now: Millis): boolean =>
  question?.deadline !== undefined && now > question.deadline && signAt <= question.askedAt

/** Anything came from the peer, over its own link or by others: it is there, and this is how late it was. */
export function noteSign(peer: Peer, now: Millis, direct: boolean): void {
  const { beacon, lastAt } = peer
  // How long it was away says nothing about how late it is when it is there.
  if (beacon !== undefined && beacon.nextMs > 0 && now <= downAt(peer)) {
    const late = Math.max(0, now - lastAt - beacon.nextMs)
    const off = late - peer.lateMs
    peer.spreadMs += (Math.abs(off) - peer.spreadMs) / 4
    peer.lateMs += off / 8
  }
  peer.lastAt = now
  if (direct) peer.directAt = now
}

/** We stood still for `gapMs`: what came meanwhile may wait unread, so nobody is late by that. */
export function excuse(peer: Peer, gapMs: number, now: Millis): void {
  peer.lastAt = Math.min(now, peer.lastAt + gapMs) as Millis
  peer.directAt = Math.min(now, peer.directAt + gapMs) as Millis
  // What it was asked before is asked anew by whoever still doubts it.
  peer.question = undefined
}

/** Somebody has reason to think that the peer is gone. */
export const suspicion = (peer: Peer, id: number, now: Millis): Question => ({
  id,
  askedAt: now,
  deadline: (now + Math.max(4 * (peer.tripMs ?? 0), probeMs)) as Millis,
})

/** The answer to a question came. */
export function noteTrip(peer: Peer, id: number, now: Millis): void {
  const { question } = peer
  if (question?.id !== id) return
  const tripMs = now - question.askedAt
  peer.tripMs = peer.tripMs === undefined ? tripMs : peer.tripMs + (tripMs - peer.tripMs) / 4
  peer.measuredAt = now
  peer.question = undefined
}
