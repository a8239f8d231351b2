/** From a caller's command to the leader's log: the outbox of the one who proposes, the queue of the one who leads. */
import { append, stampFor } from './accept.ts'
import type { Ballot } from './ballot.ts'
import { isZeroBallot, sameBallot, zeroBallot } from './ballot.ts'
import type { Entry, Handed, Proposal } from './entry.ts'
import type { Index, ReplicaId } from './ids.ts'
import {
  batchBytesMax,
  batchEntriesMax,
  bequestTailBytesMax,
  commandBytesMax,
  resendMs,
  sessionWindow,
  undecidedBytesMax,
} from './limits.ts'
import { bytesBetween, logEnd } from './log.ts'
import type { Propose } from './message.ts'
import { isForgotten, wasExecuted } from './sessions.ts'
import type { Context, Leading, Pending, ProtocolState } from './state.ts'
import { ignore, outboxKey } from './state.ts'

/** What an entry weighs beside its command. */
const proposalBytes = 8

/** What a former start handed to a leader and did not hear of: it is asked for again, as what it was. */
export function resume({ state, now }: Context, left: readonly Handed[]): void {
  for (const { session, low, ...proposal } of left) {
    const place = { session, low }
    state.outbox.set(outboxKey(proposal), {
      ...{ proposal, place, handedTo: zeroBallot, handedAt: now },
    })
  }
}

export function propose(context: Context, proposal: Proposal): void {
  const { state, now } = context
  const pending = { proposal, place: undefined, handedTo: undefined, handedAt: now }
  state.outbox.set(outboxKey(proposal), pending)
}

/** Takes a proposal back that no leader has been handed yet; one that was may still be decided. */
export function withdraw(context: Context, seq: number): void {
  const { state, out } = context
  const { self: author, incarnation } = state
  const key = outboxKey({ incarnation, seq })
  const pending = state.outbox.get(key)
  if (pending === undefined || pending.handedTo !== undefined) return
  state.outbox.delete(key)
  out.notify.push({ type: 'withdrawn', id: { author, incarnation, seq } })
}

/**
 * Hands every proposal that `leader` does not have yet to it; a leader hands its own to itself. `heardEnd`: so much is decided
 * by its word.
 */
export function forwardOutbox(context: Context, leader: Ballot, heardEnd = 0): void {
  const { state } = context
  if (isZeroBallot(leader) || state.outbox.size === 0) return
  settleExpired(context)
  const low = holdSession(state, Math.max(state.decidedEnd, heardEnd) as Index)
  if (low === undefined) return
  let batch: Handed[] = []
  let bytes = 0
  for (const pending of state.outbox.values()) {
    if (!isDue(context, pending, leader)) continue
    const handed = placed(context, pending, low)
    if (handed === undefined) break
    const last = batch.at(-1)
    const full = bytes + handed.command.length > batchBytesMax || batch.length >= batchEntriesMax
    if (last !== undefined && (full || !follows(last, handed))) {
      hand(context, leader, batch)
      batch = []
      bytes = 0
    }
    pending.handedTo = leader
    pending.handedAt = context.now
    batch.push(handed)
    bytes += handed.command.length
  }
  hand(context, leader, batch)
}

/** What was handed over in a session that has expired since does not run any more, as far as anybody will ever know. */
function settleExpired({ state, out }: Context): void {
  for (const [key, { proposal, place }] of state.outbox) {
    if (place === undefined || !isForgotten(state.sessions, { ...proposal, ...place })) continue
    const { author, incarnation, seq } = proposal
    state.outbox.delete(key)
    out.outbox.push({ type: 'drop', proposal })
    out.notify.push({ type: 'expired', id: { author, incarnation, seq } })
  }
}

/**
 * Begins this start's session where there is none, or none any more. Returns the lowest of its proposals that is not answered;
 * undefined: it is not known yet what is decided, or nothing is asked for.
 */
function holdSession(state: ProtocolState, known: Index): number | undefined {
  const { self: author, incarnation, sessions, session } = state
  if (session === undefined || isForgotten(sessions, { author, incarnation, session })) {
    if (known === 0) return undefined
    state.session = known
  }
  for (const { proposal } of state.outbox.values()) {
    if (proposal.incarnation === incarnation) return proposal.seq
  }
  return 0
}

/** With its place among the author's commands, which it keeps; undefined: too many before it are not answered yet. */
function placed({ state, out }: Context, pending: Pending, low: number): Handed | undefined {
  const { proposal, place } = pending
  if (place !== undefined) return { ...proposal, ...place }
  const { session } = state
  if (session === undefined || proposal.seq - low >= sessionWindow) return undefined
  pending.place = { session, low }
  const handed = { ...proposal, session, low }
  out.outbox.push({ type: 'keep', proposal: handed })
  return handed
}

