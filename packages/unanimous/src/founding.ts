/** Whether this tab may found a group in the room (two foundings are two groups, so it must be sure to be the first). */
import type { ReplicaId } from '@unanimous/core'

export interface RoomView {
  readonly policy: 'auto' | 'never' | 'always'
  /** A signaling server told who is in the room. */
  readonly answered: boolean
  /** Nobody who is in the room now came before us. */
  readonly firstComer: boolean
  /** The others in the room. */
  readonly peers: readonly ReplicaId[]
  /** Those of them that a link told us are in no group yet. */
  readonly newcomers: readonly ReplicaId[]
}

export function mayFound({ policy, answered, firstComer, peers, newcomers }: RoomView): boolean {
  if (policy === 'never') return false
  if (policy === 'always') return true
  // Who came later may still bring a group from its own store: everybody in the room must have said that it does not.
  return answered && firstComer && peers.every((peer) => newcomers.includes(peer))
}

/** Why there is no group yet, in one sentence. */
export function whyJoining(view: RoomView): string {
  if (!view.answered) return 'No signaling server has answered yet.'
  if (view.peers.length === 0) return 'Waiting for a member of the group to open this room.'
  return 'Connecting to the other tabs in this room.'
}
