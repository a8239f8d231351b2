/** Phase 1, both sides: asking for promises, giving them, refusing (protocol.md sections 3 and 5). */
import { assert } from '../base/assert.ts'
import { evaluatePromises } from './adopt.ts'
import { sendAccepted, sendNack, sendPromise } from './answer.ts'
import type { Ballot } from './ballot.ts'
import { compareBallots, laterBallot, sameBallot } from './ballot.ts'
import { resumeStaging } from './catch-up.ts'
import { activeConfigurations, configIndexOf, isInAny, isMajorityLeft } from './configuration.ts'
import type { Index, ReplicaId, VoteId } from './ids.ts'
import { logEnd } from './log.ts'
import type { Message, Nack, Prepare, Promised } from './message.ts'
import type { Context, Leading, Preparing, ProtocolState } from './state.ts'
import { ignore } from './state.ts'
import { sendSync } from './sync.ts'

/** Remembers a ballot that went by; the only use is the number of a new one. */
export function noteBallot(state: ProtocolState, ballot: Ballot): void {
  state.highestSeen = laterBallot(state.highestSeen, ballot)
}

/** A promise is for ever: it only rises, and it is written before anything that reveals it is sent. */
export function promise(context: Context, ballot: Ballot): void {
  const { state, out } = context
  assert(compareBallots(ballot, state.promised) > 0, 'a promise only rises')
  state.promised = ballot
  noteBallot(state, ballot)
  state.staging = undefined
  out.persist.push({ type: 'promise', ballot })
}

export function becomeFollower(state: ProtocolState): void {
  state.role = { phase: 'follower' }
  state.queue = []
  state.queueBytes = 0
}

/** Begins a leadership of its own, above everything seen so far. Its own promise comes first; `Prepare` leaves after it. */
export function startPreparing(context: Context, peers: readonly ReplicaId[]): void {
  const { state, out, now } = context
  const num = Math.max(state.highestSeen.num, state.promised.num) + 1
  const ballot: Ballot = { num, node: state.self }
  promise(context, ballot)
  becomeFollower(state)
  state.role = {
    phase: 'preparing',
    ballot,
    progressAt: now,
    promises: new Map(),
    refusals: new Map(),
  }
  sendPromise(context, state.self)
  const message = prepareOf(state, ballot)
  for (const to of peers) out.send.push({ to, message })
}

export function prepareOf(state: ProtocolState, ballot: Ballot): Message {
  return {
    type: 'prepare',
    ballot,
    votes: state.votes,
    configIndex: Math.max(configIndexOf(state.log), 0) as Index,
    accepted: state.accepted,
    logEnd: logEnd(state.log),
    decidedEnd: state.decidedEnd,
  }
}

/** An outsider's ballot could disturb a group that it is no part of; one that knows a newer configuration is no outsider. */
function isOutsider(state: ProtocolState, message: Prepare): boolean {
  if (logEnd(state.log) === 0) return false
  if (message.configIndex > configIndexOf(state.log)) return false
  return !isInAny(activeConfigurations(state), message.votes)
}

export function onPrepare(context: Context, from: ReplicaId, message: Prepare): void {
  const { state } = context
  const { ballot } = message
  if (ballot.node !== from) return ignore(context, from, 'prepare', 'notItsLeader')
  if (from === state.self) return ignore(context, from, 'prepare', 'ownBallot')
  noteBallot(state, ballot)
  const order = compareBallots(ballot, state.promised)
  if (order < 0) return sendNack(context, from, ballot)
  if (order > 0) {
    // Only a new promise is refused: a leader that was voted out still brings what it began to an end.
    if (isOutsider(state, message)) {
      ignore(context, from, 'prepare', 'outsider')
      return sendNack(context, from, ballot)
    }
    promise(context, ballot)
    becomeFollower(state)
  }
  if (resumeStaging(context, from)) return
  if (sameBallot(state.accepted, ballot)) return sendAccepted(context)
  sendPromise(context, from, commonEnd(state, message))
}

/** Below this index the leader that asks and this store hold the same entries. */
function commonEnd(state: ProtocolState, message: Prepare): Index {
  const end = logEnd(state.log)
  const order = compareBallots(state.accepted, message.accepted)
  if (order < 0) return end
  return Math.min(end, order === 0 ? message.logEnd : message.decidedEnd) as Index
}

