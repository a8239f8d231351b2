/**
 * Passing votes on when a page closes (bequest.md): naming an heir, leaving it the votes, taking them, and finding out after a
 * restart whether they were taken. Whatever a store claimed with a vote, its next holder's store covers.
 */
import { assert } from '../base/assert.ts'
import { sendAccepted, sendPromise } from './answer.ts'
import { compareBallots, isZeroBallot, sameBallot } from './ballot.ts'
import { activeConfigurations, isInAny } from './configuration.ts'
import { hearDecided } from './decide.ts'
import { sameEntry } from './entry.ts'
import type { EstateWrite, Receipt } from './estate.ts'
import { castable, isArmWriting, isUnresolved } from './estate.ts'
import type { Index, ReplicaId, VoteId } from './ids.ts'
import { renewedVote, storeOfVote } from './ids.ts'
import { bequestTailBytesMax, lateBequestsMax, settledMax, votesMax } from './limits.ts'
import { appendToLog, bytesBetween, entryAt, logEnd, sliceOfLog, truncateLog } from './log.ts'
import type { Bequest, Resolve, Verdict } from './message.ts'
import { becomeFollower, noteBallot, promise } from './prepare.ts'
import type { Context, ProtocolState } from './state.ts'
import { ignore } from './state.ts'

function refreshVotes(state: ProtocolState): void {
  state.votes = castable(state.estate, state.incarnation)
}

/** The disk is told; the store hears of it, and acts on it, once it is durable. */
function write({ state, out }: Context, write_: Omit<EstateWrite, 'votes'>): void {
  state.estate.writes.push({ ...write_, votes: state.estate.written })
  out.send.push({ to: state.self, message: { type: 'noted' } })
  refreshVotes(state)
}

/** B2: names the heir, or none. One strict write; while it is on its way nothing is left to anybody. */
export function arm(context: Context, heir: ReplicaId | undefined): void {
  const { state, out } = context
  const { estate, incarnation } = state
  assert(!estate.dead && !isUnresolved(estate, incarnation), 'only a resolved store names an heir')
  estate.armed = heir === undefined ? undefined : { heir, incarnation }
  out.persist.push({ type: 'arm', armed: estate.armed })
  write(context, { kind: 'arm', from: undefined })
}

/** What is known of the heir's log, so that the part that it lacks can be sent along. */
export interface HeirLog {
  readonly accepted: ProtocolState['accepted']
  readonly logEnd: Index
  readonly decidedEnd: Index
}

/**
 * B3: the page closes. First dead, then either one bequest or the note that there is none; never both. `leave`: false when
 * the others can decide without these votes.
 */
export function bequeath(context: Context, heir: HeirLog | undefined, leave: boolean): void {
  const { state, out } = context
  const { estate } = state
  const { armed } = estate
  const votes = state.votes
  const resolved = !isUnresolved(estate, state.incarnation)
  const writing = isArmWriting(estate)
  estate.dead = true
  refreshVotes(state)
  becomeFollower(state)
  if (!resolved || (armed === undefined && !writing)) return
  if (armed === undefined || writing || !leave || votes.length === 0) {
    estate.notSent = true
    return
  }
  out.sendNow.push({ to: armed.heir, message: bequestOf(state, votes, heir) })
}

function bequestOf(
  state: ProtocolState,
  votes: readonly VoteId[],
  heir: HeirLog | undefined,
): Bequest {
  const { incarnation, promised, accepted, decidedEnd, log } = state
  const end = logEnd(log)
  const shared = heir === undefined ? end : commonWith(state, heir)
  const fits = shared >= log.base && bytesBetween(log, shared, end) <= bequestTailBytesMax
  const tailFrom = fits ? shared : end
  const tail = sliceOfLog(log, tailFrom, end)
  return {
    ...{ type: 'bequest', incarnation, votes, promised, accepted },
    ...{ logEnd: end, decidedEnd, tailFrom, tail },
  }
}

function commonWith({ accepted, log }: ProtocolState, heir: HeirLog): Index {
  const agreed = sameBallot(heir.accepted, accepted) ? heir.logEnd : heir.decidedEnd
  return Math.min(agreed, logEnd(log)) as Index
}

