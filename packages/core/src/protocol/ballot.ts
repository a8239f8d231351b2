/** Ballots: which leadership a promise or an acceptance belongs to. Unique a leader by construction. */
import type { ReplicaId } from './ids.ts'

/** One leadership: a number and the replica that leads. */
export interface Ballot {
  readonly num: number
  /** The leader that started it; empty in the zero ballot, which is below every other. */
  readonly node: ReplicaId
}

export const zeroBallot: Ballot = { num: 0, node: '' as ReplicaId }

/** Negative, zero or positive: by number, then by node id. */
export function compareBallots(a: Ballot, b: Ballot): number {
  if (a.num !== b.num) return a.num - b.num
  return a.node < b.node ? -1 : a.node > b.node ? 1 : 0
}

export const sameBallot = (a: Ballot, b: Ballot): boolean => a.num === b.num && a.node === b.node

export const laterBallot = (a: Ballot, b: Ballot): Ballot => (compareBallots(a, b) >= 0 ? a : b)

export const isZeroBallot = (ballot: Ballot): boolean => ballot.num === 0
