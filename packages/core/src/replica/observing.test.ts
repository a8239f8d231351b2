import { expect, test } from 'vitest'
import { defaultPolicy } from '../membership/policy.ts'
import { freshSigns } from '../overlay/peers.ts'
import { noEffects } from '../protocol/effects.ts'
import type { ReplicaId } from '../protocol/ids.ts'
import { incarnation, millis, wallMillis } from '../protocol/ids.ts'
import { riseMs } from '../protocol/limits.ts'
import { beginObserving } from '../protocol/observe.ts'
import { peerOf } from '../testing/beacons.ts'
import { a, act, b, ballot, c, d, e, storeOf } from '../testing/stores.ts'
import { goOnObserving } from './observing.ts'
import { markOf, routeSince } from './relay.ts'
import type { ReplicaState } from './state.ts'
import { freshReplica } from './state.ts'

/** To whom D, fed by B, which C feeds, sends what it asks A, which leads; undefined: it does not ask. */
function asks({ path, relays }: { path: readonly ReplicaId[]; relays: boolean }) {
  const options = { self: d, incarnation: incarnation(1), room: 'room', wanted: undefined }
  const fresh = freshReplica({ ...options, membership: defaultPolicy, relays, profile: '' })
  const replica: ReplicaState = { ...fresh, protocol: storeOf(d) }
  const step = { replica, out: noEffects(), now: millis(riseMs), wall: wallMillis(0) }
  act(replica.protocol, beginObserving)
  const word = { ballot: ballot(2, a), at: step.now }
  Object.assign(replica.tree, { feeder: b, feederAt: step.now, path, word })
  // The leader's beacon came here, but of those between nobody says who hears whom.
  replica.peers.set(a, peerOf(a, { phase: 'leading' }, { linked: false }))
  replica.peers.set(b, peerOf(b, { heard: [d, e], part: 'observer' }))
  for (const peer of replica.peers.values()) Object.assign(peer, freshSigns(step.now))
  const mark = markOf(step.out)
  goOnObserving(step)
  routeSince(step, mark)
  return step.out.sendNow.find(({ message: { type } }) => type === 'relayed' || type === 'join')
}

test('[OB18] an observer asks for a place by the way that the leader’s word took, if no other is known', () => {
  const message = { type: 'relayed', path: [d, b, c, a], message: { type: 'join' } }
  expect(asks({ path: [c, b], relays: true })).toMatchObject({ to: b, message })
})

test.each([
  { path: [], relays: true, why: 'no word comes to it' },
  { path: [c, b], relays: false, why: 'nobody passes anything on' },
])('[OB18] it asks for none while $why', ({ path, relays }) => {
  expect(asks({ path, relays })).toBeUndefined()
})
