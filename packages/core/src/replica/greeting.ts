/** Frames from outside this group: newcomers are welcomed, and two groups in one room tell each other. */
import { joinByWelcome } from '../membership/founding.ts'
import type { Peer } from '../overlay/peers.ts'
import { sortedPeers } from '../overlay/peers.ts'
import { newestConfiguration } from '../protocol/log.ts'
import { conflictPauseMs } from '../protocol/limits.ts'
import type { Welcome } from '../protocol/message.ts'
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
  { group, message }: { group: NonNullable<Frame['group']>; message: Welcome },
): void {
  const { replica, out } = step
  const { room, wanted } = replica.options
  if (replica.group !== undefined) {
    const { genesis, voters, decidedEnd } = message
    const { stamp: founded } = genesis
    out.notify.push({ type: 'roomConflict', peer: peer.id, group, founded, voters, decidedEnd })
    return
  }
  const joined = joinByWelcome({ room, group: wanted }, group, message, out)
  if (typeof joined === 'string') return ignore(contextOf(step), peer.id, 'welcome', joined)
  replica.group = joined
  peer.group = group
  refreshView(step)
  sendBeacon(step)
}
