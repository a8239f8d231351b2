/** Of whom a store that makes no snapshots may get one. Knows who is there; what becomes of it is the protocol's. */
import { isReached } from '../overlay/failure-detector.ts'
import type { Peer } from '../overlay/peers.ts'
import { sortedPeers } from '../overlay/peers.ts'
import { lotOf } from '../overlay/tree.ts'
import { borrow } from '../protocol/borrowing.ts'
import type { ReplicaId } from '../protocol/ids.ts'
import type { Step } from './surroundings.ts'
import { contextOf } from './surroundings.ts'

/** Once a round. */
export function borrowSnapshot(step: Step): void {
  if (step.replica.protocol.snapshots.borrowing === undefined) return
  borrow(contextOf(step), lendersOf(step))
}

/** Those who run a machine first, and the leader last: it has other things to send. */
function lendersOf({ replica, now }: Step): readonly ReplicaId[] {
  const { peers, group, options } = replica
  const placeOf = ({ beacon }: Peer): number =>
    2 * Number(beacon?.machine.length === 0) + Number(beacon?.phase === 'leading')
  return sortedPeers(peers)
    .filter((peer) => {
      const { beacon } = peer
      if (beacon === undefined || beacon.part === 'client' || beacon.nextMs === 0) return false
      return peer.group === group?.id && beacon.decidedEnd > 0 && isReached(peer, now)
    })
    .sort(
      (a, b) => placeOf(a) - placeOf(b) || lotOf(options.self, a.id) - lotOf(options.self, b.id),
    )
    .map(({ id }) => id)
}