const follows = (last: Handed, next: Handed): boolean =>
  last.seq + 1 === next.seq &&
  last.incarnation === next.incarnation &&
  last.session === next.session &&
  last.low === next.low

/**
 * A leadership gets each proposal once. Links keep order, so what is overtaken by a later proposal of ours, or waits while
 * none of ours is decided, was lost: a repetition costs an entry, and the sessions keep it from running twice.
 */
function isDue({ state, now }: Context, pending: Pending, leader: Ballot): boolean {
  if (pending.handedTo === undefined || !sameBallot(pending.handedTo, leader)) return true
  if (now - pending.handedAt < resendMs) return false
  const { incarnation, seq } = pending.proposal
  const overtaken = incarnation !== state.incarnation || seq < state.ownDecidedSeq
  return overtaken || now - state.ownDecidedAt >= resendMs
}

/** The link to `peer` is a new one: what went over the old one may be lost. */
export function rehandOutbox(state: ProtocolState, peer: ReplicaId): void {
  for (const pending of state.outbox.values()) {
    // Not undefined: it may still be decided, so it can no longer be withdrawn.
    if (pending.handedTo?.node === peer) pending.handedTo = zeroBallot
  }
}

function hand(context: Context, leader: Ballot, batch: readonly Handed[]): void {
  const { state, out } = context
  const first = batch[0]
  if (first === undefined) return
  if (leader.node === state.self) return enqueue(state, batch)
  const { author, incarnation, session, low, seq } = first
  const commands = batch.map(({ command }) => command)
  out.sendNow.push({
    to: leader.node,
    message: { type: 'propose', author, incarnation, session, low, seq, commands },
  })
}

function enqueue(state: ProtocolState, proposals: readonly Handed[]): void {
  for (const proposal of proposals) {
    state.queue.push(proposal)
    state.queueBytes += proposal.command.length
  }
}

export function onPropose(context: Context, from: ReplicaId, message: Propose): void {
  const { state } = context
  const { author, incarnation, session, low, seq, commands } = message
  if (state.role.phase === 'follower') return ignore(context, from, 'propose', 'notLeading')
  if (author !== from) return ignore(context, from, 'propose', 'notItsAuthor')
  if (seq < low || seq + commands.length - low > sessionWindow) {
    return ignore(context, from, 'propose', 'outsideItsWindow')
  }
  if (commands.some(({ length }) => length > commandBytesMax)) {
    return ignore(context, from, 'propose', 'commandTooLarge')
  }
  const bytes = commands.reduce((sum, { length }) => sum + length, 0)
  if (state.queueBytes + bytes > undecidedBytesMax) {
    return ignore(context, from, 'propose', 'overloaded')
  }
  enqueue(
    state,
    commands.map((command, offset) => ({
      ...{ author, incarnation, session, low },
      ...{ seq: seq + offset, command },
    })),
  )
}

interface Taken {
  /** From the front of the queue, those included that are not worth appending. */
  readonly count: number
  readonly fresh: readonly Handed[]
}

/**
 * The first ones that fit; a large one goes alone, into a whole room. An author that hears nothing asks again and again: what
 * is decided already would only fill the log, and takes no room.
 */
function takeWithin({ queue, sessions }: ProtocolState, roomBytes: number): Taken {
  const fresh: Handed[] = []
  let count = 0
  let bytes = 0
  for (const proposal of queue) {
    if (!wasExecuted(sessions, proposal)) {
      bytes += proposal.command.length + proposalBytes
      const first = fresh.length === 0 && roomBytes >= bequestTailBytesMax
      if (fresh.length >= batchEntriesMax || (bytes > roomBytes && !first)) break
      fresh.push(proposal)
    }
    count += 1
  }
  return { count, fresh }
}

/** At the leader: append what waits, in one batch, as far as the bound on undecided entries and `roomBytes` allow. */
export function appendQueue(context: Context, role: Leading, roomBytes: number = Infinity): void {
  const { state } = context
  if (state.queue.length === 0 || role.gate !== undefined) return
  const undecided = bytesBetween(state.log, state.decidedEnd, logEnd(state.log))
  if (undecided >= undecidedBytesMax) return
  const { count, fresh } = takeWithin(state, roomBytes)
  if (count === 0) return
  const taken = state.queue.slice(0, count)
  state.queue = state.queue.slice(count)
  state.queueBytes -= taken.reduce((sum, { command }) => sum + command.length, 0)
  if (fresh.length === 0) return
  const stamp = stampFor(context, role)
  const { ballot } = role
  const entries = fresh.map((handed): Entry => ({ kind: 'command', ballot, stamp, ...handed }))
  append(context, role, entries)
}
