/** What two stores of one group hold, compared; and the copy that a later epoch was begun from (protocol.md section 10, R8). */
import type { Ballot } from './ballot.ts'
import { compareBallots } from './ballot.ts'
import type { Epoch, Index } from './ids.ts'
import { sameEpoch } from './ids.ts'

/** How much a store knows: whoever accepted in a higher ballot, or in the same one more, holds all that the other knows to be decided. */
export interface Copy {
  readonly accepted: Ballot
  readonly logEnd: Index
}

/** Above zero: `a` is the better copy. */
export const compareCopies = (a: Copy, b: Copy): number =>
  compareBallots(a.accepted, b.accepted) || a.logEnd - b.logEnd

/** What an epoch was begun from: a copy of the epoch before. */
export interface Refounding extends Copy {
  readonly of: Epoch
}

/** Whoever has this copy loses nothing by going over to the epoch that was begun so. */
export const covers = (refounding: Refounding, epoch: Epoch, copy: Copy): boolean =>
  sameEpoch(refounding.of, epoch) && compareCopies(refounding, copy) >= 0
