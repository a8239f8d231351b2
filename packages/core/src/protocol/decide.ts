/** When an entry is decided, at the leader and at those who follow it (protocol.md section 5). */
import { assert } from '../base/assert.ts'
import { sendAccepted } from './answer.ts'
import { sameBallot } from './ballot.ts'
import type { Ballot } from './ballot.ts'
import type { CommandEntry, Entry } from './entry.ts'
import type { Index, ReplicaId } from './ids.ts'
import { configurationAt, configurationOf, entryAt, logEnd, machineAt } from './log.ts'
import type { Decide } from './message.ts'
import { majorityEnd } from './quorum.ts'
import type { Execution } from './sessions.ts'
import { execute } from './sessions.ts'
import { captureAt } from './snapshot.ts'
import type { Context, Leading, ProtocolState } from './state.ts'
import { ignore, outboxKey } from './state.ts'

/** The decided prefix now ends at `end`: hand what is new to the application, each entry once. */
export function raiseDecided(context: Context, end: Index): void {
  const { state, out } = context
  assert(end <= logEnd(state.log), `cannot decide ${end} of ${logEnd(state.log)} entries`)
  if (end <= state.decidedEnd) return
  let configured = false
  for (let at = state.decidedEnd; at < end; at = (at + 1) as Index) {
    const entry = entryAt(state.log, at)
    const repeat = !runs(context, entry, at)
    if (configurationOf(entry, at) !== undefined) configured = true
    const raised = entry.kind === 'machine' && machineAt(state.log, at) !== undefined
    const capture = captureAt(state, (at + 1) as Index, raised)
    out.apply.push({ index: at, entry, repeat, ...(capture === undefined ? {} : { capture }) })
  }
  state.decidedEnd = end
  // The last survivor of a shrinking group must know that it is alone: a decided configuration, the founder's too, is made
  // durable as such, and the leader appends nothing until a majority of the new voters has said so.
  if (configured) storeDecided(context)
}

/** Whether the application may have it; what is no command does not change it. */
function runs(context: Context, entry: Entry, at: Index): boolean {
  if (entry.kind !== 'command') return true
  const execution = execute(context.state.sessions, entry, at)
  settleOwn(context, entry, execution)
  return execution === 'runs'
}

function settleOwn({ state, out, now }: Context, entry: CommandEntry, execution: Execution): void {
  const { author, incarnation, seq } = entry
  if (author !== state.self) return
  const id = { author, incarnation, seq }
  if (state.outbox.delete(outboxKey(id))) {
    out.outbox.push({ type: 'drop', proposal: id })
    if (execution === 'expired') out.notify.push({ type: 'expired', id })
  }
  if (incarnation !== state.incarnation) return
  state.ownDecidedSeq = Math.max(state.ownDecidedSeq, seq)
  state.ownDecidedAt = now
}

function storeDecided(context: Context): void {
  const { state, out } = context
  // Who observes has nothing of it on its disk, and nobody counts on it.
  if (state.observing !== undefined) return
  state.decidedStored = state.decidedEnd
  out.persist.push({ type: 'decide', decidedEnd: state.decidedEnd })
  // The leader of an older ballot than the promised one is told nothing more.
  if (sameBallot(state.accepted, state.promised)) sendAccepted(context)
}

/** At the leader: count votes, and decide all that a majority of the governing configuration holds in this ballot. */
export function advanceDecided(context: Context, role: Leading): void {
  const { state } = context
  for (;;) {
    const end = decidableEnd(state, role)
    if (end <= state.decidedEnd) break
    raiseDecided(context, end)
    role.progressAt = context.now
  }
  openGate(state, role)
}

/** How far the configuration in force at the decided end can decide: at most through the next configuration entry. */
function decidableEnd(state: ProtocolState, role: Leading): Index {
  const governing = configurationAt(state.log, state.decidedEnd)
  assert(governing !== undefined, 'a leader has a configuration')
  const end = majorityEnd(governing.voters, role.ends)
  const next = state.log.configurations.find(({ index }) => index >= state.decidedEnd)
  if (next === undefined || end <= next.index) return end
  // A configuration entry needs its own voters' majority too: they hold the log before they govern it.
  const both = majorityEnd(next.voters, role.ends) > next.index
  return (both ? next.index + 1 : next.index) as Index
}

function openGate(state: ProtocolState, role: Leading): void {
  if (role.gate === undefined || role.gate >= state.decidedEnd) return
  const configuration = configurationAt(state.log, state.decidedEnd)
  assert(configuration?.index === role.gate, 'the gate is the newest configuration')
  if (majorityEnd(configuration.voters, role.decidedEnds) > role.gate) role.gate = undefined
}

/** At a follower: the leader of `ballot` says that its first `end` entries are decided. */
export function hearDecided(context: Context, ballot: Ballot, end: Index): void {
  const { state } = context
  const heard = state.decidedHeard
  if (heard === undefined || !sameBallot(heard.ballot, ballot) || heard.end < end) {
    state.decidedHeard = { ballot, end }
  }
  catchUpDecided(context)
}

/** What was heard counts only for a log that was accepted in that very ballot, and only as far as it reaches. */
export function catchUpDecided(context: Context): void {
  const { state } = context
  const heard = state.decidedHeard
  if (heard === undefined || !sameBallot(heard.ballot, state.accepted)) return
  raiseDecided(context, Math.min(heard.end, logEnd(state.log)) as Index)
}

export function onDecide(context: Context, from: ReplicaId, message: Decide): void {
  const { state } = context
  if (message.ballot.node !== from) return ignore(context, from, 'decide', 'notItsLeader')
  if (!sameBallot(message.ballot, state.accepted)) {
    return ignore(context, from, 'decide', 'otherBallot')
  }
  hearDecided(context, message.ballot, message.decidedEnd)
}
