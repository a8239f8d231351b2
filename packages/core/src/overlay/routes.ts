/**
 * How each peer is reached from here: over its own link, or through others, as the newest beacons say who hears whom. Knows
 * peers and clocks; sends nothing.
 */
import type { GroupId, Millis, ReplicaId } from '../protocol/ids.ts'
import { hopsMax } from '../protocol/limits.ts'
import type { Beacon } from '../protocol/message.ts'
import { isHeard, isPresent, isFresh } from './failure-detector.ts'
import type { Vertex } from './graph.ts'
import { waysFrom } from './graph.ts'
import type { Peers } from './peers.ts'
import { sortedPeers } from './peers.ts'

export interface Here {
  readonly self: ReplicaId
  readonly group: GroupId | undefined
  readonly now: Millis
  /** False: only direct links count. */
  readonly relays: boolean
  /** Whose sender holds a vote. */
  isVoter(beacon: Beacon): boolean
}

/** Whoever is late may be gone, and a hidden page forwards by its timers: others go first. */
const lateWeight = 4
const quietWeight = 2
/** More than any way of voters costs: they are few and stay, others come and go. */
const outsiderWeight = 8 * (1 + lateWeight + quietWeight)

export function updateRoutes(peers: Peers, here: Here): void {
  const { self, group, now, relays } = here
  const all = sortedPeers(peers)
  const heard = all.filter((peer) => isHeard(peer, now)).map(({ id }) => id)
  const vertices: Vertex[] = [{ id: self, heard, weight: 0 }]
  for (const peer of all) {
    const { id, beacon, linked } = peer
    if (beacon === undefined || !isPresent(peer, now)) continue
    const takesPart = beacon.part !== 'client'
    const mayRelay = relays && takesPart && group !== undefined && peer.group === group
    const late = isFresh(peer, now) ? 0 : lateWeight
    const outside = here.isVoter(beacon) ? 0 : outsiderWeight
    const weight = mayRelay ? late + outside + (beacon.quiet ? quietWeight : 0) : Infinity
    // It may have heard us over a link that is gone since.
    const hears = linked ? beacon.heard : beacon.heard.filter((from) => from !== self)
    vertices.push({ id, heard: mayRelay ? hears : hears.filter((from) => from === self), weight })
  }
  const ways = waysFrom(self, vertices, relays ? hopsMax : 1)
  for (const peer of all) {
    const way = ways.get(peer.id)
    peer.via = way?.via
    peer.reached = way?.back ?? false
  }
}
