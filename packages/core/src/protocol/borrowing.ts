/**
 * How a store that cannot sum up its application's state keeps its log short all the same: it gets the snapshot that another
 * store made of a place that is decided here, too, holds it against its own log, and keeps it as if it were its own. It has no
 * machine, or not the version that the group runs. Knows no clock but the one that it is told, and nobody's links.
 */
import { sameBallot, zeroBallot } from './ballot.ts'
import type { Index, ReplicaId } from './ids.ts'
import { borrowMs } from './limits.ts'
import { configurationAt, machineAt, stampBefore } from './log.ts'
import type { SnapshotPiece } from './snapshot-message.ts'
import type { Borrowing, SnapshotHead } from './snapshot-state.ts'
import { addPiece, snapshotOf } from './snapshot-transfer.ts'
import { keepSnapshot } from './snapshot.ts'
import type { Context, ProtocolState } from './state.ts'
import { ignore } from './state.ts'

/** Once a round. `lenders`: whom to ask, the best first; each is given up after a while without a piece. */
export function borrow(context: Context, lenders: readonly ReplicaId[]): void {
  const { state, now } = context
  const { borrowing } = state.snapshots
  if (borrowing === undefined) return
  if (borrowing.from !== undefined && now - borrowing.at < borrowMs) return
  const last = borrowing.from === undefined ? -1 : lenders.indexOf(borrowing.from)
  const next = lenders[(last + 1) % lenders.length]
  if (next === undefined) return
  borrowing.from = next
  borrowing.fetching = undefined
  ask(context, borrowing, next)
}

function ask({ state, out, now }: Context, borrowing: Borrowing, to: ReplicaId): void {
  borrowing.at = now
  const { fetching } = borrowing
  // Of one that has only begun nothing is known but that it should be newer than what is here.
  const end = fetching?.head.end ?? (((state.snapshots.last?.head.end ?? 0) + 1) as Index)
  const at = fetching?.have ?? 0
  out.sendNow.push({ to, message: { type: 'pullSnapshot', ballot: zeroBallot, end, at } })
}

/** It is for this: nobody is fetching what is decided here already for any other reason. */
export const isLent = (
  { snapshots, decidedEnd }: ProtocolState,
  from: ReplicaId,
  { ballot, head }: SnapshotPiece,
): boolean =>
  sameBallot(ballot, zeroBallot) && snapshots.borrowing?.from === from && head.end <= decidedEnd

export function onLentPiece(context: Context, from: ReplicaId, piece: SnapshotPiece): void {
  const { state } = context
  const { borrowing, last } = state.snapshots
  const { head } = piece
  const refuse = (reason: string): void => ignore(context, from, 'snapshotPiece', reason)
  if (borrowing?.from !== from) return refuse('notAskedFor')
  if (head.end <= (last?.head.end ?? 0)) return refuse('known')
  if (!agrees(state, head)) return refuse('otherHistory')
  if (!addPiece(context, from, piece, borrowing)) return
  const snapshot = snapshotOf(borrowing.fetching)
  if (snapshot === undefined) return ask(context, borrowing, from)
  state.snapshots.markedEnd = head.end
  keepSnapshot(context, snapshot)
}

/** What it says of the group at its end is what this store knows of that place. */
function agrees(
  { log }: ProtocolState,
  { end, last, configuration, machine }: SnapshotHead,
): boolean {
  const stamp = stampBefore(log, end)
  const known = configurationAt(log, end)
  if (stamp === undefined || known === undefined) return false
  const ofMachine = machineAt(log, end)
  return (
    sameBallot(stamp.ballot, last.ballot) &&
    stamp.stamp === last.stamp &&
    known.index === configuration.index &&
    known.voters.join() === configuration.voters.join() &&
    ofMachine?.index === machine?.index &&
    ofMachine?.version === machine?.version
  )
}
