/**
 * How a snapshot comes from one store to another: the receiver pulls piece after piece by position, one at a time, so that a
 * lost link or another leader costs no more than the piece that was on its way. Knows no disk and no application.
 */
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, concatBytes } from '@noble/hashes/utils.js'
import type { Ballot } from './ballot.ts'
import { isZeroBallot } from './ballot.ts'
import { activeConfigurations, isInAny } from './configuration.ts'
import type { Index, ReplicaId } from './ids.ts'
import { pieceBytesMax, pieceNumbersMax, pieceSessionsMax } from './limits.ts'
import type { SessionRecord } from './sessions.ts'
import type { PullSnapshot, SnapshotPiece } from './snapshot-message.ts'
import type { Fetching, Snapshot, SnapshotHead } from './snapshot-state.ts'
import type { Context, Leading, ProtocolState } from './state.ts'
import { ignore } from './state.ts'

/** 32 hex digits that two equal states have in common. */
export const hashOfState = (state: Uint8Array): string => bytesToHex(sha256(state)).slice(0, 32)

const totalOf = ({ sessionCount, stateBytes }: SnapshotHead): number => sessionCount + stateBytes

/** Asks for the next piece of the snapshot of the first `end` entries: where it was left off, whoever it came from. */
export function pullSnapshot(
  { state, out }: Context,
  { to, ballot, end }: { to: ReplicaId; ballot: Ballot; end: Index },
): void {
  const { fetching } = state.snapshots
  const at = fetching?.head.end === end ? fetching.have : 0
  out.sendNow.push({ to, message: { type: 'pullSnapshot', ballot, end, at } })
}

/** The snapshot of the first `end` entries, once all of it is here. */
export function fetched({ snapshots }: ProtocolState, end: Index): Snapshot | undefined {
  const { fetching } = snapshots
  return fetching?.head.end === end ? snapshotOf(fetching) : undefined
}

/** Undefined: a part of it is still to come. */
export function snapshotOf(fetching: Fetching | undefined): Snapshot | undefined {
  if (fetching === undefined || fetching.have < totalOf(fetching.head)) return undefined
  const { head, sessions, parts } = fetching
  return { head, sessions, state: concatBytes(...parts) }
}

/** False: this store has no such snapshot, or none any more. */
export function sendPiece(context: Context, to: ReplicaId, message: PullSnapshot): boolean {
  const { state, out } = context
  const { last, previous } = state.snapshots
  const { ballot, end, at } = message
  const known = [last, previous].find((each) => each?.head.end === end)
  const newer = isZeroBallot(ballot) && at === 0 && (last?.head.end ?? 0) > end ? last : undefined
  const snapshot = known ?? newer
  if (snapshot === undefined) return false
  if (at >= totalOf(snapshot.head) && at > 0) {
    ignore(context, to, 'pullSnapshot', 'nothingThere')
    return true
  }
  out.send.push({ to, message: { ...pieceOf(snapshot, at), ballot } })
  return true
}

function pieceOf({ head, sessions, state }: Snapshot, at: number): Omit<SnapshotPiece, 'ballot'> {
  const from = at - head.sessionCount
  return {
    ...{ type: 'snapshotPiece', head, at },
    sessions: sessionsFrom(sessions, at),
    state: from < 0 ? new Uint8Array() : state.subarray(from, from + pieceBytesMax),
  }
}

/** As many as make a short frame; one alone may make a longer one. */
function sessionsFrom(sessions: readonly SessionRecord[], at: number): readonly SessionRecord[] {
  const piece: SessionRecord[] = []
  let numbers = 0
  for (const session of sessions.slice(at, at + pieceSessionsMax)) {
    numbers += session.ahead.length
    if (numbers > pieceNumbersMax && piece.length > 0) break
    piece.push(session)
  }
  return piece
}

/** A sync by snapshot goes on; that of a voter brings the next decision nearer. */
export function notePulledPart(
  { state, now }: Context,
  role: Leading,
  from: ReplicaId,
  { at }: PullSnapshot,
): void {
  const progress = role.progress.get(from)
  if (progress === undefined || at <= progress.pulledPart) return
  progress.pulledPart = at
  progress.progressAt = now
  if (isInAny(activeConfigurations(state), progress.votes)) role.progressAt = now
}

/** Adds a piece of the snapshot that is gathered in `into`, where a sync gathers its own unless told. False: it is of no use. */
export function addPiece(
  context: Context,
  from: ReplicaId,
  piece: SnapshotPiece,
  into: { fetching: Fetching | undefined } = context.state.snapshots,
): boolean {
  const refuse = (reason: string): false => {
    ignore(context, from, 'snapshotPiece', reason)
    return false
  }
  if (into.fetching === undefined || !sameHead(into.fetching.head, piece.head)) {
    // Another one of the same end would be another history: what was gathered of it is not mixed with this one.
    into.fetching = begun(piece.head)
  }
  const { fetching } = into
  if (piece.at !== fetching.have) return refuse('notNext')
  if (piece.at + piece.sessions.length + piece.state.length > totalOf(piece.head)) {
    return refuse('tooLong')
  }
  if (!append(fetching, piece)) return refuse('mixed')
  if (fetching.have < totalOf(fetching.head)) return true
  if (hashOfState(concatBytes(...fetching.parts)) === fetching.head.hash) return true
  into.fetching = undefined
  return refuse('wrongHash')
}

const begun = (head: SnapshotHead): Fetching => ({
  ...{ head, sessions: [], parts: [], have: 0 },
})

function append(fetching: Fetching, { sessions, state }: SnapshotPiece): boolean {
  const { head } = fetching
  const known = fetching.sessions.length + sessions.length
  if (known > head.sessionCount || (state.length > 0 && known < head.sessionCount)) return false
  for (const session of sessions) fetching.sessions.push(session)
  fetching.parts.push(state)
  fetching.have += sessions.length + state.length
  return true
}

const sameHead = (a: SnapshotHead, b: SnapshotHead): boolean =>
  a.end === b.end &&
  a.hash === b.hash &&
  a.digest === b.digest &&
  a.sessionCount === b.sessionCount &&
  a.stateBytes === b.stateBytes
