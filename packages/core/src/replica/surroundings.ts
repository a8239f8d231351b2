/** What every part of one step works on, and the moment in which it happens. */
import { beaconHiddenMs, beaconVisibleMs } from '../protocol/limits.ts'
import type { ReplicaId } from '../protocol/ids.ts'
import type { Effects } from '../protocol/effects.ts'
import { isThere, sortedPeers } from '../overlay/peers.ts'
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

/** A hidden page's timers fire once a second: it promises no more than it can keep. */
export const roundMsOf = (replica: ReplicaState): number =>
  replica.hidden ? beaconHiddenMs : beaconVisibleMs

/** Everybody in this group to whom a way leads. */
export const groupPeers = ({ peers, group }: ReplicaState): readonly ReplicaId[] =>
  sortedPeers(peers)
    .filter((peer) => isThere(peer) && peer.group !== undefined && peer.group === group?.id)
    .map(({ id }) => id)
