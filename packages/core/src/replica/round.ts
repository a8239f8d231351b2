/** What a replica does once a round: repeat what may be lost, look after the members, and perhaps nominate itself. */
import { givesUp, nominates, noteDecisions } from '../election/nominate.ts'
import { nextVoters } from '../membership/autopilot.ts'
import { observeMembers } from '../membership/departures.ts'
import { fedPeers, holdsNewestVote } from '../membership/members.ts'
import { isReached } from '../overlay/failure-detector.ts'
import { isThere } from '../overlay/peers.ts'
import { resendUnacknowledged } from '../protocol/accept.ts'
import { evaluatePromises } from '../protocol/adopt.ts'
import { sameBallot } from '../protocol/ballot.ts'
import { configIndexOf } from '../protocol/configuration.ts'
import { joinMs, stragglerAfterMs, stragglerPauseMs } from '../protocol/limits.ts'
import { becomeFollower, repeatPrepare, startPreparing } from '../protocol/prepare.ts'
import { repeatReadRound } from '../protocol/reads.ts'
import type { Leading, Preparing } from '../protocol/state.ts'
import { repeatAsks } from './asking.ts'
import { borrowSnapshot } from './borrowing.ts'
import { beaconOf, refreshView } from './beacon.ts'
import { configure, surroundingsOf } from './configuring.ts'
import { measureOne, repeatConfirmation } from './confirmation.ts'
import { calmDown } from './pulse.ts'
import { considerSuccession, successorOf } from './succession.ts'
import { raiseMachine } from './machine-version.ts'
import { lookAfterEstate } from './will.ts'
import type { Step } from './surroundings.ts'
import { contextOf, electors, roundMsOf } from './surroundings.ts'
import { lookAfterChildren } from './feeding.ts'
import { goOnObserving } from './observing.ts'

export function onRound(step: Step): void {
  const { replica } = step
  if (replica.group === undefined) return
  calmDown(replica)
  repeatAsks(step)
  lookAfterChildren(step)
  borrowSnapshot(step)
  if (replica.protocol.observing !== undefined) {
    goOnObserving(step)
    return measureOne(step)
  }
  noteDecisions(replica.election, replica.protocol, step.now)
  if (givesUp(replica.election, replica.protocol, replica.view)) {
    becomeFollower(replica.protocol)
    refreshView(step)
  }
  const { role } = replica.protocol
  if (role.phase === 'preparing') goOnPreparing(step, role)
  if (role.phase === 'leading') goOnLeading(step, role)
  lookAfterEstate(step)
  askLeader(step)
  measureOne(step)
  if (isSpokenFor(step)) {
    replica.election.waitRounds = 0
    return
  }
  const self = { id: replica.options.self, beacon: beaconOf(step) }
  if (nominates(replica.election, replica.protocol, replica.view, self)) nominate(step)
}

/** Somebody has our promise since less than a round, and its beacon may still be on its way. */
function isSpokenFor({ replica, now }: Step): boolean {
  const { promisedAt } = replica
  return promisedAt !== undefined && now - promisedAt < roundMsOf(replica)
}

export function nominate(step: Step): void {
  step.replica.election.attempts += 1
  startPreparing(contextOf(step), electors(step.replica))
  refreshView(step)
}

function goOnPreparing(step: Step, role: Preparing): void {
  const silent = electors(step.replica).filter(
    (id) => !role.promises.has(id) && !role.refusals.has(id),
  )
  repeatPrepare(contextOf(step), role, silent)
  evaluatePromises(contextOf(step), role)
}

function goOnLeading(step: Step, role: Leading): void {
  const { replica, now } = step
  const context = contextOf(step)
  const roundMs = roundMsOf(replica)
  const silent = fedPeers(replica.protocol, replica.peers, replica.members).filter((id) => {
    const progress = role.progress.get(id)
    if (role.refusals.has(id)) return false
    return progress === undefined || (!progress.synced && now - progress.progressAt >= roundMs)
  })
  repeatPrepare(context, role, silent)
  resendUnacknowledged(context, role, roundMs)
  repeatReadRound(context, role, roundMs)
  repeatConfirmation(step)
  if (meetStragglers(step, role)) return
  considerSuccession(step, role)
  if (replica.succession.under !== undefined) return
  const surroundings = surroundingsOf(step, role)
  observeMembers(surroundings)
  const voters = nextVoters(surroundings)
  if (voters !== undefined) configure(step, role, { voters })
  else raiseMachine(step, role, surroundings)
  answerLeavers(step, role)
}

/** A store that promised more than our ballot takes nothing from us for ever: after a while we go above its promise. */
function meetStragglers(step: Step, role: Leading): boolean {
  const { replica, now } = step
  const last = replica.repreparedAt
  if (last !== undefined && now - last < stragglerPauseMs) return false
  const fed = fedPeers(replica.protocol, replica.peers, replica.members)
  const straggles = [...role.refusals].some(([id, { since }]) => {
    const peer = replica.peers.get(id)
    if (peer === undefined || !fed.includes(id) || now - since < stragglerAfterMs) return false
    return isReached(peer, now)
  })
  if (!straggles) return false
  replica.repreparedAt = now
  nominate(step)
  return true
}

/** A leaver is let go once a majority of the others knows durably that it has no vote; this leader itself likewise. */
function answerLeavers(step: Step, role: Leading): void {
  const { replica, out } = step
  const { members, protocol } = replica
  if (role.gate !== undefined) return
  for (const store of members.leavers) {
    const votes = replica.peers.get(store)?.beacon?.votes ?? []
    if (holdsNewestVote(protocol, votes)) continue
    members.leavers.delete(store)
    members.joiners.delete(store)
    out.sendNow.push({ to: store, message: { type: 'left' } })
  }
  if (holdsNewestVote(protocol, protocol.votes)) return
  handOver(step, role)
  if (members.leaving) out.notify.push({ type: 'removed' })
}

/** The best of the others leads from here on; this replica follows. */
export function handOver(step: Step, role: Leading): void {
  const to = successorOf(step, role)
  if (to === undefined) return
  // First of all, no read is answered here any more.
  becomeFollower(step.replica.protocol)
  step.out.sendNow.push({ to, message: { type: 'takeOver', ballot: role.ballot } })
}

/** What a replica wants of the leader, repeated until they come true: to be fed, or to be let go. */
export function askLeader(step: Step): void {
  const { replica, out, now } = step
  const { members, protocol, view } = replica
  if (protocol.observing !== undefined) return
  // Of another than itself: an old leader that was voted out while it was away has to ask, too.
  const to = view.followed.node
  const leader = replica.peers.get(to)
  if (leader === undefined || !isThere(leader)) return
  if (members.leaving) out.sendNow.push({ to, message: { type: 'leave' } })
  const configIndex = leader.beacon?.configIndex ?? 0
  // A newer configuration that does not come may be one without us: then only asking helps. And who has not accepted in the
  // leader's ballot may hold a configuration that never was, and so not be fed as a voter: the leader has to hear of it.
  const behind =
    !sameBallot(view.followed, protocol.accepted) || configIndex > configIndexOf(protocol.log)
  const outside = !holdsNewestVote(protocol, protocol.votes)
  const reminded = members.askedAt !== undefined && now - members.askedAt < joinMs
  if (behind || (outside && !reminded)) {
    members.askedAt = now
    out.sendNow.push({ to, message: { type: 'join' } })
  }
}
