/** What every part of one step works on, and the moment in which it happens. */
import { runsMachine } from '../membership/machine-versions.ts'
import { beaconHiddenMs, beaconVisibleMs, quietDoubt } from '../protocol/limits.ts'
import type { ReplicaId } from '../protocol/ids.ts'
import type { Effects } from '../protocol/effects.ts'
import { isThere, sortedPeers } from '../overlay/peers.ts'
import type { Part } from '../protocol/part.ts'
import { keepsLog } from '../protocol/part.ts'
import type { Context } from '../protocol/state.ts'
import type { Instant } from './input.ts'
import type { ReplicaState } from './state.ts'

export interface Step extends Instant {
  readonly replica: ReplicaState
  readonly out: Effects
}

export const contextOf = ({ replica, out, now, wall }: Step): Context => ({
  state: replica.protocol,
  out,
  now,
  wall,
  wallAgreed: replica.wallAgreed,
})

/** A hidden page's timers fire once a second: it promises no more than it can keep. Nobody decides anything on who observes. */
export const beaconMsOf = (replica: ReplicaState): number =>
  replica.hidden || !keepsLog(partOf(replica)) ? beaconHiddenMs : beaconVisibleMs

/** How much part it takes now. */
export function partOf({ options, protocol }: ReplicaState): Part {
  const { role = 'member' } = options
  return keepsLog(role) && protocol.observing !== undefined ? 'observer' : role
}

/** How long it waits for others before it repeats itself: longer, while it doubts its own sense of time. */
export const roundMsOf = (replica: ReplicaState): number =>
  beaconMsOf(replica) * (1 + replica.pulse.doubt)

/** It would rather not lead. */
export const isQuiet = (replica: ReplicaState): boolean =>
  replica.hidden ||
  replica.options.role === 'standby' ||
  replica.pulse.doubt >= quietDoubt ||
  !runsMachine(replica.protocol, replica.options.machine ?? [])

/** Those of them who may have something to say in a decision. */
export const electors = (replica: ReplicaState): readonly ReplicaId[] =>
  groupPeers(replica).filter((id) => keepsLog(replica.peers.get(id)?.beacon?.part ?? 'member'))

/** Everybody in this group to whom a way leads. */
export const groupPeers = ({ peers, group }: ReplicaState): readonly ReplicaId[] =>
  sortedPeers(peers)
    .filter((peer) => isThere(peer) && peer.group !== undefined && peer.group === group?.id)
    .map(({ id }) => id)
