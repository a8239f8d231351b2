/**
 * Who feeds whom: what a store remembers of the observers below it and, if it is one itself, of whoever feeds it. A tree in
 * which nobody has more than a few below, so that what one pays does not grow with the audience. Data and its bounds; knows no
 * messages (protocol.md section 8).
 */
import type { Ballot } from '../protocol/ballot.ts'
import type { Index, Millis, ReplicaId } from '../protocol/ids.ts'
import type { LinkWish } from '../protocol/link-wish.ts'
import { declinedPauseMs, peersMax } from '../protocol/limits.ts'

/** An observer that this store feeds. */
export interface Child {
  /** When it last said that it is there. */
  at: Millis
  sentEnd: Index
  ackedEnd: Index
  /** So many are fed through it. */
  below: number
}

/** The leadership that somebody heard of last, and when. */
export interface Word {
  readonly ballot: Ballot
  readonly at: Millis
}

export interface Tree {
  readonly children: Map<ReplicaId, Child>
  /** What the children have yet to hear, though there is nothing new for them: that the leader is there. */
  tell: boolean
  toldAt: Millis | undefined
  word: Word | undefined
  /** Who feeds this observer, when it last did, and through whom the leader’s word comes to it: last the feeder. */
  feeder: ReplicaId | undefined
  feederAt: Millis
  path: readonly ReplicaId[]
  /** Bytes since this observer last said how far it is. */
  unsaid: number
  saidAt: Millis | undefined
  /** When this observer last said from where on it has to be fed. */
  againAt: Millis | undefined
  /** Who was asked to feed it, and has not answered. */
  asked: { readonly id: ReplicaId; readonly at: Millis } | undefined
  /** Who may have room, by the word of who has none. */
  suggested: readonly ReplicaId[]
  suggestedAt: Millis
  /** Whom it turns to when its feeder goes. */
  ready: ReplicaId | undefined
  /** Who was of no use lately. */
  readonly declinedAt: Map<ReplicaId, Millis>
  /** How much was decided here when others were first seen to be ahead. */
  behind: { readonly since: Millis; readonly decidedEnd: Index } | undefined
  /** When it began to observe, and when it last asked to rise. */
  since: Millis
  roseAt: Millis | undefined
  wish: LinkWish | undefined
}

export const noTree = (): Tree => ({
  ...{ children: new Map(), tell: false, toldAt: undefined, word: undefined },
  ...{
    feeder: undefined,
    feederAt: 0 as Millis,
    path: [],
    unsaid: 0,
    saidAt: undefined,
    againAt: undefined,
  },
  ...{ asked: undefined, suggested: [], suggestedAt: 0 as Millis, ready: undefined },
  ...{ declinedAt: new Map(), behind: undefined, since: 0 as Millis, roseAt: undefined },
  wish: undefined,
})

export function noteDeclined({ declinedAt }: Tree, id: ReplicaId, now: Millis): void {
  declinedAt.delete(id)
  declinedAt.set(id, now)
  // It keeps the order in which it was filled: the first is the oldest.
  for (const old of declinedAt.keys()) if (declinedAt.size > peersMax) declinedAt.delete(old)
}

export const isDeclined = ({ declinedAt }: Tree, id: ReplicaId, now: Millis): boolean =>
  now - (declinedAt.get(id) ?? -Infinity) < declinedPauseMs

/** Sorted by id, so that every walk over them is the same on every machine. */
export const sortedChildren = ({ children }: Tree): readonly (readonly [ReplicaId, Child])[] =>
  [...children].sort(([a], [b]) => (a < b ? -1 : 1))

/** Everybody below this store. */
export const belowOf = ({ children }: Tree): number =>
  [...children.values()].reduce((sum, { below }) => sum + 1 + below, 0)

/** Different for each of those who choose, so that not all choose alike; no more than that depends on it. */
export function lotOf(by: ReplicaId, id: ReplicaId): number {
  let lot = 0x811c9dc5
  for (const sign of by + id) lot = Math.imul(lot ^ sign.charCodeAt(0), 0x01000193)
  return lot >>> 0
}