/** B4: takes the votes in one write, if this store covers all that they were cast for. */
export function onBequest(context: Context, from: ReplicaId, message: Bequest): void {
  const { state } = context
  const { estate } = state
  noteBallot(state, message.promised)
  const refused = whyNotTaken(state, from, message)
  if (refused !== undefined) return ignore(context, from, 'bequest', refused)
  if (!covers(state, message) && !isAdoptable(state, message)) {
    // What this store lacks may still come: until then it is only a late message.
    if (estate.late.has(from) || estate.late.size < lateBequestsMax) estate.late.set(from, message)
    return ignore(context, from, 'bequest', 'notCovered')
  }
  estate.late.delete(from)
  take(context, from, message)
}

function whyNotTaken(
  { self, incarnation, estate }: ProtocolState,
  from: ReplicaId,
  message: Bequest,
): string | undefined {
  if (from === self) return 'fromItself'
  if (isUnresolved(estate, incarnation)) return 'unresolved'
  const receipt = estate.receipts.get(from)
  if (receipt !== undefined && receipt.incarnation >= message.incarnation) return 'settled'
  if (receipt === undefined && estate.receipts.size >= settledMax) return 'full'
  if (new Set([...estate.written, ...message.votes]).size > votesMax) return 'tooManyVotes'
  return undefined
}

function covers({ accepted, log }: ProtocolState, message: Bequest): boolean {
  const order = compareBallots(accepted, message.accepted)
  return order > 0 || (order === 0 && logEnd(log) >= message.logEnd)
}

/** The sender's log is the larger one, and what it sent along reaches back to where both surely agree. */
function isAdoptable({ accepted, log, decidedEnd }: ProtocolState, message: Bequest): boolean {
  const common = sameBallot(accepted, message.accepted) ? logEnd(log) : decidedEnd
  const end = message.tailFrom + message.tail.length
  return message.tailFrom <= common && end === message.logEnd && end >= decidedEnd
}

function take(context: Context, from: ReplicaId, message: Bequest): void {
  const { state, out } = context
  const { estate } = state
  if (compareBallots(message.promised, state.promised) > 0) {
    promise(context, message.promised)
    // Whoever leads a lower ballot than its own promise has no say in it any more.
    becomeFollower(state)
  }
  if (!covers(state, message)) adopt(context, message)
  const { incarnation, votes } = message
  const receipt: Receipt = { incarnation, verdict: 'held', votes }
  estate.receipts.set(from, receipt)
  out.persist.push({ type: 'receipt', from, receipt })
  estate.written = [...new Set([...estate.written, ...votes])].sort()
  out.persist.push({ type: 'votes', votes: estate.written })
  write(context, { kind: 'take', from })
  hearDecided(context, message.accepted, message.decidedEnd)
}

/** A true report of what was accepted; no claim: it is not told to the leader of its ballot unless that is promised. */
function adopt({ state, out }: Context, message: Bequest): void {
  const { accepted, tailFrom, tail } = message
  const from = Math.max(tailFrom, state.decidedEnd) as Index
  const first = Math.max(tailFrom, state.log.base) as Index
  for (let at = first; at < from; at = (at + 1) as Index) {
    const entry = tail[at - tailFrom]
    assert(entry !== undefined, 'a tail that is taken reaches the decided end')
    assert(sameEntry(entry, entryAt(state.log, at)), `two decided entries at ${at}`)
  }
  const entries = tail.slice(from - tailFrom)
  truncateLog(state.log, from)
  appendToLog(state.log, entries)
  state.accepted = accepted
  state.staging = undefined
  state.decidedStored = state.decidedEnd
  out.persist.push({ type: 'splice', from, entries, accepted, decidedEnd: state.decidedEnd })
}

/** The oldest write is durable. What was taken is cast from here on. Gives back whose votes they were. */
export function onNoted(context: Context, from: ReplicaId): ReplicaId | undefined {
  const { state } = context
  const { estate } = state
  if (from !== state.self) {
    ignore(context, from, 'noted', 'notOurs')
    return undefined
  }
  const done = estate.writes.shift()
  assert(done !== undefined, 'a write that is durable was begun')
  estate.held = done.votes
  refreshVotes(state)
  if (done.kind !== 'take') return undefined
  castTaken(context)
  return done.from
}

/** The votes that are new speak for what this store promised and accepted already. */
function castTaken(context: Context): void {
  const { state } = context
  const { role, promised, accepted, self } = state
  if (role.phase === 'leading') return sendAccepted(context)
  if (role.phase === 'preparing') return sendPromise(context, self)
  if (isZeroBallot(promised) || promised.node === self) return
  if (sameBallot(promised, accepted)) sendAccepted(context)
  else sendPromise(context, promised.node, state.decidedEnd)
}

