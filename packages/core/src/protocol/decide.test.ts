import { expect, test } from 'vitest'
import {
  a,
  act,
  b,
  ballot,
  c,
  command,
  config,
  d,
  e,
  first,
  genesis,
  groupOf,
  leading,
  noop,
  reasons,
  receive,
  sent,
  storeOf,
} from '../testing/stores.ts'
import { append } from './accept.ts'
import type { Index, ReplicaId } from './ids.ts'
import { ownVote } from './ids.ts'
import type { Accepted } from './message.ts'

const two = ballot(2, a)
const at = (index: number): Index => index as Index

/** `id` leads in ballot 2 over `group`; its acceptances are counted only as the test says. */
function ledBy(id: ReplicaId, ids: readonly ReplicaId[]) {
  const group = groupOf(ids, (_from, { message }) => message.type === 'accepted')
  group.elect(id)
  return group.of(id)
}

const acceptedBy = (votes: readonly ReplicaId[], logEnd: number, of = two): Accepted => ({
  ...{ type: 'accepted', ballot: of, votes: votes.map(ownVote) },
  ...{ logEnd: at(logEnd), decidedEnd: at(2) },
})

test('[DE1] an entry is decided once a majority of votes holds it in the leader’s ballot', () => {
  const state = ledBy(a, [a, b, c])
  receive(state, a, acceptedBy([a], 3))
  expect(state.decidedEnd).toBe(2)
  receive(state, b, acceptedBy([b], 3))
  expect(state.decidedEnd).toBe(3)
})

test('[DE1] one store that says so twice is no majority', () => {
  const state = ledBy(a, [a, b, c, d, e])
  for (let time = 0; time < 3; time += 1) receive(state, b, acceptedBy([b], 3))
  expect(state.decidedEnd).toBe(2)
})

test('[DE1] acceptances of an older ballot do not count, however many hold the entry', () => {
  const state = ledBy(a, [a, b, c])
  const old = receive(state, b, acceptedBy([b, c], 3, first))
  expect([reasons(old), state.decidedEnd]).toEqual([['otherBallot'], 2])
})

test('[DE2] a leader counts itself by its own durable write only', () => {
  const state = ledBy(a, [a, b, c])
  receive(state, b, acceptedBy([b], 3))
  expect(state.decidedEnd).toBe(2)
  receive(state, a, acceptedBy([a], 3))
  expect(state.decidedEnd).toBe(3)
})

test('[DE2] a leader without a vote in the configuration does not count itself', () => {
  const state = ledBy(a, [a, b, c])
  receive(state, a, acceptedBy([a], 3))
  receive(state, b, acceptedBy([b], 3))
  const entries = [config(two, b, c, d)]
  act(state, (context) => append(context, leading(state), entries))
  receive(state, a, acceptedBy([a], 4))
  receive(state, b, acceptedBy([b], 4))
  expect(state.decidedEnd).toBe(3)
  receive(state, c, acceptedBy([c], 4))
  expect(state.decidedEnd).toBe(4)
})

test.each([
  { holders: [a, b], decided: 3, why: 'a majority of the old voters alone' },
  { holders: [c, d, e], decided: 3, why: 'a majority of the new voters alone' },
  { holders: [a, b, d, e], decided: 4, why: 'a majority of each' },
  { holders: [a, c, d, e], decided: 4, why: 'a majority of each, one in both' },
])('[DE3] a configuration needs both: $why gives $decided', ({ holders, decided }) => {
  const state = ledBy(a, [a, b, c])
  receive(state, b, acceptedBy([a, b, c], 3))
  act(state, (context) => append(context, leading(state), [config(two, c, d, e)]))
  for (const holder of holders) receive(state, holder, acceptedBy([holder], 4))
  expect(state.decidedEnd).toBe(decided)
})

