/** What a store tells a leader about its own disk: promises and acceptances, always after the write; and refusals. */
import { present } from '../base/assert.ts'
import type { Ballot } from './ballot.ts'
import type { Index, ReplicaId } from './ids.ts'
import { batchBytesMax, batchEntriesMax } from './limits.ts'
import { endWithin, logEnd, sliceOfLog } from './log.ts'
import type { Context, ProtocolState } from './state.ts'

/**
 * To the leader of the promised ballot: what this store accepted, and its log from `tailFrom` on as far as one message goes;
 * from its snapshot on, where the log is not there any more.
 */
export function sendPromise(context: Context, to: ReplicaId, tailFrom?: Index): void {
  const { state, out } = context
  const end = logEnd(state.log)
  const summed = tailFrom !== undefined && tailFrom < state.log.base
  const from = summed ? snapshotEnd(state) : (tailFrom ?? end)
  const tailEnd =
    from === end
      ? end
      : endWithin(state.log, from, { bytes: batchBytesMax, count: batchEntriesMax })
  out.send.push({
    to,
    message: {
      type: 'promised',
      ballot: state.promised,
      votes: state.votes,
      accepted: state.accepted,
      logEnd: end,
      decidedEnd: state.decidedEnd,
      tailFrom: from,
      summed,
      tail: sliceOfLog(state.log, from, tailEnd),
    },
  })
}

/** How much the newest snapshot of a store sums up whose log does not begin at the beginning. */
export const snapshotEnd = ({ snapshots }: ProtocolState): Index =>
  present(snapshots.last, 'what is not in the log is in a snapshot').head.end

/** To the leader of the accepted ballot, which may be this store itself: how much of its log is on this disk. */
export function sendAccepted(context: Context): void {
  const { state, out } = context
  out.send.push({
    to: state.accepted.node,
    message: {
      type: 'accepted',
      ballot: state.accepted,
      votes: state.votes,
      logEnd: logEnd(state.log),
      decidedEnd: state.decidedStored,
    },
  })
}

/** It reveals the promise, so it waits for the disk like any other. */
export function sendNack(context: Context, to: ReplicaId, ballot: Ballot): void {
  const { state, out } = context
  const { votes, promised } = state
  out.send.push({ to, message: { type: 'nack', ballot, votes, promised } })
}
