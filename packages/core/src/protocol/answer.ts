/** What a store tells a leader about its own disk: promises and acceptances, always after the write; and refusals. */
import type { Ballot } from './ballot.ts'
import type { Index, ReplicaId } from './ids.ts'
import { batchBytesMax, batchEntriesMax } from './limits.ts'
import { endWithin, logEnd, sliceOfLog } from './log.ts'
import type { Context } from './state.ts'

/** To the leader of the promised ballot: what this store accepted, and its log from `tailFrom` on as far as one message goes. */
export function sendPromise(context: Context, to: ReplicaId, tailFrom?: Index): void {
  const { state, out } = context
  const end = logEnd(state.log)
  const from = tailFrom ?? end
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
      tail: sliceOfLog(state.log, from, tailEnd),
    },
  })
}

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
