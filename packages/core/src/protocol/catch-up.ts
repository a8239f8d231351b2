/**
 * How a store gets the log of a ballot that it promised: AcceptSync, Pull / Chunk for what one message cannot carry, and a
 * snapshot for what is in no log any more.
 */
import { assert } from '../base/assert.ts'
import { sendAccepted, sendNack, sendPromise } from './answer.ts'
import { compareBallots, isZeroBallot, sameBallot } from './ballot.ts'
import { hearDecided } from './decide.ts'
import { sameEntry } from './entry.ts'
import { activeConfigurations, isInAny } from './configuration.ts'
import type { Index, ReplicaId } from './ids.ts'
import { batchBytesMax, batchEntriesMax } from './limits.ts'
import { appendToLog, endWithin, entryAt, logEnd, sliceOfLog, truncateLog } from './log.ts'
import type { AcceptSync, Chunk, Pull } from './message.ts'
import type { PullSnapshot, SnapshotPiece } from './snapshot-message.ts'
import type { Snapshot } from './snapshot-state.ts'
import { addPiece, fetched, notePulledPart, pullSnapshot, sendPiece } from './snapshot-transfer.ts'
import { installSnapshot, rewrite } from './snapshot.ts'
import type { Context, Leading, ProtocolState, Staging } from './state.ts'
import { ignore } from './state.ts'
import { sendSnapshotSync } from './sync.ts'

/**
 * At a promiser. It is atomic: `accepted` becomes the ballot only when the log holds all that the ballot began with. A
 * sync that was computed for another state of this store would leave a hole or cut off something decided.
 */
export function onAcceptSync(context: Context, from: ReplicaId, message: AcceptSync): void {
  const { state } = context
  const { ballot } = message
  if (ballot.node !== from) return ignore(context, from, 'acceptSync', 'notItsLeader')
  const order = compareBallots(ballot, state.promised)
  if (order < 0) return sendNack(context, from, ballot)
  if (order > 0) return ignore(context, from, 'acceptSync', 'notPromised')
  // Who is in step already lacks something only if the leader says that it is in no log any more.
  const lacking = message.summed && message.from > logEnd(state.log)
  if (sameBallot(state.accepted, ballot) && !lacking) return sendAccepted(context)
  if (!joins(state, message)) {
    state.staging = undefined
    ignore(context, from, 'acceptSync', 'otherBase')
    return sendPromise(context, from)
  }
  const { staging } = state
  if (staging === undefined || !continues(staging, message)) {
    const { base, from: begin, summed, total, entries, decidedEnd } = message
    state.staging = {
      ...{ ballot, base, from: begin, summed, total, entries: [...entries], decidedEnd },
    }
  }
  completeOrPull(context, from)
}

/** What lies below its beginning is the same here, or will be once the snapshot is. */
function joins({ accepted, decidedEnd, log }: ProtocolState, message: AcceptSync): boolean {
  const { base, from, summed } = message
  if (summed || from <= decidedEnd) return true
  return sameBallot(accepted, base) && from <= logEnd(log)
}

/** The same sync again: what was gathered since the first one still counts. */
const continues = (staging: Staging, message: AcceptSync): boolean =>
  sameBallot(staging.ballot, message.ballot) &&
  sameBallot(staging.base, message.base) &&
  staging.from === message.from &&
  staging.summed === message.summed &&
  staging.entries.length >= message.entries.length

/** In the middle of a sync, the leader's question is answered by asking for the next piece. */
export function resumeStaging(context: Context, leader: ReplicaId): boolean {
  const { staging, promised } = context.state
  if (staging === undefined || !sameBallot(staging.ballot, promised)) return false
  completeOrPull(context, leader)
  return true
}

function completeOrPull(context: Context, leader: ReplicaId): void {
  const { state, out } = context
  const { staging } = state
  assert(staging !== undefined, 'there is something staged')
  const { ballot, total, from: begin } = staging
  // Late entries of this very ballot may have brought it as far: to go back would take back what was accepted.
  if (sameBallot(state.accepted, ballot) && begin <= logEnd(state.log)) {
    state.staging = undefined
    return sendAccepted(context)
  }
  const missing = staging.summed && begin > state.decidedEnd
  const snapshot = missing ? fetched(state, begin) : undefined
  if (missing && snapshot === undefined) {
    return pullSnapshot(context, { to: leader, ballot, end: begin })
  }
  const have = (staging.from + staging.entries.length) as Index
  if (have >= total) return adoptStaged(context, staging, snapshot)
  out.sendNow.push({ to: leader, message: { type: 'pull', ballot, from: have, end: total } })
}

