/** The room as one server tells it: who else is there and who came before. Pure. */
import type { ReplicaId } from '@unanimous/core'

export interface RoomView {
  /** The others, earliest first. */
  readonly peers: readonly ReplicaId[]
  /** Those of them who were there when this peer joined. */
  readonly earlier: readonly ReplicaId[]
}

export const viewOnJoining = (peers: readonly ReplicaId[]): RoomView => ({
  peers: [...peers],
  earlier: [...peers],
})

/** `peer` is the last of the join order now, whatever it was. */
export function viewWith(view: RoomView, peer: ReplicaId): RoomView {
  const others = viewWithout(view, peer)
  return { ...others, peers: [...others.peers, peer] }
}

export function viewWithout({ peers, earlier }: RoomView, peer: ReplicaId): RoomView {
  const others = (ids: readonly ReplicaId[]): readonly ReplicaId[] =>
    ids.includes(peer) ? ids.filter((id) => id !== peer) : ids
  return { peers: others(peers), earlier: others(earlier) }
}
