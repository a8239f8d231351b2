import { expect, test } from 'vitest'
import { linkedPeer } from '../overlay/peers.ts'
import { defaultPolicy } from '../membership/policy.ts'
import { noEffects } from '../protocol/effects.ts'
import { incarnation, millis, ownVote, wallMillis } from '../protocol/ids.ts'
import type { ProbeAck } from '../protocol/message.ts'
import { beaconFrom } from '../testing/beacons.ts'
import { a, b, ballot, c, groupOf } from '../testing/stores.ts'
import { refreshView } from './beacon.ts'
import { onProbe, onProbeAck, startConfirmation, suspect } from './confirmation.ts'
import type { ReplicaState } from './state.ts'
import { freshReplica } from './state.ts'
import type { Step } from './surroundings.ts'

const two = ballot(2, a)

/** `a` leads three, and hears both others. */
function leader(): Step & { readonly replica: ReplicaState } {
  const group = groupOf([a, b, c])
  group.elect(a)
  const options = { self: a, incarnation: incarnation(1), room: 'room', wanted: undefined }
  const fresh = freshReplica({ ...options, membership: defaultPolicy, relays: true, profile: '' })
  const replica: ReplicaState = { ...fresh, protocol: group.of(a), group: { id: 'g' } as never }
  const step = { replica, out: noEffects(), now: millis(0), wall: wallMillis(0) }
  for (const id of [b, c]) {
    const peer = linkedPeer(replica.peers, id, millis(0))
    if (peer === undefined) throw new Error('no peer')
    Object.assign(peer, { heard: true, group: replica.group?.id })
    peer.beacon = beaconFrom(id, { heard: [a, b, c], followed: two })
  }
  refreshView(step)
  return step
}

const answer = (id: number, fields: Partial<ProbeAck> = {}): ProbeAck => ({
  ...{ type: 'probeAck', id, followed: two, votes: [ownVote(b)] },
  ...fields,
})

const asked = ({ out }: Step) =>
  out.sendNow.flatMap(({ to, message }) => (message.type === 'probe' ? [to] : []))

test('[FD12] a leader that stood still asks everybody, and a majority makes it sure again', () => {
  const step = leader()
  startConfirmation(step)
  expect(asked(step)).toEqual([b, c])
  expect(step.replica.unconfirmed).toBeDefined()
  onProbeAck(step, b, answer(1))
  expect(step.replica.unconfirmed).toBeUndefined()
})

test.each([
  { why: 'it answers an older question', ack: answer(0) },
  { why: 'its sender follows somebody else', ack: answer(1, { followed: ballot(3, b) }) },
  { why: 'it casts no vote', ack: answer(1, { votes: [] }) },
])('[FD12] an answer is none if $why', ({ ack }) => {
  const step = leader()
  startConfirmation(step)
  onProbeAck(step, b, ack)
  expect(step.replica.unconfirmed).toBeDefined()
})

test('[FD12] a question is answered at once, with whom one follows', () => {
  const step = leader()
  onProbe(step, b, { type: 'probe', id: 8 })
  const message = answer(8, { votes: [ownVote(a)] })
  expect(step.out.sendNow.at(-1)).toEqual({ to: b, message })
})

test('[FD8] a hint about a member makes us ask it, one about a stranger nothing', () => {
  const step = leader()
  suspect(step, b)
  suspect(step, two.node)
  expect(asked(step)).toEqual([b])
  expect(step.replica.peers.get(b)?.question?.deadline).toBe(150)
})
