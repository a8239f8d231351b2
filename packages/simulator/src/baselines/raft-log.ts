/** Raft's log: a leader appends and replicates, a follower matches and truncates, and what is committed (thesis, section 3.5 and 3.6). */
import type { Entry, Proposal, ReplicaId, WallMillis } from '@unanimous/core/internal'
import { outOfSession } from '@unanimous/core/internal'
import { demand } from '../violation.ts'
import { applyUpTo } from './applied.ts'
import { keyOf } from './outbox.ts'
import {
  ballotOf,
  batchEntriesMax,
  heartbeatMs,
  majorityOf,
  others,
  persistLog,
  resetElection,
  termBefore,
} from './raft-state.ts'
import type { Append, Appended, Progress, RaftRole, RaftState, RaftStep } from './raft-state.ts'

export type Leader = Extract<RaftRole, { readonly name: 'leader' }>

const noStamp = 0 as WallMillis

/** An election was won: a no-op of its own term comes first, so that what came before it can be committed. */
export function lead(step: RaftStep): void {
  const { state, now } = step
  const progress = new Map(
    others(state).map((id): [ReplicaId, Progress] => [
      id,
      { match: 0, next: state.log.length, probing: true, heardAt: now, told: 0 },
    ]),
  )
  state.role = { name: 'leader', progress, match: 0, heartbeatAt: now, checkedAt: now }
  const ballot = ballotOf(state.term, state.self)
  append(step, [{ kind: 'noop', ballot, stamp: noStamp }])
  for (const [to, each] of progress) sendAppend(step, to, each)
}

/** At the leader. */
function append(step: RaftStep, entries: readonly Entry[]): void {
  const { state, out } = step
  const from = state.log.length
  extend(state, entries)
  persistLog(step, from)
  const end = state.log.length
  const message: Appended = { type: 'appended', term: state.term, ok: true, from, end }
  out.send.push({ to: state.self, message })
}

function extend(state: RaftState, entries: readonly Entry[]): void {
  for (const entry of entries) {
    if (entry.kind === 'command') state.logged.set(keyOf(entry), state.log.length)
    state.log.push(entry)
  }
}

/** At the leader: those that are not in its log already. */
export function appendProposals(step: RaftStep, proposals: readonly Proposal[]): void {
  const { state } = step
  const ballot = ballotOf(state.term, state.self)
  const fresh = proposals.filter((proposal) => !state.logged.has(keyOf(proposal)))
  if (fresh.length === 0) return
  append(
    step,
    fresh.map((proposal): Entry => ({
      ...{ kind: 'command', ballot, stamp: noStamp },
      ...outOfSession,
      ...proposal,
    })),
  )
}

export function onLeaderTick(step: RaftStep, role: Leader): void {
  if (step.now < role.heartbeatAt) return
  role.heartbeatAt = step.now + heartbeatMs
  for (const [to, progress] of role.progress) sendAppend(step, to, progress)
}

/** All inputs are in: what is new goes out, without waiting for the next heartbeat. */
export function replicate(step: RaftStep, role: Leader): void {
  const { state } = step
  for (const [to, progress] of role.progress) {
    if (progress.probing) continue
    const news = progress.next < state.log.length || progress.told < state.committedEnd
    if (news) sendAppend(step, to, progress)
  }
}

/** Pipelined: what was sent counts as on its way until a follower says that it does not join on. */
function sendAppend({ state, out }: RaftStep, to: ReplicaId, progress: Progress): void {
  const from = progress.next
  const entries = progress.probing ? [] : state.log.slice(from, from + batchEntriesMax)
  out.sendNow.push({
    to,
    message: {
      type: 'append',
      term: state.term,
      from,
      previousTerm: termBefore(state.log, from),
      entries,
      committedEnd: state.committedEnd,
    },
  })
  progress.next = from + entries.length
  progress.told = state.committedEnd
}

/** Its term is the state's term already. */
export function onAppend(step: RaftStep, from: ReplicaId, message: Append): void {
  const { state, out, now } = step
  state.role = { name: 'follower', leader: from }
  state.leaderHeardAt = now
  resetElection(step)
  const { log, term } = state
  const joins = message.from <= log.length && termBefore(log, message.from) === message.previousTerm
  if (!joins) {
    const end = Math.min(log.length, endOfOtherTerm(log, message.from))
    const refusal: Appended = { type: 'appended', term, ok: false, from: message.from, end }
    out.send.push({ to: from, message: refusal })
    return
  }
  take(step, message)
  const end = message.from + message.entries.length
  const committedEnd = Math.min(message.committedEnd, end)
  if (committedEnd > state.committedEnd) commit(step, committedEnd)
  const answer: Appended = { type: 'appended', term, ok: true, from: message.from, end }
  out.send.push({ to: from, message: answer })
}

/** Skips the whole term in which the logs differ (thesis, end of section 3.5). */
function endOfOtherTerm(log: readonly Entry[], from: number): number {
  const term = termBefore(log, from)
  let end = Math.max(0, from - 1)
  while (end > 0 && end <= log.length && termBefore(log, end) === term) end -= 1
  return end
}

function take(step: RaftStep, { from, entries }: Append): void {
  const { state } = step
  const { log } = state
  const differs = entries.findIndex(
    (entry, offset) => log[from + offset]?.ballot.num !== entry.ballot.num,
  )
  if (differs < 0) return
  const at = from + differs
  demand(at >= state.committedEnd, 'decided', () => `a leader cuts off what is committed at ${at}`)
  for (const removed of log.slice(at)) {
    if (removed.kind === 'command') state.logged.delete(keyOf(removed))
  }
  log.length = at
  extend(state, entries.slice(differs))
  persistLog(step, at)
}

/** Of its own term, at a leader. */
export function onAppended(step: RaftStep, role: Leader, from: ReplicaId, message: Appended): void {
  const { state, now } = step
  if (from === state.self) {
    role.match = Math.max(role.match, message.end)
    return advance(step, role)
  }
  const progress = role.progress.get(from)
  if (progress === undefined) return
  progress.heardAt = now
  if (message.ok) {
    progress.match = Math.max(progress.match, message.end)
    progress.next = Math.max(progress.next, progress.match)
    progress.probing = false
    return advance(step, role)
  }
  // An old refusal: since then the logs have joined further on.
  if (message.from < progress.match || message.from > progress.next) return
  progress.next = Math.max(progress.match, Math.min(message.end, progress.next))
  progress.probing = true
  sendAppend(step, from, progress)
}

/** Only an entry of the own term is committed by counting (thesis, section 3.6.2). */
function advance(step: RaftStep, role: Leader): void {
  const { state } = step
  const ends = [role.match, ...[...role.progress.values()].map(({ match }) => match)]
  const end = ends.sort((a, b) => b - a)[majorityOf(state.voters) - 1] ?? 0
  if (end <= state.committedEnd || termBefore(state.log, end) !== state.term) return
  commit(step, end)
}

function commit({ state, out }: RaftStep, end: number): void {
  state.committedEnd = end
  applyUpTo(state, state.log, end, out)
}
