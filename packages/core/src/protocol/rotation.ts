/**
 * The group's secret as the log knows it: how often it was changed, by what it is known, who may be told of it, and the boxes
 * in which it came. Data only: what is in a box is for `runtime/secret-box.ts`.
 */
import type { ReplicaId } from './ids.ts'

/** The secret that the group goes by. Absent where it was never changed: then it is the one that the group began with. */
export interface Rotation {
  /** Counts how often it was changed, from 1 on. */
  readonly number: number
  /** By which it is known whether a secret is this one: 32 hex digits. */
  readonly hash: string
  /** The stores that were known when it was drawn, less those that were out: any member may tell it to them. Sorted. */
  readonly stays: readonly ReplicaId[]
}

/** The secret for one store, which alone can open it. */
export interface Box {
  readonly store: ReplicaId
  readonly sealed: Uint8Array
}

/** The secret for those who vote, in the one entry by which the group goes over to it. */
export interface Boxes {
  /** Of the leader who made them: his id is the hash of it. */
  readonly key: Uint8Array
  /** In the order of their stores. */
  readonly boxes: readonly Box[]
}

/** How often the group that this configuration is of has changed its secret. */
export const rotationsIn = (configuration: { readonly rotation?: Rotation } | undefined): number =>
  configuration?.rotation?.number ?? 0
