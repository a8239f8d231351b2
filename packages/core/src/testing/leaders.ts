/** A leader in the middle of a step, with all voters around it in calm weather. Knows no network. */
import { linkedPeer } from '../overlay/peers.ts'
import { defaultPolicy } from '../membership/policy.ts'
import { noEffects } from '../protocol/effects.ts'
import type { ReplicaId } from '../protocol/ids.ts'
import { incarnation, millis, wallMillis } from '../protocol/ids.ts'
import { refreshView } from '../replica/beacon.ts'
import type { ReplicaState } from '../replica/state.ts'
import { freshReplica } from '../replica/state.ts'
import type { Step } from '../replica/surroundings.ts'
import { beaconFrom } from './beacons.ts'
import { a, ballot, groupOf } from './stores.ts'

/** `a` leads `voters` in ballot 2, and everybody hears everybody. */
export function leaderOf(voters: readonly ReplicaId[]): Step & { readonly replica: ReplicaState } {
  const group = groupOf(voters)
  group.elect(a)
  const options = { self: a, incarnation: incarnation(1), room: 'room', wanted: undefined }
  const fresh = freshReplica({ ...options, membership: defaultPolicy, relays: true, profile: '' })
  const replica: ReplicaState = { ...fresh, protocol: group.of(a), group: { id: 'g' } as never }
  const step = { replica, out: noEffects(), now: millis(0), wall: wallMillis(0) }
  for (const id of voters) {
    if (id === a) continue
    const peer = linkedPeer(replica.peers, id, millis(0))
    if (peer === undefined) throw new Error('no peer')
    Object.assign(peer, { heard: true, group: replica.group?.id })
    peer.beacon = beaconFrom(id, { heard: voters, followed: ballot(2, a) })
  }
  refreshView(step)
  return step
}
