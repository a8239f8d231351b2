/**
 * From promises to a leadership: which log is adopted, and when enough have promised (protocol.md section 5). The rule that
 * carries the proof: a majority of EVERY configuration that the adopted log holds at or above what is surely decided.
 */
import { assert } from '../base/assert.ts'
import { append, stampFor } from './accept.ts'
import { compareBallots, sameBallot } from './ballot.ts'
import type { Ballot } from './ballot.ts'
import { onStagedChunk, onStagedPiece } from './catch-up.ts'
import { isMajorityOfEach } from './configuration.ts'
import { raiseDecided } from './decide.ts'
import type { Entry } from './entry.ts'
import type { Index, ReplicaId, VoteId } from './ids.ts'
import { beaconVisibleMs } from './limits.ts'
import type { Configuration } from './log.ts'
import { appendToLog, configurationOf, logEnd, newestConfiguration, truncateLog } from './log.ts'
import type { Chunk } from './message.ts'
import type { SnapshotPiece } from './snapshot-message.ts'
import type { Snapshot } from './snapshot-state.ts'
import { addPiece, fetched, pullSnapshot } from './snapshot-transfer.ts'
import { installSnapshot, rewrite } from './snapshot.ts'
import { noLeaderReads } from './read-state.ts'
import type { Context, Leading, Preparing, PromiseReport, ProtocolState } from './state.ts'
import { ignore } from './state.ts'
import { sendSync } from './sync.ts'

/** The log that a new leader takes over: its own up to `from`, or a snapshot of as much, then `tail`. */
interface Adopted {
  readonly accepted: Ballot
  readonly snapshot: Snapshot | undefined
  readonly from: Index
  readonly tail: readonly Entry[]
  readonly end: Index
}

/** The largest of all reports by (accepted, end), when it is larger than this store's own log. */
function largestReport(
  state: ProtocolState,
  role: Preparing,
): { readonly source: ReplicaId; readonly report: PromiseReport } | undefined {
  let source: ReplicaId | undefined
  let accepted = state.accepted
  let end = logEnd(state.log)
  for (const [store, report] of role.promises) {
    if (store === state.self) continue
    const order = compareBallots(report.accepted, accepted) || report.logEnd - end
    if (order <= 0) continue
    source = store
    accepted = report.accepted
    end = report.logEnd
  }
  const report = source === undefined ? undefined : role.promises.get(source)
  return source === undefined || report === undefined ? undefined : { source, report }
}

/** The log to adopt, or undefined while a part of it is still to come. */
function adoptable(context: Context, role: Preparing): Adopted | undefined {
  const { state } = context
  const end = logEnd(state.log)
  const largest = largestReport(state, role)
  if (largest === undefined) {
    return { accepted: state.accepted, snapshot: undefined, from: end, tail: [], end }
  }
  const { source, report } = largest
  const missing = report.summed && report.tailFrom > state.decidedEnd
  const snapshot = missing ? fetched(state, report.tailFrom) : undefined
  if (missing && snapshot === undefined) {
    pullNext(context, report, () =>
      pullSnapshot(context, { to: source, ballot: role.ballot, end: report.tailFrom }),
    )
    return undefined
  }
  const have = (report.tailFrom + report.tail.length) as Index
  if (have < report.logEnd) {
    pullTail(context, role, { source, report, from: have })
    return undefined
  }
  return {
    accepted: report.accepted,
    snapshot,
    from: report.tailFrom,
    tail: report.tail,
    end: report.logEnd,
  }
}

function pullTail(
  context: Context,
  role: Preparing,
  missing: { source: ReplicaId; report: PromiseReport; from: Index },
): void {
  const { source: to, report, from } = missing
  const { ballot } = role
  const { logEnd: end } = report
  pullNext(context, report, () =>
    context.out.sendNow.push({ to, message: { type: 'pull', ballot, from, end } }),
  )
}

/** One piece at a time; what does not come is asked for again. */
function pullNext({ now }: Context, report: PromiseReport, pull: () => void): void {
  if (report.pulledAt !== undefined && now - report.pulledAt < beaconVisibleMs) return
  report.pulledAt = now
  pull()
}

/** Every configuration of the adopted log that may still count, given that its first `decidedEnd` entries are decided. */
function governing(
  state: ProtocolState,
  adopted: Adopted,
  decidedEnd: Index,
): readonly Configuration[] {
  const { snapshot, from } = adopted
  const below = state.log.configurations.filter(({ index }) => index < from)
  const all = snapshot === undefined ? below : [snapshot.head.configuration]
  adopted.tail.forEach((entry, offset) => {
    const made = configurationOf(entry, (adopted.from + offset) as Index)
    if (made !== undefined) all.push(made)
  })
  const first = all.findLastIndex(({ index }) => index < decidedEnd)
  return all.slice(Math.max(first, 0))
}

