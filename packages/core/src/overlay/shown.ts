/** What a replica remembers of the presence of others: whose newest word it has, never what it says. */
import type { Incarnation, Millis, ReplicaId } from '../protocol/ids.ts'

/** The last word of a member, and how many more it may say now. */
export interface Shown {
  readonly incarnation: Incarnation
  readonly seq: number
  readonly allowance: number
  readonly at: Millis
}

export interface PresenceState {
  /** How often this replica showed something. */
  seq: number
  readonly heard: Map<ReplicaId, Shown>
}

export const noPresence = (): PresenceState => ({ seq: 0, heard: new Map() })
