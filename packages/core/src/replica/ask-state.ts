/** What people asked of the group through this replica, and have not heard of. Data only. */
import type { Act } from '../protocol/ask-message.ts'
import type { ReplicaId } from '../protocol/ids.ts'

export interface OpenAsk {
  readonly act: Act
  readonly about: ReplicaId
  /** With `rotate`: how often the secret was changed before; else 0. */
  readonly rotations: number
  /** The leader that was asked last. */
  asked: ReplicaId | undefined
}

/** By the number of the question. */
export type Asks = Map<number, OpenAsk>

export const noAsks = (): Asks => new Map()
