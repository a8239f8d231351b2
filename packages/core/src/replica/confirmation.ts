/**
 * Questions between replicas: whether a suspect is there, how long frames take, and, by a leader that stood still, who still
 * follows it. Answers promise nothing.
 */
import { noteTrip, suspicion } from '../overlay/failure-detector.ts'
import type { Peer, Question } from '../overlay/peers.ts'
import { isThere, sortedPeers } from '../overlay/peers.ts'
import { sameBallot } from '../protocol/ballot.ts'
import { isInAny, isMajorityOfEach } from '../protocol/configuration.ts'
import type { ReplicaId } from '../protocol/ids.ts'
import { measureMs, tripClassMax } from '../protocol/limits.ts'
import type { Probe, ProbeAck } from '../protocol/message.ts'
import type { ReplicaState } from './state.ts'
import type { Step } from './surroundings.ts'
import { groupPeers } from './surroundings.ts'

function ask({ replica, out }: Step, to: ReplicaId): number {
  replica.questions += 1
  out.sendNow.push({ to, message: { type: 'probe', id: replica.questions } })
  return replica.questions
}

/** A hint that the peer is gone: if it does not answer soon, it is. */
export function suspect(step: Step, id: ReplicaId): void {
  const { replica, now } = step
  const peer = replica.peers.get(id)
  if (peer === undefined || !isThere(peer) || !isOurs(replica, peer)) return
  peer.question = suspicion(peer, ask(step, id), now)
}

const isOurs = ({ group }: ReplicaState, peer: Peer): boolean =>
  peer.beacon !== undefined && peer.group !== undefined && peer.group === group?.id

/** Once a round, one of the links whose measure is old. */
export function measureOne(step: Step): void {
  const { replica, now } = step
  const due = sortedPeers(replica.peers).find(
    (peer) => peer.linked && isOurs(replica, peer) && isDue(peer, now),
  )
  if (due === undefined) return
  const question: Question = { id: ask(step, due.id), askedAt: now, deadline: undefined }
  due.question = question
}

const isDue = ({ question, measuredAt }: Peer, now: number): boolean =>
  question === undefined
    ? measuredAt === undefined || now - measuredAt >= measureMs
    : question.deadline === undefined && now - question.askedAt >= measureMs

/** The class of the median of what the voters at the other ends of our links take. */
export function tripClassOf({ peers, view }: ReplicaState): number {
  const trips = sortedPeers(peers)
    .filter(({ linked, beacon }) => linked && isInAny(view.configurations, beacon?.votes ?? []))
    .flatMap(({ tripMs }) => (tripMs === undefined ? [] : [tripMs]))
    .sort((a, b) => a - b)
  const median = trips[Math.floor(trips.length / 2)] ?? 0
  const above = [50, 150, 400].findIndex((boundMs) => median < boundMs)
  return above === -1 ? tripClassMax : above
}

export function onProbe({ replica, out }: Step, from: ReplicaId, { id }: Probe): void {
  const { view, protocol } = replica
  const { followed } = view
  const votes = protocol.observing === undefined ? protocol.votes : []
  out.sendNow.push({ to: from, message: { type: 'probeAck', id, followed, votes } })
}

export function onProbeAck(step: Step, from: ReplicaId, message: ProbeAck): void {
  const { replica, now } = step
  const peer = replica.peers.get(from)
  if (peer !== undefined) noteTrip(peer, message.id, now)
  const { unconfirmed, protocol } = replica
  const { role } = protocol
  if (unconfirmed === undefined || role.phase !== 'leading') return
  if (message.id < unconfirmed.question || !sameBallot(message.followed, role.ballot)) return
  for (const vote of message.votes) unconfirmed.votes.add(vote)
  endConfirmation(step)
}

/** A leader that stood still may have been replaced meanwhile: until a majority says otherwise, it is not sure that it leads. */
export function startConfirmation(step: Step): void {
  const { replica, now } = step
  const { protocol } = replica
  replica.unconfirmed = {
    since: now,
    question: replica.questions + 1,
    votes: new Set(protocol.votes),
  }
  askAll(step)
  endConfirmation(step)
}

/** Once a round, as long as it waits. */
export function repeatConfirmation(step: Step): void {
  if (step.replica.unconfirmed !== undefined) askAll(step)
}

function askAll(step: Step): void {
  for (const id of groupPeers(step.replica)) ask(step, id)
}

function endConfirmation({ replica }: Step): void {
  const { unconfirmed, view } = replica
  if (unconfirmed === undefined) return
  if (isMajorityOfEach(view.configurations, unconfirmed.votes)) replica.unconfirmed = undefined
}
