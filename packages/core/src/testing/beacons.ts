/** Peers as they look from here, for tests of who is up and who should lead. Knows fields, not when they are sent. */
import type { Peer, Peers } from '../overlay/peers.ts'
import { zeroBallot } from '../protocol/ballot.ts'
import type { Index, ReplicaId } from '../protocol/ids.ts'
import { incarnation, millis, ownVote, wallMillis } from '../protocol/ids.ts'
import { beaconVisibleMs } from '../protocol/limits.ts'
import { noFingerprint } from '../replica/fingerprint-state.ts'
import type { Beacon } from '../protocol/message.ts'
import { noVouch } from '../protocol/message.ts'
import { freshSigns } from '../overlay/peers.ts'
import { noReceipts } from '../overlay/receipts.ts'

/** Of a follower in a calm group that hears everybody; `heard` is for the test to say. */
export function beaconFrom(id: ReplicaId, fields: Partial<Beacon> = {}): Beacon {
  return {
    ...{ type: 'beacon', incarnation: incarnation(1), seq: 1, nextMs: beaconVisibleMs },
    ...{ heard: [], votes: [ownVote(id)], phase: 'follower', ballot: zeroBallot },
    ...{ followed: zeroBallot, highestSeen: zeroBallot, happy: false, quorumConnected: true },
    ...{ quiet: false, leaving: false, storageOk: true, wall: wallMillis(0) },
    ...{ accepted: zeroBallot, logEnd: 0 as Index, decidedEnd: 0 as Index },
    ...{ configIndex: 0 as Index, profile: '', fingerprint: noFingerprint },
    ...{ tripClass: 0, part: 'member', machine: [], vouch: noVouch },
    ...fields,
  }
}

const noWay = { via: undefined, reached: false }

/** Linked, and heard at time 0. */
export function peerOf(
  id: ReplicaId,
  beacon: Partial<Beacon> = {},
  fields: Partial<Peer> = {},
): Peer {
  return {
    ...{ id, linked: true, ...freshSigns(millis(0)), wallOffset: 0 },
    ...{ beacon: beaconFrom(id, beacon), heard: true, group: undefined, conflictAt: undefined },
    ...{ watches: false, back: undefined },
    receipts: noReceipts(),
    // Whoever hears anybody hears us, in these small worlds.
    ...((beacon.heard ?? []).length > 0 ? { via: [], reached: true } : noWay),
    ...fields,
  }
}

/** Peers that hear `self` and are heard by it at time 0. */
export function peersAround(
  self: ReplicaId,
  beacons: Readonly<Record<ReplicaId, Partial<Beacon>>>,
): Peers {
  return new Map(
    Object.entries(beacons).map(([name, beacon]) => {
      const id = name as ReplicaId
      return [id, peerOf(id, { heard: [self], ...beacon })]
    }),
  )
}
