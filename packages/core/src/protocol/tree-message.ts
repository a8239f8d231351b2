/** What observers and those who feed them say to each other, over links of their own. */
import type { Ballot } from './ballot.ts'
import type { Entry } from './entry.ts'
import type { Incarnation, Index, ReplicaId } from './ids.ts'

/** From an observer to whoever is to feed it, each second, and at once when something is missing. */
export interface Subscribe {
  readonly type: 'subscribe'
  /** It holds all that is decided below. */
  readonly from: Index
  /** So many observers are fed through it. */
  readonly below: number
  /** What came does not join on: begin anew from there. */
  readonly again: boolean
}

/** To an observer: what is decided, as far as the sender knows. True whoever says it. */
export interface Stream {
  readonly type: 'stream'
  /** The leadership that the sender heard of last, and how long ago it did, all ways between them included but their delays. */
  readonly ballot: Ballot
  readonly ageMs: number
  /** Through whom it comes from the leader, last the sender: the way up for what is proposed. */
  readonly path: readonly ReplicaId[]
  readonly from: Index
  /** The sender has no entries below `from` any more, but its snapshot of them: the receiver pulls that. */
  readonly summed: boolean
  readonly entries: readonly Entry[]
}

/** To who asked to be fed: "not by me." From a leader to who joins: "I feed as many standbys as I should." */
export interface Declined {
  readonly type: 'declined'
  /** The newest configuration that the sender knows. */
  readonly configIndex: Index
  /** Who may have room; at most as many as one feeds. */
  readonly instead: readonly ReplicaId[]
}

/** To an observer, from who feeds it: what a member shows of itself. Only the newest counts, and it promises nothing. */
export interface Sighting {
  readonly type: 'sighting'
  readonly member: ReplicaId
  readonly incarnation: Incarnation
  readonly seq: number
  /** The application's; empty: nothing any more. */
  readonly shown: Uint8Array
}

export type TreeMessage = Subscribe | Stream | Declined | Sighting
