/** How a store gets the log of a ballot that it promised: AcceptSync, and Pull / Chunk for what one message cannot carry. */
import { assert } from '../base/assert.ts'
import { newProgress } from './accept.ts'
import { sendAccepted, sendNack, sendPromise } from './answer.ts'
import { compareBallots, sameBallot } from './ballot.ts'
import type { Ballot } from './ballot.ts'
import { hearDecided } from './decide.ts'
import { sameEntry } from './entry.ts'
import { activeConfigurations, isInAny } from './configuration.ts'
import type { Index, ReplicaId, VoteId } from './ids.ts'
import { batchBytesMax, batchEntriesMax } from './limits.ts'
import { appendToLog, endWithin, entryAt, logEnd, sliceOfLog, truncateLog } from './log.ts'
import type { AcceptSync, Chunk, Pull } from './message.ts'
import type { Context, Leading, ProtocolState, Staging } from './state.ts'
import { ignore } from './state.ts'

interface Report {
  readonly votes: Iterable<VoteId>
  readonly accepted: Ballot
  readonly logEnd: Index
  readonly decidedEnd: Index
}

/** At the leader: bring a promiser to the log of this ballot, from where both surely agree. */
export function sendSync(context: Context, role: Leading, to: ReplicaId, report: Report): void {
  const { state, out, now } = context
  const { adopted } = role
  const agreed = sameBallot(report.accepted, adopted.accepted)
    ? Math.min(report.logEnd, adopted.end)
    : report.decidedEnd
  if (agreed > logEnd(state.log)) return ignore(context, to, 'promised', 'decidedBeyondOurLog')
  const from = agreed as Index
  const total = logEnd(state.log)
  const end = endWithin(state.log, from, { bytes: batchBytesMax, count: batchEntriesMax })
  role.progress.set(to, {
    ...newProgress(now, [...report.votes]),
    sentEnd: total,
    decidedSent: state.decidedEnd,
  })
  out.sendNow.push({
    to,
    message: {
      type: 'acceptSync',
      ballot: role.ballot,
      base: report.accepted,
      from,
      total,
      entries: sliceOfLog(state.log, from, end),
      decidedEnd: state.decidedEnd,
    },
  })
}

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
  if (sameBallot(state.accepted, ballot)) return sendAccepted(context)
  const joins = sameBallot(state.accepted, message.base) || message.from <= state.decidedEnd
  if (!joins || message.from > logEnd(state.log)) {
    state.staging = undefined
    ignore(context, from, 'acceptSync', 'otherBase')
    return sendPromise(context, from)
  }
  const { staging } = state
  if (staging === undefined || !continues(staging, message)) {
    const { base, total, decidedEnd } = message
    state.staging = {
      ballot,
      base,
      from: message.from,
      total,
      entries: [...message.entries],
      decidedEnd,
    }
  }
  completeOrPull(context, from)
}

/** The same sync again: what was gathered since the first one still counts. */
const continues = (staging: Staging, message: AcceptSync): boolean =>
  sameBallot(staging.ballot, message.ballot) &&
  sameBallot(staging.base, message.base) &&
  staging.from === message.from &&
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
  const have = (staging.from + staging.entries.length) as Index
  if (have >= staging.total) return adoptStaged(context, staging)
  const { ballot, total } = staging
  out.sendNow.push({ to: leader, message: { type: 'pull', ballot, from: have, end: total } })
}

function adoptStaged(context: Context, staging: Staging): void {
  const { state, out } = context
  const from = Math.max(staging.from, state.decidedEnd) as Index
  compareDecided(state, staging, from)
  const entries = staging.entries.slice(from - staging.from)
  truncateLog(state.log, from)
  appendToLog(state.log, entries)
  state.accepted = staging.ballot
  state.staging = undefined
  state.decidedStored = state.decidedEnd
  const { ballot: accepted, decidedEnd } = staging
  out.persist.push({ type: 'splice', from, entries, accepted, decidedEnd: state.decidedEnd })
  hearDecided(context, accepted, decidedEnd)
  sendAccepted(context)
}

/** What is decided here is compared and skipped, never cut off. */
function compareDecided(state: ProtocolState, staging: Staging, end: Index): void {
  for (let at = staging.from; at < end; at = (at + 1) as Index) {
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
