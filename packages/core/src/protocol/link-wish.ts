/** What a store asks of whoever makes its links. Types only. */
import type { ReplicaId } from './ids.ts'

/** The links that a store needs; to whoever else wants one with it, it keeps it. */
export interface LinkWish {
  /** Sorted. */
  readonly to: readonly ReplicaId[]
  /** So many more, to anybody but `except`. */
  readonly others: number
  readonly except: readonly ReplicaId[]
}