/** Completes phase 1 as soon as the promises allow it. */
export function evaluatePromises(context: Context, role: Preparing): void {
  const { state } = context
  // Its own comes once it is on the disk. An heir may have promised this very ballot sooner, to an earlier start of this store
  // that closed while it wrote it: who leads on that alone may forget the ballot, and lead it once more.
  if (!role.promises.has(state.self)) return
  const adopted = adoptable(context, role)
  if (adopted === undefined) return
  const reports = [...role.promises.values()]
  const known = Math.max(state.decidedEnd, ...reports.map(({ decidedEnd }) => decidedEnd))
  const decidedEnd = Math.min(known, adopted.end) as Index
  const promisers = new Set<VoteId>(reports.flatMap(({ votes }) => [...votes]))
  if (!isMajorityOfEach(governing(state, adopted, decidedEnd), promisers)) return
  lead(context, role, { ...adopted, decidedEnd })
}

/** A piece of the log that a new leader adopts, or of the sync that a follower waits for. */
export function onChunk(context: Context, from: ReplicaId, message: Chunk): void {
  const { role } = context.state
  if (role.phase !== 'preparing') return onStagedChunk(context, from, message)
  const report = role.promises.get(from)
  if (report === undefined || !sameBallot(message.ballot, role.ballot)) {
    return ignore(context, from, 'chunk', 'notAskedFor')
  }
  if (!sameBallot(message.accepted, report.accepted)) {
    return ignore(context, from, 'chunk', 'otherAccepted')
  }
  if (message.from !== report.tailFrom + report.tail.length) {
    return ignore(context, from, 'chunk', 'notNext')
  }
  for (const entry of message.entries.slice(0, report.logEnd - message.from))
    report.tail.push(entry)
  report.pulledAt = undefined
  role.progressAt = context.now
  evaluatePromises(context, role)
}

/** A piece of the snapshot that a new leader adopts, or of the one that a follower waits for. */
export function onSnapshotPiece(context: Context, from: ReplicaId, message: SnapshotPiece): void {
  const { role } = context.state
  if (role.phase !== 'preparing') return onStagedPiece(context, from, message)
  const report = role.promises.get(from)
  if (report === undefined || !sameBallot(message.ballot, role.ballot)) {
    return ignore(context, from, 'snapshotPiece', 'notAskedFor')
  }
  if (!report.summed || message.head.end !== report.tailFrom) {
    return ignore(context, from, 'snapshotPiece', 'otherSnapshot')
  }
  report.pulledAt = undefined
  if (!addPiece(context, from, message)) return
  role.progressAt = context.now
  evaluatePromises(context, role)
}

function spliceIn(
  { state, out }: Context,
  from: Index,
  entries: readonly Entry[],
  decidedEnd: Index,
): void {
  const { accepted } = state
  state.decidedStored = decidedEnd
  out.persist.push({ type: 'splice', from, entries, accepted, decidedEnd })
}

function lead(context: Context, role: Preparing, adopted: Adopted & { decidedEnd: Index }): void {
  const { state, now } = context
  const { snapshot } = adopted
  assert(adopted.end >= state.decidedEnd, 'an adopted log holds all that is decided here')
  if (snapshot !== undefined) installSnapshot(context, snapshot)
  const from = Math.max(adopted.from, state.decidedEnd) as Index
  const tail = adopted.tail.slice(from - adopted.from)
  truncateLog(state.log, from)
  appendToLog(state.log, tail)
  state.accepted = role.ballot
  state.staging = undefined
  const { decidedEnd } = adopted
  if (snapshot !== undefined) rewrite(context, snapshot)
  else spliceIn(context, from, tail, decidedEnd)
  const leading: Leading = {
    phase: 'leading',
    ballot: role.ballot,
    firstIndex: logEnd(state.log),
    adopted: { accepted: adopted.accepted, end: adopted.end },
    progress: new Map(),
    refusals: role.refusals,
    ends: new Map(),
    decidedEnds: new Map(),
    gate: newestConfiguration(state.log)?.index,
    progressAt: now,
    appendedAt: now,
    configuredAt: now,
    slice: undefined,
    reads: noLeaderReads(),
  }
  state.role = leading
  raiseDecided(context, decidedEnd)
  const stamp = stampFor(context, leading)
  append(context, leading, [{ kind: 'noop', ballot: role.ballot, stamp }])
  for (const [peer, report] of role.promises) {
    if (peer !== state.self) sendSync(context, leading, peer, report)
  }
}
