/** How a leader brings a store to the log of its ballot: by entries, or by a snapshot and the entries behind it. */
import type { Ballot } from './ballot.ts'
import { sameBallot } from './ballot.ts'
import { snapshotEnd } from './answer.ts'
import type { Index, Millis, ReplicaId, VoteId } from './ids.ts'
import { batchBytesMax, batchEntriesMax } from './limits.ts'
import { endWithin, logEnd, sliceOfLog } from './log.ts'
import type { Context, Leading, Progress } from './state.ts'
import { ignore } from './state.ts'

interface Report {
  readonly votes: Iterable<VoteId>
  readonly accepted: Ballot
  readonly logEnd: Index
  readonly decidedEnd: Index
}

export const newProgress = (now: Millis, votes: readonly VoteId[]): Progress => ({
  votes,
  synced: false,
  ackedEnd: 0 as Index,
  sentEnd: 0 as Index,
  pulledEnd: 0 as Index,
  pulledPart: 0,
  decidedSent: 0 as Index,
  progressAt: now,
})

/** Bring a promiser to the log of this ballot, from where both surely agree. */
export function sendSync(context: Context, role: Leading, to: ReplicaId, report: Report): void {
  const { log } = context.state
  const { adopted } = role
  const agreed = sameBallot(report.accepted, adopted.accepted)
    ? Math.min(report.logEnd, adopted.end)
    : report.decidedEnd
  if (agreed > logEnd(log)) return ignore(context, to, 'promised', 'decidedBeyondOurLog')
  const from = agreed as Index
  const votes = [...report.votes]
  if (from < log.base) return sendSnapshotSync(context, role, to, votes)
  begin(context, role, { to, votes, base: report.accepted, from, summed: false })
}

/** What a store lacks is not in the log any more: whatever it holds, the snapshot takes the place of it. */
export function sendSnapshotSync(
  context: Context,
  role: Leading,
  to: ReplicaId,
  votes: readonly VoteId[],
): void {
  const from = snapshotEnd(context.state)
  begin(context, role, { to, votes, base: role.ballot, from, summed: true })
}

interface Beginning {
  readonly to: ReplicaId
  readonly votes: readonly VoteId[]
  readonly base: Ballot
  readonly from: Index
  readonly summed: boolean
}

function begin({ state, out, now }: Context, role: Leading, beginning: Beginning): void {
  const { to, votes, base, from, summed } = beginning
  const { log, decidedEnd } = state
  const total = logEnd(log)
  const end = endWithin(log, from, { bytes: batchBytesMax, count: batchEntriesMax })
  const progress = { ...newProgress(now, votes), sentEnd: total, decidedSent: decidedEnd }
  role.progress.set(to, progress)
  out.sendNow.push({
    to,
    message: {
      ...{ type: 'acceptSync', ballot: role.ballot, base, from, summed, total },
      ...{ entries: sliceOfLog(log, from, end), decidedEnd },
    },
  })
}