/** Each round: what was refused for want of entries may be covered by now. */
export function retryLate(context: Context): void {
  const { state } = context
  for (const [from, message] of [...state.estate.late]) {
    if (whyNotTaken(state, from, message) !== undefined) state.estate.late.delete(from)
    else if (covers(state, message) || isAdoptable(state, message))
      onBequest(context, from, message)
  }
}

/** B5: each round, while nobody knows whether this store's votes were taken. */
export function askHeir({ state, out }: Context): void {
  const { estate } = state
  if (estate.armed === undefined || !isUnresolved(estate, state.incarnation)) return
  const { heir, incarnation } = estate.armed
  out.sendNow.push({ to: heir, message: { type: 'resolve', incarnation } })
}

/** B6: at the heir. One record for each start of the other store, durable before it is told. */
export function onResolve(context: Context, from: ReplicaId, { incarnation }: Resolve): void {
  const { state, out } = context
  const { receipts, late } = state.estate
  const known = receipts.get(from)
  if (known !== undefined && known.incarnation > incarnation) {
    return ignore(context, from, 'resolve', 'superseded')
  }
  if (known === undefined && receipts.size >= settledMax) {
    return ignore(context, from, 'resolve', 'full')
  }
  let receipt = known
  if (receipt?.incarnation !== incarnation) {
    receipt = { incarnation, verdict: 'void', votes: [] }
    receipts.set(from, receipt)
    late.delete(from)
    out.persist.push({ type: 'receipt', from, receipt })
  }
  out.send.push({ to: from, message: { type: 'verdict', to: from, ...receipt } })
}

/** B6: at the store that asked. Its votes are its own again, or it goes on with a new one that has claimed nothing. */
export function onVerdict(context: Context, from: ReplicaId, message: Verdict): void {
  const { state } = context
  const { estate, self } = state
  const { armed } = estate
  if (message.to !== self) return ignore(context, from, 'verdict', 'notForUs')
  if (armed === undefined || !isUnresolved(estate, state.incarnation)) {
    return ignore(context, from, 'verdict', 'resolved')
  }
  if (armed.heir !== from || armed.incarnation !== message.incarnation) {
    return ignore(context, from, 'verdict', 'notAskedFor')
  }
  if (message.verdict === 'void') return resolve(context, estate.written)
  const kept = estate.written.filter((vote) => !message.votes.includes(vote))
  resolve(context, [...kept, renewedVote(self, state.incarnation)].sort())
}

/** The store casts again, once it is durable: the votes that it has. */
function resolve(context: Context, votes: readonly VoteId[]): void {
  const { state, out } = context
  const { estate } = state
  estate.armed = undefined
  out.persist.push({ type: 'arm', armed: undefined })
  if (votes !== estate.written) {
    estate.written = votes
    out.persist.push({ type: 'votes', votes })
  }
  write(context, { kind: 'arm', from: undefined })
}

/** A vote of somebody else that was voted out is of no use to anybody: it would only fill the list. */
export function dropSpentVotes(context: Context): void {
  const { state, out } = context
  const { estate, log, self } = state
  if (estate.writes.length > 0 || !sameBallot(state.accepted, state.promised)) return
  const active = activeConfigurations(state)
  const isSpent = (vote: VoteId): boolean =>
    storeOfVote(vote) !== self &&
    !isInAny(active, [vote]) &&
    log.configurations.some(({ voters }) => voters.includes(vote))
  if (!estate.written.some(isSpent)) return
  estate.written = estate.written.filter((vote) => !isSpent(vote))
  out.persist.push({ type: 'votes', votes: estate.written })
  write(context, { kind: 'drop', from: undefined })
}

/**
 * B5: each round, while the heir does not answer; it may be gone for ever. Votes that no configuration counts any more are not
 * worth the wait: whoever has them may keep them, and this store goes on with a new one that has claimed nothing.
 */
export function renewSpentVotes(context: Context): void {
  const { state } = context
  const { estate, self, incarnation, log } = state
  if (!isUnresolved(estate, incarnation) || estate.writes.length > 0) return
  // What it knows of the configurations is what its leader knows.
  if (logEnd(log) === 0 || !sameBallot(state.accepted, state.promised)) return
  if (isInAny(activeConfigurations(state), estate.written)) return
  resolve(context, [renewedVote(self, incarnation)])
}
