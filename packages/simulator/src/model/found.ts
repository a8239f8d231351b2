/** What a store of the model would find on its disk, and in which start; and that it is what it holds. */
import type { Durable, Entry, ProtocolState } from '@unanimous/core/internal'
import { sameBallot, sameEntry } from '@unanimous/core/internal'
import type { Disk } from '../disk.ts'
import { demand } from '../violation.ts'

/** Writes are durable before the next step; so what a store would find is what it holds. */
export const durableOf = ({
  promised,
  accepted,
  log,
  decidedStored,
  estate: { written: votes, armed, receipts },
}: ProtocolState): Durable => ({
  estate: { votes, armed, receipts },
  group: undefined,
  promised,
  accepted,
  entries: log.entries,
  decidedEnd: decidedStored,
})

export function demandDurable(disk: Disk, state: ProtocolState): void {
  demand(
    sameBallot(disk.promised, state.promised) && sameBallot(disk.accepted, state.accepted),
    'durable',
    () => 'a promise or an acceptance was not written',
  )
  const { entries } = state.log
  const same = (entry: Entry, at: number): boolean => {
    const held = entries[at]
    return held !== undefined && sameEntry(held, entry)
  }
  const whole = disk.logEnd === entries.length && disk.entries.every(same)
  demand(whole, 'durable', () => 'a part of the log was not written')
  const { votes, armed, receipts } = durableOf(state).estate
  const [found, held] = [disk.estateFor(state.self), { votes, armed, receipts }].map((estate) =>
    JSON.stringify([estate.votes, estate.armed, [...estate.receipts]]),
  )
  demand(found === held, 'durable', () => 'an heir, a vote or a receipt was not written')
}

/** A start counts only for whoever may have left its votes to somebody in it. */
export const startAfter = ({ incarnation: start, estate: { armed } }: ProtocolState): number =>
  armed === undefined ? start : start + 1
