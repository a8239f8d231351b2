/**
 * Beginning a group anew from one copy, when a majority of its voters is gone for good (protocol.md section 10, R8): the same group
 * and the same log in another epoch, with one voter. Knows what a copy holds, not who asked for it.
 */
import { present } from '../base/assert.ts'
import type { ConfigEntry } from './entry.ts'
import type { Incarnation, Index, ReplicaId } from './ids.ts'
import { renewedVote } from './ids.ts'
import type { DurableLog } from './recover.ts'
import type { Configuration } from './log.ts'
import { wishesWith, withWish } from './wishes.ts'

/** Which store begins anew, and its start then. */
interface Founder {
  readonly self: ReplicaId
  readonly incarnation: Incarnation
}

/**
 * What the store holds of the new epoch. All of its log counts as decided there: what it accepted may have been decided, and
 * nobody is left to say. It votes alone, with a vote that the old epoch never knew.
 */
export function refound(
  before: Omit<DurableLog, 'estate'>,
  { self, incarnation }: Founder,
): DurableLog {
  const { compacted, entries, promised } = before
  const at = ((compacted?.base ?? 0) + entries.length) as Index
  const last = present(entries.at(-1) ?? compacted?.snapshot.head.last, 'a log begins with a group')
  const vote = renewedVote(self, incarnation)
  const ballot = { num: promised.num + 1, node: self }
  // Whom people shut out stays out; who begins anew votes.
  const newest = newestIn(before)
  const wishes = wishesWith(withWish(newest?.wishes, self, undefined), [vote])
  const rotation = newest?.rotation
  const alone: ConfigEntry = {
    ...{ kind: 'config', ballot, stamp: last.stamp },
    ...{ voters: [vote], joins: { [vote]: at } },
    ...(wishes.length > 0 && { wishes }),
    // Its secret stays the group's, in whatever epoch.
    ...(rotation && { rotation }),
  }
  return {
    promised: ballot,
    accepted: ballot,
    compacted,
    entries: [...entries, alone],
    decidedEnd: (at + 1) as Index,
    estate: { votes: [vote], armed: undefined, receipts: new Map() },
  }
}

function newestIn({
  entries,
  compacted,
}: Pick<DurableLog, 'entries' | 'compacted'>):
  Pick<Configuration, 'wishes' | 'rotation'> | undefined {
  const newest = entries.findLast((entry) => entry.kind === 'config')
  return newest ?? compacted?.snapshot.head.configuration
}
