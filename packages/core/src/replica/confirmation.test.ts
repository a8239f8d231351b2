import { expect, test } from 'vitest'
import { noEffects } from '../protocol/effects.ts'
import { incarnation, millis, ownVote, wallMillis } from '../protocol/ids.ts'
import type { ProbeAck } from '../protocol/message.ts'
import { leaderOf } from '../testing/leaders.ts'
import { a, b, ballot, c } from '../testing/stores.ts'
import { onProbe, onProbeAck, startConfirmation, suspect } from './confirmation.ts'
import type { Input } from './input.ts'
import type { ReplicaState } from './state.ts'
import { stepReplica } from './step.ts'
import type { Step } from './surroundings.ts'

const two = ballot(2, a)

const leader = (): Step & { readonly replica: ReplicaState } => leaderOf([a, b, c])

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

/** What the inputs, at one moment, make `replica` do. */
function doing(replica: ReplicaState, ...inputs: readonly Input[]) {
  const out = noEffects()
  const instant = { now: millis(10), wall: wallMillis(10) }
  for (const input of [...inputs, { type: 'flush' } as const]) {
    stepReplica(replica, input, instant, out)
  }
  const sent = out.sendNow.flatMap(({ to, message }) => (to === b ? [message] : []))
  return { ...out, sent, told: out.notify.map(({ type }) => type) }
}

test('[FD14] a leader that stood still shows a read nothing, and says of no command that it is decided, before a majority spoke', () => {
  const { replica } = leader()
  const unsure = { replica, out: noEffects(), now: millis(10), wall: wallMillis(10) }
  startConfirmation(unsure)
  const proposal = { author: a, incarnation: incarnation(1), seq: 0, command: new Uint8Array(1) }
  const asked = doing(
    replica,
    { type: 'read', id: 7, freshness: 'linearizable' },
    { type: 'proposed', proposal },
  )
  expect(replica.unconfirmed).toBeDefined()
  expect(asked.told).not.toContain('readable')
  expect(asked.apply).toEqual([])
  expect(asked.sent.map(({ type }) => type)).toEqual(
    expect.arrayContaining(['accept', 'readProbe']),
  )
})
