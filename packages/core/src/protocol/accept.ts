/** Phase 2: the leader appends and replicates, a follower accepts (protocol.md section 5). */
import { assert, present } from '../base/assert.ts'
import { compareBallots, sameBallot } from './ballot.ts'
import { advanceDecided, hearDecided } from './decide.ts'
import type { Entry } from './entry.ts'
import { sameEntry } from './entry.ts'
import { activeConfigurations, isInAny } from './configuration.ts'
import type { Index, ReplicaId, VoteId, WallMillis } from './ids.ts'
import {
  batchBytesMax,
  batchEntriesMax,
  clockSkewMs,
  coalesceBytes,
  windowBytesMax,
} from './limits.ts'
import {
  appendToLog,
  bytesBetween,
  endWithin,
  entryAt,
  logEnd,
  sliceOfLog,
  stampBefore,
} from './log.ts'
import type { Accept, Accepted, Gap } from './message.ts'
import { sendAccepted, sendNack, sendPromise } from './answer.ts'
import type { Context, Leading, Progress, ProtocolState } from './state.ts'
import { ignore } from './state.ts'
import { newProgress, sendSnapshotSync } from './sync.ts'

/** Appends entries to a log that is already accepted in its ballot, and makes them durable. */
export function store(context: Context, entries: readonly Entry[]): void {
  const { state, out } = context
  const from = logEnd(state.log)
  appendToLog(state.log, entries)
  state.decidedStored = state.decidedEnd
  out.persist.push({
    type: 'splice',
    from,
    entries,
    accepted: state.accepted,
    decidedEnd: state.decidedEnd,
  })
}

/**
 * The log's time for a new entry: never back, and never more than a minute ahead of what has passed since the last one,
 * so that one wrong clock cannot move it far, unless a majority's clocks agree with ours.
 */
export function stampFor(context: Context, role: Leading): WallMillis {
  const { state, wall, now } = context
  const last = present(stampBefore(state.log, logEnd(state.log)), 'a log begins with a group').stamp
  const passed = Math.max(clockSkewMs, now - role.appendedAt)
  const bounded = context.wallAgreed ? wall : Math.min(wall, last + passed)
  return Math.max(last, bounded) as WallMillis
}

/** At the leader: these entries of its own ballot go to the log and to its own disk; `replicate` sends them on. */
export function append(context: Context, role: Leading, entries: readonly Entry[]): void {
  const { state } = context
  assert(sameBallot(state.accepted, role.ballot), 'a leader appends to the log of its ballot')
  assert(
    entries.every((entry) => sameBallot(entry.ballot, role.ballot)),
    'an entry carries the ballot of the leader that appends it',
  )
  const from = logEnd(state.log)
  // A leader that was idle with everything decided starts its stall clock when it begins to wait.
  if (from === state.decidedEnd) role.progressAt = context.now
  store(context, entries)
  role.slice = { from, entries }
  role.appendedAt = context.now
  sendAccepted(context)
}

/** At the leader: to every synced store what it lacks, as far as its window reaches, and the snapshot where the log does not. */
export function replicate(context: Context, role: Leading): void {
  for (const [peer, progress] of role.progress) {
    if (!progress.synced) continue
    if (progress.sentEnd < context.state.log.base) {
      sendSnapshotSync(context, role, peer, progress.votes)
      continue
    }
    const accepted = sendAccepts(context, role, peer, progress)
    if (!accepted && progress.decidedSent < context.state.decidedEnd) {
      const { ballot } = role
      const { decidedEnd } = context.state
      context.out.sendNow.push({ to: peer, message: { type: 'decide', ballot, decidedEnd } })
      progress.decidedSent = decidedEnd
    }
  }
}

function sendAccepts(context: Context, role: Leading, to: ReplicaId, progress: Progress): boolean {
  const { state, out } = context
  let sent = false
  while (progress.sentEnd < logEnd(state.log)) {
    const inFlight = bytesBetween(state.log, progress.ackedEnd, progress.sentEnd)
    const waiting = bytesBetween(state.log, progress.sentEnd, logEnd(state.log))
    if (inFlight > 0 && waiting < coalesceBytes) break
    if (inFlight >= windowBytesMax) break
    if (inFlight === 0) progress.progressAt = context.now
    const from = progress.sentEnd
    const end = endWithin(state.log, from, { bytes: batchBytesMax, count: batchEntriesMax })
    out.sendNow.push({
      to,
      message: {
        type: 'accept',
        ballot: role.ballot,
        from,
        entries: sharedSlice(state, role, from, end),
        decidedEnd: state.decidedEnd,
      },
    })
    progress.sentEnd = end
    progress.decidedSent = state.decidedEnd
    sent = true
  }
  return sent
}

/** Peers in step get the same array, so that it is encoded once. */
function sharedSlice(
  state: ProtocolState,
  role: Leading,
  from: Index,
  end: Index,
): readonly Entry[] {
  const { slice } = role
  if (slice?.from === from && slice.entries.length === end - from) return slice.entries
  const entries = sliceOfLog(state.log, from, end)
  role.slice = { from, entries }
  return entries
}

