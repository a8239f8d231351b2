/** From a caller's command to the leader's log: the outbox of the one who proposes, the queue of the one who leads. */
import { append, stampFor } from './accept.ts'
import type { Ballot } from './ballot.ts'
import { isZeroBallot, sameBallot, zeroBallot } from './ballot.ts'
import type { Entry, Proposal } from './entry.ts'
import type { ReplicaId } from './ids.ts'
import {
  batchBytesMax,
  batchEntriesMax,
  bequestTailBytesMax,
  commandBytesMax,
  resendMs,
  undecidedBytesMax,
} from './limits.ts'
import { bytesBetween, logEnd } from './log.ts'
import type { Propose } from './message.ts'
import { wasExecuted } from './sessions.ts'
import type { Context, Leading, Pending, ProtocolState } from './state.ts'
import { ignore } from './state.ts'

/** What an entry weighs beside its command. */
const proposalBytes = 8

export function propose(context: Context, proposal: Proposal): void {
  const { state, now } = context
  state.outbox.set(proposal.seq, { proposal, handedTo: undefined, handedAt: now })
}

/** Takes a proposal back that no leader has been handed yet; one that was may still be decided. */
export function withdraw(context: Context, seq: number): void {
  const { state, out } = context
  const pending = state.outbox.get(seq)
  if (pending === undefined || pending.handedTo !== undefined) return
  state.outbox.delete(seq)
  const { author, incarnation } = pending.proposal
  out.notify.push({ type: 'withdrawn', id: { author, incarnation, seq } })
}

/** Hands every proposal that `leader` does not have yet to it; a leader hands its own to itself. */
export function forwardOutbox(context: Context, leader: Ballot): void {
  const { state } = context
  if (isZeroBallot(leader) || state.outbox.size === 0) return
  let batch: Proposal[] = []
  let bytes = 0
  for (const pending of state.outbox.values()) {
    if (!isDue(context, pending, leader)) continue
    const { proposal } = pending
    const last = batch.at(-1)
    const full = bytes + proposal.command.length > batchBytesMax || batch.length >= batchEntriesMax
    if (last !== undefined && (full || last.seq + 1 !== proposal.seq)) {
      hand(context, leader, batch)
      batch = []
      bytes = 0
    }
    pending.handedTo = leader
    pending.handedAt = context.now
    batch.push(proposal)
    bytes += proposal.command.length
  }
  hand(context, leader, batch)
}

/**
 * A leadership gets each proposal once. Links keep order, so what is overtaken by a later proposal of ours, or waits while
 * none of ours is decided, was lost: a repetition costs an entry, and the sessions keep it from running twice.
 */
function isDue({ state, now }: Context, pending: Pending, leader: Ballot): boolean {
  if (pending.handedTo === undefined || !sameBallot(pending.handedTo, leader)) return true
  if (now - pending.handedAt < resendMs) return false
  return pending.proposal.seq < state.ownDecidedSeq || now - state.ownDecidedAt >= resendMs
}

/** The link to `peer` is a new one: what went over the old one may be lost. */
export function rehandOutbox(state: ProtocolState, peer: ReplicaId): void {
  for (const pending of state.outbox.values()) {
    // Not undefined: it may still be decided, so it can no longer be withdrawn.
    if (pending.handedTo?.node === peer) pending.handedTo = zeroBallot
  }
}

function hand(context: Context, leader: Ballot, batch: readonly Proposal[]): void {
  const { state, out } = context
  const first = batch[0]
  if (first === undefined) return
  if (leader.node === state.self) return enqueue(state, batch)
  const { author, incarnation, seq } = first
  const commands = batch.map(({ command }) => command)
  out.sendNow.push({
    to: leader.node,
    message: { type: 'propose', author, incarnation, seq, commands },
  })
}

function enqueue(state: ProtocolState, proposals: readonly Proposal[]): void {
  for (const proposal of proposals) {
    state.queue.push(proposal)
    state.queueBytes += proposal.command.length
  }
}

export function onPropose(context: Context, from: ReplicaId, message: Propose): void {
  const { state } = context
  const { author, incarnation, seq, commands } = message
  if (state.role.phase === 'follower') return ignore(context, from, 'propose', 'notLeading')
  if (author !== from) return ignore(context, from, 'propose', 'notItsAuthor')
  if (commands.some(({ length }) => length > commandBytesMax)) {
    return ignore(context, from, 'propose', 'commandTooLarge')
  }
  const bytes = commands.reduce((sum, { length }) => sum + length, 0)
  if (state.queueBytes + bytes > undecidedBytesMax) {
    return ignore(context, from, 'propose', 'overloaded')
  }
  enqueue(
    state,
    commands.map((command, offset) => ({ author, incarnation, seq: seq + offset, command })),
  )
}

/** How many of the first ones fit; a large one goes alone, into a whole room. */
function countWithin(queue: readonly Proposal[], roomBytes: number): number {
  let count = 0
  let bytes = 0
  for (const { command } of queue) {
    bytes += command.length + proposalBytes
    const first = count === 0 && roomBytes >= bequestTailBytesMax
    if (count >= batchEntriesMax || (bytes > roomBytes && !first)) break
    count += 1
  }
  return count
}

/** At the leader: append what waits, in one batch, as far as the bound on undecided entries and `roomBytes` allow. */
export function appendQueue(context: Context, role: Leading, roomBytes: number = Infinity): void {
  const { state } = context
  if (state.queue.length === 0 || role.gate !== undefined) return
  const undecided = bytesBetween(state.log, state.decidedEnd, logEnd(state.log))
  if (undecided >= undecidedBytesMax) return
  const taken = state.queue.slice(0, countWithin(state.queue, roomBytes))
  if (taken.length === 0) return
  state.queue = state.queue.slice(taken.length)
  state.queueBytes -= taken.reduce((sum, { command }) => sum + command.length, 0)
  // An author that hears nothing asks again and again; what is decided already would only fill the log.
  const fresh = taken.filter((proposal) => !wasExecuted(state.sessions, proposal))
  if (fresh.length === 0) return
  const stamp = stampFor(context, role)
  const { ballot } = role
  const entries = fresh.map(({ author, incarnation, seq, command }): Entry => ({
    kind: 'command',
    ballot,
    stamp,
    author,
    incarnation,
    seq,
    command,
  }))
  append(context, role, entries)
}
