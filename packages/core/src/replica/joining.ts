/** Who wants to be fed by this leader. */
import { isAlwaysOn } from '../membership/always-on.ts'
import {
  addJoiner,
  forgetMember,
  hasSeat,
  holdsNewestVote,
  isShutOut,
} from '../membership/members.ts'
import { runsMachine } from '../membership/machine-versions.ts'
import { isPresent } from '../overlay/failure-detector.ts'
import type { ReplicaId } from '../protocol/ids.ts'
import { standbysMax } from '../protocol/limits.ts'
import { newestConfiguration } from '../protocol/log.ts'
import { repeatPrepare } from '../protocol/prepare.ts'
import type { Beacon } from '../protocol/message.ts'
import type { Leading } from '../protocol/state.ts'
import { ignore } from '../protocol/state.ts'
import { decline } from './feeding.ts'
import type { Step } from './surroundings.ts'
import { contextOf } from './surroundings.ts'

/** Its beacon may say so later than this: who has no vote is let go at once, and must be given none in between. */
export function onLeaver({ replica }: Step, from: ReplicaId): void {
  const peer = replica.peers.get(from)
  if (peer?.beacon !== undefined) peer.beacon = { ...peer.beacon, leaving: true }
  if (replica.protocol.role.phase === 'leading') replica.members.leavers.add(from)
}

export function onJoin(step: Step, from: ReplicaId): void {
  const { replica } = step
  const { role } = replica.protocol
  if (role.phase !== 'leading') return ignore(contextOf(step), from, 'join', 'notLeading')
  const votes = replica.peers.get(from)?.beacon?.votes ?? []
  if (holdsNewestVote(replica.protocol, votes)) return
  if (isShutOut(replica.protocol, from)) {
    if (mayGo(step, role, from)) turnAway(step, role, from)
    return
  }
  forgetOthers(step)
  forgetObserving(step, role, from)
  // Who is fed already, by an earlier leader's choice, stays so; and who has a seat, and only does not know yet whether it left
  // its vote to somebody, has to learn what became of the group before it can say.
  const isFed = role.progress.has(from) || hasSeat(replica.protocol, from)
  const slots = isFed ? Infinity : slotsOf(step, from)
  if (!addJoiner(replica.members, from, slots)) {
    if (!mayGo(step, role, from)) return
    ignore(contextOf(step), from, 'join', 'full')
    return decline(step, from)
  }
  if (!role.progress.has(from) && !role.refusals.has(from)) {
    repeatPrepare(contextOf(step), role, [from])
  }
}

/** Who observes is silent: while a configuration is not known to be decided, the voters of the one before it may be needed. */
function mayGo(step: Step, role: Leading, from: ReplicaId): boolean {
  if (role.gate === undefined) return true
  ignore(contextOf(step), from, 'join', 'notDecidedYet')
  return false
}

/** A person took it out: it may watch. */
function turnAway(step: Step, role: Leading, from: ReplicaId): void {
  forgetMember(step.replica.members, from)
  role.progress.delete(from)
  ignore(contextOf(step), from, 'join', 'removed')
  decline(step, from)
}

/**
 * Its last answers may have come after it was sent away: what it holds now is not what this leader noted. Asked again, it will say.
 */
function forgetObserving({ replica }: Step, role: Leading, from: ReplicaId): void {
  if (replica.peers.get(from)?.beacon?.part === 'observer') role.progress.delete(from)
}

/**
 * Standbys, and one for each seat that is yet to be filled. Who could be given a vote waits for nobody who could not, and who
 * is always on not for a tab to go.
 */
function slotsOf({ replica }: Step, joiner: ReplicaId): number {
  const { options, peers, members, protocol } = replica
  const { voters, standbys } = options.membership
  const beaconOf = (id: ReplicaId): Beacon | undefined => peers.get(id)?.beacon
  const more = isAlwaysOn(beaconOf(joiner)?.profile) ? standbysMax : standbys
  if (beaconOf(joiner)?.part === 'standby') return more
  const seats = newestConfiguration(protocol.log)?.voters.length ?? 0
  const open = more + Math.max(0, voters - seats)
  const couldVote = (id: ReplicaId): boolean => {
    const { part, votes = [], machine = [] } = beaconOf(id) ?? {}
    // A member that casts none cannot say who casts what it left: it gets no other before that is voted out. Observers cast none.
    const awaitsHeir = part === 'member' && votes.length === 0
    return part !== 'standby' && !awaitsHeir && runsMachine(protocol, machine)
  }
  if (!couldVote(joiner)) return open
  return open + [...members.joiners].filter((id) => !couldVote(id)).length
}

/** Who got a vote since, or went, takes nobody's place; if it comes back it asks again. */
function forgetOthers({ replica, now }: Step): void {
  const { members, peers, protocol } = replica
  for (const id of members.joiners) {
    const peer = peers.get(id)
    const there = peer !== undefined && isPresent(peer, now)
    if (!there || holdsNewestVote(protocol, peer.beacon?.votes ?? [])) members.joiners.delete(id)
  }
}
