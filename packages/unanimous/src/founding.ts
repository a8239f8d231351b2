/** Whether this tab may found a group in the room (two foundings are two groups, so it must be sure to be the first). */
import type { ReplicaId, RuntimeEvent } from '@unanimous/core'
import type { LinkInfo as MeshLink } from '@unanimous/webrtc-transport'
import type { RoomConflict } from './status.ts'

export interface RoomView {
  readonly policy: 'auto' | 'never' | 'always'
  /** A signaling server told who is in the room. */
  readonly answered: boolean
  /** The others in the room, and those of them who came before us. */
  readonly peers: readonly ReplicaId[]
  readonly earlier: readonly ReplicaId[]
  /** Those of them that a link told us are in no group yet. */
  readonly newcomers: readonly ReplicaId[]
  /** Those of them that would only watch: they found none. */
  readonly watchers: readonly ReplicaId[]
  /** Those of them that know another secret than ours: they cannot be members of a group of ours. */
  readonly strangers: readonly ReplicaId[]
}

/** Who speaks with another secret, or could not prove that it knows ours. What the peer says of us shows nothing. */
export const strangersAmong = (links: readonly MeshLink[]): readonly ReplicaId[] =>
  links
    .filter(({ refused }) => refused?.by === 'us')
    .filter(({ refused }) => refused?.code === 'secret' || refused?.code === 'proof')
    .map(({ peer }) => peer)

export function mayFound(view: RoomView): boolean {
  const { policy, answered, earlier, newcomers, watchers, strangers } = view
  if (policy === 'never') return false
  if (policy === 'always') return true
  // Who came later may still bring a group from its own store: everybody in the room must have said that it does not.
  return (
    answered &&
    earlier.every((peer) => strangers.includes(peer) || watchers.includes(peer)) &&
    othersIn(view).every((peer) => newcomers.includes(peer))
  )
}

const othersIn = ({ peers, strangers }: RoomView): readonly ReplicaId[] =>
  peers.filter((peer) => !strangers.includes(peer))

/** Why there is no group yet, in one sentence. */
export function whyJoining(view: RoomView): string {
  if (!view.answered) return 'No signaling server has answered yet.'
  if (othersIn(view).length === 0) return 'Waiting for a member of the group to open this room.'
  return 'Connecting to the other tabs in this room.'
}

/** The other group that was met in the room, for people. */
export const conflictOf = ({
  group,
  founded,
  voters,
  decidedEnd: commit,
}: Extract<RuntimeEvent, { type: 'roomConflict' }>): RoomConflict => ({
  ...{ group, founded: new Date(founded), voters, commit },
})
