/** The room as one server tells it: who else is there and who came before. Pure. */
import type { ReplicaId } from '@unanimous/core'

export interface RoomView {
  /** The others, earliest first. */
  readonly peers: readonly ReplicaId[]
  /** Those of them who were there when this peer joined. */
  readonly before: ReadonlySet<ReplicaId>
}

export const viewOnJoining = (peers: readonly ReplicaId[]): RoomView => ({
  peers: [...peers],
  before: new Set(peers),
})

/** `peer` is the last of the join order now, whatever it was. */
export function viewWith(view: RoomView, peer: ReplicaId): RoomView {
  const others = viewWithout(view, peer)
  return { ...others, peers: [...others.peers, peer] }
}

export function viewWithout(view: RoomView, peer: ReplicaId): RoomView {
  const before = new Set(view.before)
  before.delete(peer)
  return { peers: view.peers.filter((other) => other !== peer), before }
}

export const isFirstComer = (view: RoomView): boolean => view.before.size === 0
