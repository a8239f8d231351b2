/** From a disk back to a state: a restart keeps every promise and acceptance, and no leadership. */
import type { Ballot } from './ballot.ts'
import { raiseDecided } from './decide.ts'
import type { Entry, Handed } from './entry.ts'
import type { DurableEstate } from './estate.ts'
import { castable } from './estate.ts'
import type { Index } from './ids.ts'
import { appendToLog, logEnd } from './log.ts'
import { resume } from './proposals.ts'
import type { Compacted } from './snapshot-state.ts'
import { recoverSnapshot } from './snapshot.ts'
import type { Context } from './state.ts'

export interface DurableLog {
  readonly promised: Ballot
  readonly accepted: Ballot
  /** Undefined: `entries` are the whole log. */
  readonly compacted?: Compacted | undefined
  readonly entries: readonly Entry[]
  readonly decidedEnd: Index
  readonly estate: DurableEstate
  /** What former starts handed to a leader and did not hear of, oldest first. */
  readonly outbox?: readonly Handed[]
}

/** Fills a fresh state; the effects hand the snapshot, and what is decided beyond it, to the application, which starts from nothing. */
export function recover(context: Context, durable: DurableLog): void {
  const { state, out } = context
  const { estate } = state
  const { votes, armed, receipts } = durable.estate
  estate.held = votes
  estate.written = votes
  estate.armed = armed
  for (const [from, receipt] of receipts) estate.receipts.set(from, receipt)
  state.votes = castable(estate, state.incarnation)
  state.promised = durable.promised
  state.accepted = durable.accepted
  state.highestSeen = durable.promised
  resume(context, durable.outbox ?? [])
  if (durable.compacted !== undefined) recoverSnapshot(context, durable.compacted)
  appendToLog(state.log, durable.entries)
  state.found = { logEnd: logEnd(state.log), accepted: durable.accepted }
  raiseDecided(context, durable.decidedEnd)
  state.decidedStored = durable.decidedEnd
  // Replaying what is on the disk already reveals nothing and writes nothing.
  out.persist.length = 0
  out.send.length = 0
}
