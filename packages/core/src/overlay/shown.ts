/** What a replica remembers of the presence of others: whose newest word it has, and what of it is to be passed down. */
import type { Incarnation, Millis, ReplicaId } from '../protocol/ids.ts'

/** The last word of a member, and how many more it may say now. */
export interface Shown {
  readonly incarnation: Incarnation
  readonly seq: number
  readonly allowance: number
  readonly at: Millis
  /** What is yet to be passed down, if it is a member's; undefined: nothing, or it was. */
  readonly waiting: Uint8Array | undefined
}

export interface PresenceState {
  /** How often this replica showed something. */
  seq: number
  readonly heard: Map<ReplicaId, Shown>
  /** When something was last passed down. */
  passedAt: Millis | undefined
}

export const noPresence = (): PresenceState => ({ seq: 0, heard: new Map(), passedAt: undefined })
