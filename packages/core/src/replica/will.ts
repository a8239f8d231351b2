/** When a replica names its heir, asks it, and leaves it its votes; what its votes are worth is the protocol's. */
import { isNeeded, wantedHeir } from '../membership/arming.ts'
import type { Circle } from '../membership/arming.ts'
import {
  arm,
  askHeir,
  bequeath,
  dropSpentVotes,
  renewSpentVotes,
  retryLate,
} from '../protocol/bequest.ts'
import type { HeirLog } from '../protocol/bequest.ts'
import { isArmWriting, isUnresolved } from '../protocol/estate.ts'
import type { ReplicaId } from '../protocol/ids.ts'
import { disarmPauseMs, replaceAfterMs } from '../protocol/limits.ts'
import { bytesBetween, logEnd } from '../protocol/log.ts'
import { bequestTailBytesMax } from '../protocol/limits.ts'
import type { Leading } from '../protocol/state.ts'
import { isReached, isFresh } from '../overlay/failure-detector.ts'
import type { Step } from './surroundings.ts'
import { contextOf } from './surroundings.ts'

export const circleOf = ({ replica, now }: Pick<Step, 'replica' | 'now'>): Circle => {
  const { protocol: state, peers, options } = replica
  return { state, peers, now, profile: options.profile, policy: options.membership }
}

/** Once a round. */
export function lookAfterEstate(step: Step): void {
  const context = contextOf(step)
  const { estate, incarnation } = step.replica.protocol
  if (isUnresolved(estate, incarnation)) {
    askHeir(context)
    // Who saw its votes before it restarted may have given them a seat just now: by then it would have heard of that.
    const { now, replica } = step
    if (now - replica.startedAt >= replaceAfterMs) renewSpentVotes(context)
    return
  }
  retryLate(context)
  dropSpentVotes(context)
  nameHeir(step)
}

/** A leader that nobody could decide without now: the next round is late for its heir. */
export function nameHeirAtOnce(step: Step): void {
  const { estate, incarnation } = step.replica.protocol
  if (estate.armed === undefined && !isUnresolved(estate, incarnation)) nameHeir(step)
}

/** A change is a write to the disk: a heir that is not needed for a moment stays. */
function nameHeir(step: Step): void {
  const { replica, now } = step
  const { estate } = replica.protocol
  if (isArmWriting(estate)) return
  const heir = wantedHeir(circleOf(step))
  if (heir === estate.armed?.heir) {
    replica.heirWantedAt = now
    return
  }
  const still = estate.armed !== undefined && isHere(step, estate.armed.heir)
  if (heir === undefined && still && now - (replica.heirWantedAt ?? -Infinity) < disarmPauseMs)
    return
  replica.heirWantedAt = now
  arm(contextOf(step), heir)
}

const isHere = ({ replica, now }: Step, id: ReplicaId): boolean => {
  const peer = replica.peers.get(id)
  return peer !== undefined && isReached(peer, now)
}

/** The page closes. True: the heir was told, and knows that it should lead if this replica did. */
export function leaveVotes(step: Step): boolean {
  const { replica, out } = step
  const { protocol, options } = replica
  const { armed } = protocol.estate
  const before = out.sendNow.length
  const margin2 = options.membership.bequest === 'margin2'
  const heir = armed === undefined ? undefined : heirLog(step, armed.heir)
  bequeath(contextOf(step), heir, margin2 || isNeeded(circleOf(step)))
  return out.sendNow.length > before
}

/** A leader knows better than any beacon what its heir holds. */
function heirLog({ replica }: Step, heir: ReplicaId): HeirLog | undefined {
  const { protocol, peers } = replica
  const { role, accepted, decidedEnd } = protocol
  const progress = role.phase === 'leading' ? role.progress.get(heir) : undefined
  if (progress?.synced === true) return { accepted, logEnd: progress.ackedEnd, decidedEnd }
  return peers.get(heir)?.beacon
}

/**
 * While nobody can decide without this leader, what its heir lacks must fit into its last words: it takes no more until the
 * heir has what was taken before, unless that one is late. In bytes.
 */
export function appendRoom({ replica, now }: Step, role: Leading): number {
  const { protocol, peers } = replica
  const { armed } = protocol.estate
  if (armed === undefined) return Infinity
  const peer = peers.get(armed.heir)
  const progress = role.progress.get(armed.heir)
  if (peer === undefined || progress?.synced !== true || !isFresh(peer, now)) {
    return Infinity
  }
  const voters = protocol.log.configurations.at(-1)?.voters ?? []
  if (voters.length > 1) return Infinity
  const { log } = protocol
  return bequestTailBytesMax - bytesBetween(log, progress.ackedEnd, logEnd(log))
}