test('[DE3] entries behind a new configuration need its majority', () => {
  const state = ledBy(a, [a, b, c])
  receive(state, b, acceptedBy([a, b, c], 3))
  const entries = [config(two, c, d, e), noop(two)]
  act(state, (context) => append(context, leading(state), entries))
  for (const holder of [a, b, d, e]) receive(state, holder, acceptedBy([holder], 4))
  for (const holder of [a, b, d]) receive(state, holder, acceptedBy([holder], 5))
  expect(state.decidedEnd).toBe(4)
  receive(state, e, acceptedBy([e], 5))
  expect(state.decidedEnd).toBe(5)
})

const follower = (accepted = two) =>
  storeOf(b, {
    entries: [genesis, config(first, a, b, c), noop(accepted)],
    ...{ promised: two, accepted, decidedEnd: 2 },
  })

test('[DE4] a follower knows decided what it holds of the leader’s log, and no more', () => {
  const state = follower()
  receive(state, a, { type: 'decide', ballot: two, decidedEnd: at(9) })
  expect(state.decidedEnd).toBe(3)
})

test('[DE4] what it heard of before counts as soon as the entries come', () => {
  const state = follower()
  receive(state, a, { type: 'decide', ballot: two, decidedEnd: at(5) })
  const entries = [command(two, 0), command(two, 1), command(two, 2)]
  receive(state, a, { type: 'accept', ballot: two, from: at(3), entries, decidedEnd: at(0) })
  expect(state.decidedEnd).toBe(5)
})

test('[DE4] in any other ballot the leader’s word about what is decided means nothing here', () => {
  const state = follower(first)
  const effects = receive(state, a, { type: 'decide', ballot: two, decidedEnd: at(3) })
  expect([reasons(effects), state.decidedEnd]).toEqual([['otherBallot'], 2])
})

test('[DE5] decided entries are handed over in order, once, without a gap, on every store', () => {
  const group = groupOf([a, b, c])
  group.elect(a)
  for (const seq of [0, 1, 2, 3]) group.append(a, seq)
  group.settle()
  for (const id of [a, b, c]) expect(group.applied.get(id)).toEqual([2, 3, 4, 5, 6])
})

test('[DE6] a command that was executed already is handed over as a repetition', () => {
  const state = follower()
  const entries = [command(two, 0), command(two, 1), command(two, 0)]
  const decidedEnd = at(6)
  const effects = receive(state, a, {
    type: 'accept',
    ballot: two,
    from: at(3),
    entries,
    decidedEnd,
  })
  const commands = effects.apply.filter(({ entry }) => entry.kind === 'command')
  expect(commands.map(({ repeat }) => repeat)).toEqual([false, false, true])
})

test('[DE6] a later start of the same author is another author', () => {
  const state = follower()
  const again = { ...command(two, 0), incarnation: 2 } as ReturnType<typeof command>
  const entries = [command(two, 0), again]
  const decidedEnd = at(5)
  const effects = receive(state, a, {
    type: 'accept',
    ballot: two,
    from: at(3),
    entries,
    decidedEnd,
  })
  expect(effects.apply.slice(-2).map(({ repeat }) => repeat)).toEqual([false, false])
})

test('[DE7] that a configuration is decided is made durable, and told after that', () => {
  const state = follower()
  const accept = { type: 'accept', ballot: two, from: at(3), decidedEnd: at(4) } as const
  const effects = receive(state, a, { ...accept, entries: [config(two, a, b)] })
  expect(effects.persist.at(-1)).toEqual({ type: 'decide', decidedEnd: 4 })
  expect(sent(effects, 'accepted').at(-1)?.message.decidedEnd).toBe(4)
})

test('[DE7] the leader of an older ballot than the promised one is told nothing more', () => {
  const entries = [genesis, config(first, a, b, c), noop(two), config(two, a, b)]
  const state = storeOf(b, { entries, promised: ballot(3, c), accepted: two, decidedEnd: 3 })
  const effects = receive(state, a, { type: 'decide', ballot: two, decidedEnd: at(4) })
  expect([state.decidedEnd, sent(effects, 'accepted')]).toEqual([4, []])
})