function adoptStaged(context: Context, staging: Staging, snapshot: Snapshot | undefined): void {
  const { state, out } = context
  if (snapshot !== undefined) installSnapshot(context, snapshot)
  const from = Math.max(staging.from, state.decidedEnd) as Index
  compareDecided(state, staging, from)
  const entries = staging.entries.slice(from - staging.from)
  truncateLog(state.log, from)
  appendToLog(state.log, entries)
  state.accepted = staging.ballot
  state.staging = undefined
  state.decidedStored = state.decidedEnd
  const { ballot: accepted, decidedEnd } = staging
  if (snapshot !== undefined) rewrite(context, snapshot)
  else out.persist.push({ type: 'splice', from, entries, accepted, decidedEnd: state.decidedEnd })
  hearDecided(context, accepted, decidedEnd)
  sendAccepted(context)
}

/** What is decided here is compared and skipped, never cut off. */
function compareDecided(state: ProtocolState, staging: Staging, end: Index): void {
  const first = Math.max(staging.from, state.log.base) as Index
  for (let at = first; at < end; at = (at + 1) as Index) {
    const entry = staging.entries[at - staging.from]
    assert(entry !== undefined, `a sync to ${staging.total} is shorter than what is decided here`)
    assert(sameEntry(entry, entryAt(state.log, at)), `two decided entries at ${at}`)
  }
}

/** Any store answers from its own log to the leader that it promised, and says in which ballot it accepted that log. */
export function onPull(context: Context, from: ReplicaId, message: Pull): void {
  const { state, out } = context
  if (!sameBallot(message.ballot, state.promised)) {
    return ignore(context, from, 'pull', 'otherBallot')
  }
  const end = Math.min(message.end, logEnd(state.log)) as Index
  if (message.from >= end) return ignore(context, from, 'pull', 'nothingThere')
  if (message.from < state.log.base) return offerSnapshot(context, from)
  const pieceEnd = Math.min(
    end,
    endWithin(state.log, message.from, { bytes: batchBytesMax, count: batchEntriesMax }),
  ) as Index
  if (state.role.phase === 'leading') notePulled(context, state.role, from, message)
  out.send.push({
    to: from,
    message: {
      type: 'chunk',
      ballot: message.ballot,
      accepted: state.accepted,
      from: message.from,
      entries: sliceOfLog(state.log, message.from, pieceEnd),
    },
  })
}

/** What a store asks for is not here any more, neither as entries nor as the snapshot that it began to fetch. */
function offerSnapshot(context: Context, to: ReplicaId): void {
  const { role } = context.state
  if (role.phase !== 'leading') return sendPromise(context, to, 0 as Index)
  // A link that broke took its progress away. In the middle of a sync it answers no Prepare, so this is all we hear of it.
  sendSnapshotSync(context, role, to, role.progress.get(to)?.votes ?? [])
}

export function onPullSnapshot(context: Context, from: ReplicaId, message: PullSnapshot): void {
  const { state } = context
  if (isZeroBallot(message.ballot)) {
    // An observer asks, and is told again of what there is if this is gone.
    if (!sendPiece(context, from, message)) ignore(context, from, 'pullSnapshot', 'nothingThere')
    return
  }
  if (!sameBallot(message.ballot, state.promised)) {
    return ignore(context, from, 'pullSnapshot', 'otherBallot')
  }
  if (sendPiece(context, from, message)) {
    if (state.role.phase === 'leading') notePulledPart(context, state.role, from, message)
  } else if (state.snapshots.last === undefined) {
    ignore(context, from, 'pullSnapshot', 'nothingThere')
  } else {
    offerSnapshot(context, from)
  }
}

/** At a store in the middle of a sync. */
export function onStagedPiece(context: Context, from: ReplicaId, message: SnapshotPiece): void {
  const { staging } = context.state
  if (staging === undefined || !sameBallot(staging.ballot, message.ballot)) {
    return ignore(context, from, 'snapshotPiece', 'nothingStaged')
  }
  if (from !== staging.ballot.node || !staging.summed || message.head.end !== staging.from) {
    return ignore(context, from, 'snapshotPiece', 'notAskedFor')
  }
  if (addPiece(context, from, message)) completeOrPull(context, from)
}

/** A sync goes on; that of a voter brings the next decision nearer. */
function notePulled({ state, now }: Context, role: Leading, from: ReplicaId, pull: Pull): void {
  const progress = role.progress.get(from)
  if (progress === undefined || pull.from <= progress.pulledEnd) return
  progress.pulledEnd = pull.from
  progress.progressAt = now
  if (isInAny(activeConfigurations(state), progress.votes)) role.progressAt = now
}

/** At a store in the middle of a sync. */
export function onStagedChunk(context: Context, from: ReplicaId, message: Chunk): void {
  const { staging } = context.state
  if (staging === undefined || !sameBallot(staging.ballot, message.ballot)) {
    return ignore(context, from, 'chunk', 'nothingStaged')
  }
  if (!sameBallot(message.accepted, staging.ballot)) {
    return ignore(context, from, 'chunk', 'otherAccepted')
  }
  if (message.from !== staging.from + staging.entries.length) {
    return ignore(context, from, 'chunk', 'notNext')
  }
  for (const entry of message.entries) staging.entries.push(entry)
  completeOrPull(context, staging.ballot.node)
}
