/** Frames from outside this group: newcomers are welcomed, and two groups in one room tell each other. */
import { joinByWelcome } from '../membership/founding.ts'
import type { Peer } from '../overlay/peers.ts'
import { sortedPeers } from '../overlay/peers.ts'
import type { Epoch, GroupId, GroupName } from '../protocol/ids.ts'
import { logEnd, newestConfiguration } from '../protocol/log.ts'
import { conflictPauseMs, giveWayMs } from '../protocol/limits.ts'
import type { Welcome } from '../protocol/message.ts'
import { covers } from '../protocol/copy.ts'
import { ignore } from '../protocol/state.ts'
import { refreshView, sendBeacon } from './beacon.ts'
import type { Frame } from './input.ts'
import type { Step } from './surroundings.ts'
import { contextOf } from './surroundings.ts'

function welcomeOf(step: Step): Welcome | undefined {
  const { group, protocol } = step.replica
  if (group === undefined) return undefined
  return {
    type: 'welcome',
    genesis: group.genesis,
    refounding: group.refounding,
    voters: newestConfiguration(protocol.log)?.voters.length ?? 0,
    decidedEnd: protocol.decidedEnd,
  }
}

/** The sender is in no group yet, or in another one than this replica. */
export function onForeign(step: Step, peer: Peer, frame: Frame): void {
  const { out } = step
  const { message, group } = frame
  peer.beacon = undefined
  if (message.type === 'welcome' && group !== undefined) {
    return onWelcome(step, peer, { ...frame, group, message })
  }
  if (message.type !== 'beacon') {
    return ignore(contextOf(step), peer.id, message.type, 'otherGroup')
  }
  peer.watches = message.part !== 'member'
  const welcome = welcomeOf(step)
  if (welcome === undefined) return
  if (group !== undefined && !mayTellConflict(step, peer)) return
  if (group !== undefined) peer.conflictAt = step.now
  // Behind our own writes: a group that was only just founded must not be forgotten by all but its guests.
  out.send.push({ to: peer.id, message: welcome })
}

/** A group was founded here: those who wait for one hear of it at once. */
export function welcomeNewcomers(step: Step): void {
  const welcome = welcomeOf(step)
  if (welcome === undefined) return
  for (const { id, linked, heard, group } of sortedPeers(step.replica.peers)) {
    if (linked && heard && group === undefined) step.out.send.push({ to: id, message: welcome })
  }
}

const mayTellConflict = ({ now }: Step, peer: Peer): boolean =>
  peer.conflictAt === undefined || now - peer.conflictAt >= conflictPauseMs

function onWelcome(
  step: Step,
  peer: Peer,
  { group: id, epoch, message }: Frame & { group: GroupId; message: Welcome },
): void {
  const { replica, out } = step
  const { room, wanted } = replica.options
  const { group } = replica
  if (group !== undefined) {
    if (isLater(group, { id, epoch }) && isStranded(step)) return giveWay(step, epoch, message)
    const { genesis, voters, decidedEnd } = message
    const { stamp: founded } = genesis
    out.notify.push({ type: 'roomConflict', peer: peer.id, group: id, founded, voters, decidedEnd })
    return
  }
  const joined = joinByWelcome({ room, group: wanted }, { id, epoch }, message, out)
  if (typeof joined === 'string') return ignore(contextOf(step), peer.id, 'welcome', joined)
  replica.group = joined
  peer.group = id
  refreshView(step)
  sendBeacon(step)
}

/** No majority is in touch, and there was time to find one. */
const isStranded = ({ replica, now }: Step): boolean =>
  !replica.view.quorumConnected && now - replica.startedAt >= giveWayMs

const isLater = (ours: GroupName, theirs: GroupName): boolean =>
  ours.id === theirs.id && ours.epoch.number < theirs.epoch.number

/** R8: the group was begun anew while nobody could decide in this epoch: nobody ever will, as far as this replica is asked. */
function giveWay({ replica, out }: Step, epoch: Epoch, { refounding }: Welcome): void {
  const { group, protocol } = replica
  const { accepted, log } = protocol
  const copy = { accepted, logEnd: logEnd(log) }
  const covered =
    group !== undefined && refounding !== undefined && covers(refounding, group.epoch, copy)
  replica.closed = true
  out.notify.push({ type: 'superseded', epoch, covered })
}
