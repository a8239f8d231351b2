import { expect, test } from 'vitest'
import type { Ballot } from '../protocol/ballot.ts'
import type { Index, ReplicaId } from '../protocol/ids.ts'
import { millis, ownVote } from '../protocol/ids.ts'
import type { Accepted, Beacon } from '../protocol/message.ts'
import { startPreparing } from '../protocol/prepare.ts'
import type { ProtocolState } from '../protocol/state.ts'
import { peersAround } from '../testing/beacons.ts'
import { a, act, b, ballot, c, d, e, groupOf, leading, receive } from '../testing/stores.ts'
import type { Circumstances } from './happy.ts'
import { isHappy } from './happy.ts'
import { viewOf } from './view.ts'

const two = ballot(2, a)
const calm: Circumstances = {
  ...{ now: millis(0), roundMs: 250, storageOk: true, attempts: 0 },
  ...{ waitingSince: undefined, unconfirmedSince: undefined },
}

function happy(
  state: ProtocolState,
  beacons: Readonly<Record<ReplicaId, Partial<Beacon>>>,
  circumstances: Partial<Circumstances> = {},
): boolean {
  const view = viewOf(state, peersAround(state.self, beacons), millis(0))
  return isHappy(state, view, { ...calm, ...circumstances })
}

const claim = (of: Ballot, isSo: boolean) =>
  ({ phase: 'leading', ballot: of, happy: isSo }) as const

test('[EL4] a follower is happy when its leader is reached and says that it is', () => {
  const state = groupOf([a, b, c]).of(b)
  expect(happy(state, { [a]: claim(two, true) })).toBe(true)
  expect(happy(state, { [a]: claim(two, false) })).toBe(false)
  expect(happy(state, { [c]: { happy: true, followed: two } })).toBe(false)
})

test.each([
  { now: 8000, expected: true },
  { now: 8001, expected: false },
])(
  '[EL11] a follower whose proposals wait for $now ms while nothing is decided is happy: $expected',
  ({ now, expected }) => {
    const beacons = { [a]: claim(two, true) }
    const waiting = { waitingSince: millis(0), now: millis(now) }
    const peers = peersAround(b, beacons)
    for (const peer of peers.values()) peer.lastAt = millis(now)
    const state = groupOf([a, b, c]).of(b)
    const view = viewOf(state, peers, millis(now))
    expect(isHappy(state, view, { ...calm, ...waiting })).toBe(expected)
  },
)

test('[EL4] the happiness of a lower leader is no comfort', () => {
  const state = groupOf([a, b, c]).of(b)
  expect(happy(state, { [a]: claim(two, true), [c]: claim(ballot(3, c), false) })).toBe(false)
})

/** `a` leads five in ballot 2, and nothing is decided in it. */
function leader(): ProtocolState {
  const group = groupOf([a, b, c, d, e], (_from, { message }) => message.type === 'accepted')
  group.elect(a)
  return group.of(a)
}

const following = { [b]: { followed: two }, [c]: { followed: two } }

test('[EL5] a leader is happy while a majority follows it, or nobody higher', () => {
  expect(happy(leader(), following)).toBe(true)
  expect(happy(leader(), { [b]: { followed: two }, [c]: {} })).toBe(true)
  expect(happy(leader(), { [b]: { followed: two } })).toBe(false)
  expect(happy(leader(), { ...following, [c]: { followed: ballot(3, d) } })).toBe(false)
})

test('[EL5] a leader with a troubled disk is not happy', () => {
  expect(happy(leader(), following, { storageOk: false })).toBe(false)
})

test.each([
  { now: 500, expected: true },
  { now: 501, expected: false },
])(
  '[EL12] a leader that stood still and has no answers from a majority for $now ms is happy: $expected',
  ({ now, expected }) => {
    const asking = { unconfirmedSince: millis(0), now: millis(now) }
    expect(happy(leader(), following, asking)).toBe(expected)
  },
)

test('[EL5] a leader is content with a happy one above it', () => {
  expect(happy(leader(), { [b]: { happy: true, followed: ballot(3, b) } })).toBe(true)
})

test.each([
  { now: 1000, attempts: 0, expected: true },
  { now: 1001, attempts: 0, expected: false },
  { now: 1001, attempts: 1, expected: false },
  { now: 1001, attempts: 2, expected: true },
  { now: 2001, attempts: 2, expected: false },
  { now: 8000, attempts: 99, expected: true },
  { now: 8001, attempts: 99, expected: false },
])(
  '[EL6] a leader that decides nothing for $now ms after $attempts attempts is happy: $expected',
  ({ now, attempts, expected }) => {
    expect(happy(leader(), following, { now: millis(now), attempts })).toBe(expected)
  },
)

test('[EL6] a leader with nothing to decide may wait for ever', () => {
  const group = groupOf([a, b, c])
  group.elect(a)
  const others = { [b]: { followed: two } }
  expect(happy(group.of(a), others, { now: millis(1e9) })).toBe(true)
})

const accepted = (id: ReplicaId, logEnd: number): Accepted => ({
  ...{ type: 'accepted', ballot: two, votes: [ownVote(id)] },
  ...{ logEnd: logEnd as Index, decidedEnd: 2 as Index },
})

test('[EL6] a voter that comes nearer to what is undecided is progress; who holds it already is none', () => {
  const state = leader()
  receive(state, a, accepted(a, 3))
  receive(state, b, accepted(b, 3), 900)
  expect(happy(state, following, { now: millis(1900) })).toBe(true)
  receive(state, b, accepted(b, 3), 1800)
  expect(happy(state, following, { now: millis(1901) })).toBe(false)
})

test('[EL6] a voter that fetches the next piece of its sync is progress, the same piece again is none', () => {
  const state = leader()
  const pull = (from: number, now: number) => {
    const [index, end] = [from as Index, 3 as Index]
    receive(state, b, { type: 'pull', ballot: two, from: index, end }, now)
  }
  pull(1, 900)
  pull(1, 1800)
  expect(leading(state).progressAt).toBe(900)
  pull(2, 1850)
  expect(leading(state).progressAt).toBe(1850)
})

test('[EL6] a candidate is happy while promises come in, and not for ever', () => {
  const state = groupOf([a, b, c, d, e]).of(a)
  act(state, (context) => startPreparing(context, []))
  expect(happy(state, following, { now: millis(1000) })).toBe(true)
  expect(happy(state, following, { now: millis(1001) })).toBe(false)
})
