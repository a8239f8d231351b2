/** Of which epoch a group is, and how that one came to be, as fields of frames and records. */
import type { Epoch } from '../protocol/ids.ts'
import type { Refounding } from '../protocol/copy.ts'
import type { Reader } from './reader.ts'

export const packEpoch = ({ number, id }: Epoch): readonly unknown[] => [number, id]

/** The last elements of a list; none: the epoch is the founder's. */
export const packRefounding = (refounding: Refounding | undefined): readonly unknown[] =>
  refounding === undefined
    ? []
    : [
        ...packEpoch(refounding.of),
        ...[refounding.accepted.num, refounding.accepted.node, refounding.logEnd],
      ]

export const unpackRefounding = (reader: Reader): Refounding | undefined =>
  reader.left === 0
    ? undefined
    : { of: reader.epoch(), accepted: reader.ballot(), logEnd: reader.index() }