export function onAccept(context: Context, from: ReplicaId, message: Accept): void {
  const { state, out } = context
  if (message.ballot.node !== from) return ignore(context, from, 'accept', 'notItsLeader')
  const order = compareBallots(message.ballot, state.promised)
  if (order < 0) return sendNack(context, from, message.ballot)
  if (order > 0) return ignore(context, from, 'accept', 'notPromised')
  if (!sameBallot(state.accepted, message.ballot)) return sendPromise(context, from)
  if (state.role.phase !== 'follower') return ignore(context, from, 'accept', 'ownBallot')
  const end = logEnd(state.log)
  if (message.from > end) {
    out.sendNow.push({ to: from, message: { type: 'gap', ballot: message.ballot, logEnd: end } })
    return hearDecided(context, message.ballot, message.decidedEnd)
  }
  const known = end - message.from
  const fresh = known === 0 ? message.entries : message.entries.slice(known)
  if (known > 0) assertSameOverlap(state, message)
  if (fresh.length > 0) store(context, fresh)
  hearDecided(context, message.ballot, message.decidedEnd)
  sendAccepted(context)
}

/** Within one ballot the leader's log only grows: what overlaps is the same, or somebody's memory is broken. */
function assertSameOverlap(state: ProtocolState, message: Accept): void {
  const first = message.entries[0]
  if (first === undefined || message.from < state.log.base) return
  assert(
    sameEntry(first, entryAt(state.log, message.from)),
    `two entries at ${message.from} of one ballot`,
  )
}

export function onAccepted(context: Context, from: ReplicaId, message: Accepted): void {
  const { state } = context
  const { role } = state
  if (role.phase !== 'leading') return ignore(context, from, 'accepted', 'notLeading')
  if (!sameBallot(message.ballot, role.ballot)) {
    return ignore(context, from, 'accepted', 'otherBallot')
  }
  if (message.logEnd > logEnd(state.log)) {
    return ignore(context, from, 'accepted', 'beyondOurLog')
  }
  for (const vote of message.votes) {
    noteNearer(context, role, vote, message.logEnd)
    raise(role.ends, vote, message.logEnd)
    raise(role.decidedEnds, vote, message.decidedEnd)
  }
  if (from !== state.self) noteProgress(context, role, from, message)
  advanceDecided(context, role)
}

function raise<K>(ends: Map<K, Index>, key: K, end: Index): void {
  if (end > (ends.get(key) ?? -1)) ends.set(key, end)
}

/** A voter that lacked the first undecided entry comes nearer to it. Who holds it already does not help by going on. */
function noteNearer({ state, now }: Context, role: Leading, vote: VoteId, end: Index): void {
  const before = role.ends.get(vote) ?? 0
  if (end <= before || before > state.decidedEnd) return
  if (isInAny(activeConfigurations(state), [vote])) role.progressAt = now
}

function noteProgress(context: Context, role: Leading, from: ReplicaId, message: Accepted): void {
  const progress = role.progress.get(from) ?? newProgress(context.now, message.votes)
  const end = message.logEnd
  role.progress.set(from, progress)
  progress.votes = message.votes
  progress.synced = true
  if (end > progress.ackedEnd) progress.progressAt = context.now
  progress.ackedEnd = Math.max(progress.ackedEnd, end) as Index
  progress.sentEnd = Math.max(progress.sentEnd, end) as Index
}

/** Each round: what a synced store did not acknowledge for two rounds is sent once more. */
export function resendUnacknowledged(context: Context, role: Leading, roundMs: number): void {
  for (const [peer, progress] of role.progress) {
    if (!progress.synced || context.now - progress.progressAt < 2 * roundMs) continue
    if (progress.ackedEnd < progress.sentEnd) {
      progress.sentEnd = progress.ackedEnd
      progress.progressAt = context.now
    } else if (role.gate !== undefined) {
      askWhatIsDecided(context, role, peer)
      progress.progressAt = context.now
    }
  }
}

/** A gate waits for one word of each voter; the word may be lost. An empty `Accept` is answered by it once more. */
function askWhatIsDecided({ state, out }: Context, role: Leading, to: ReplicaId): void {
  const { ballot } = role
  const { decidedEnd } = state
  const from = logEnd(state.log)
  out.sendNow.push({ to, message: { type: 'accept', ballot, from, entries: [], decidedEnd } })
}

export function onGap(context: Context, from: ReplicaId, message: Gap): void {
  const { role } = context.state
  if (role.phase !== 'leading' || !sameBallot(message.ballot, role.ballot)) {
    return ignore(context, from, 'gap', 'otherBallot')
  }
  const progress = role.progress.get(from)
  if (progress === undefined) return ignore(context, from, 'gap', 'notFed')
  if (message.logEnd > logEnd(context.state.log)) {
    return ignore(context, from, 'gap', 'beyondOurLog')
  }
  if (message.logEnd < progress.sentEnd) {
    progress.sentEnd = Math.max(progress.ackedEnd, message.logEnd) as Index
  }
}