export function onPromised(context: Context, from: ReplicaId, message: Promised): void {
  const { state } = context
  const { role } = state
  if (role.phase === 'follower' || !sameBallot(message.ballot, role.ballot)) {
    return ignore(context, from, 'promised', 'otherBallot')
  }
  if (compareBallots(message.accepted, message.ballot) >= 0) {
    return ignore(context, from, 'promised', 'acceptedTooHigh')
  }
  if (role.phase === 'leading') {
    if (from !== state.self) sendSync(context, role, from, message)
    return
  }
  const refused = from === state.self ? undefined : whyNotJoined(state, message)
  if (refused !== undefined) {
    // It was told unasked, and so without knowing where this store begins: asked, it will.
    if (refused === 'tailDoesNotJoin') {
      context.out.send.push({ to: from, message: prepareOf(state, role.ballot) })
    }
    return ignore(context, from, 'promised', refused)
  }
  if (!role.promises.has(from)) role.progressAt = context.now
  recordPromise(role, from, message)
  evaluatePromises(context, role)
}

/** A larger log must begin where this store is sure to agree, or it cannot be adopted. */
function whyNotJoined(state: ProtocolState, message: Promised): string | undefined {
  const order = compareBallots(message.accepted, state.accepted)
  if (order < 0) return undefined
  const common = order === 0 ? logEnd(state.log) : state.decidedEnd
  if (message.summed && message.tailFrom > message.decidedEnd) return 'notDecided'
  if (message.tailFrom > common && !message.summed) return 'tailDoesNotJoin'
  if (message.tailFrom + message.tail.length > message.logEnd) return 'tailTooLong'
  return undefined
}

/** Two promises of one store may differ: its votes add up, and its largest report counts (bequest.md B7). */
function recordPromise(role: Preparing, from: ReplicaId, message: Promised): void {
  const known = role.promises.get(from)
  const votes = new Set<VoteId>([...(known?.votes ?? []), ...message.votes])
  const { accepted, logEnd: end, decidedEnd, tailFrom, summed } = message
  const order =
    known === undefined ? 1 : compareBallots(accepted, known.accepted) || end - known.logEnd
  // What it still had when it was asked first, it may have summed up since.
  const anew = order > 0 || (order === 0 && summed && tailFrom > (known?.tailFrom ?? 0))
  const largest =
    known === undefined || anew
      ? { accepted, logEnd: end, tailFrom, summed, tail: [...message.tail], pulledAt: undefined }
      : known
  role.promises.set(from, {
    ...largest,
    votes,
    decidedEnd: Math.max(decidedEnd, known?.decidedEnd ?? 0) as Index,
  })
}

/** "I promised more than you": no more is to be had from that store, and nobody raises a ballot because of it. */
export function onNack(context: Context, from: ReplicaId, message: Nack): void {
  const { state } = context
  const { role } = state
  noteBallot(state, message.promised)
  if (role.phase === 'follower' || !sameBallot(message.ballot, role.ballot)) {
    return ignore(context, from, 'nack', 'otherBallot')
  }
  if (compareBallots(message.promised, role.ballot) <= 0) {
    return ignore(context, from, 'nack', 'notHigher')
  }
  const since = role.refusals.get(from)?.since ?? context.now
  role.refusals.set(from, { promised: message.promised, since, votes: message.votes })
  const lost = new Set([...role.refusals.values()].flatMap(({ votes }) => votes))
  if (!isMajorityLeft(activeConfigurations(state), lost)) becomeFollower(state)
}

/** Each round: once more to every store that has not answered or not accepted. */
export function repeatPrepare(
  context: Context,
  role: Preparing | Leading,
  peers: readonly ReplicaId[],
): void {
  const { state, out } = context
  const message = prepareOf(state, role.ballot)
  // While promises are gathered, our own may still be on its way to the disk, and `Prepare` reveals it.
  const queue = role.phase === 'preparing' ? out.send : out.sendNow
  for (const to of peers) queue.push({ to, message })
}

/** A store that is gone takes its promises and votes with it: what it reported can no longer be fetched. */
export function forgetPromiser(context: Context, peer: ReplicaId): void {
  const { role } = context.state
  if (role.phase === 'preparing') role.promises.delete(peer)
  if (role.phase === 'leading') role.progress.delete(peer)
}
