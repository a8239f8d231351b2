import { expect, test } from 'vitest'
import type { Index, ReplicaId } from '../protocol/ids.ts'
import { millis } from '../protocol/ids.ts'
import type { Beacon } from '../protocol/message.ts'
import { startPreparing } from '../protocol/prepare.ts'
import type { ProtocolState } from '../protocol/state.ts'
import { beaconFrom, peersAround } from '../testing/beacons.ts'
import { a, act, b, c, d, groupOf } from '../testing/stores.ts'
import type { Election } from './nominate.ts'
import { givesUp, nominates, noteDecisions } from './nominate.ts'
import { viewOf } from './view.ts'

const unhappy = (): Election => ({
  ...{ happy: false, attempts: 0, decidedEnd: 0, decidedAt: millis(0), waitRounds: 0 },
})
const three = [a, b, c]
type Beacons = Readonly<Record<ReplicaId, Partial<Beacon>>>

/** All of them hear each other. */
const view = (state: ProtocolState, beacons: Beacons) => {
  const heard = Object.entries(beacons).map(([id, fields]) => [id, { heard: three, ...fields }])
  const peers = peersAround(state.self, Object.fromEntries(heard) as Beacons)
  return viewOf(state, peers, millis(0))
}

/** The round, from 1, in which `state` nominates itself; 0 for none of ten. */
function round(state: ProtocolState, beacons: Beacons, election = unhappy()): number {
  const self = { id: state.self, beacon: beaconFrom(state.self, { heard: three }) }
  for (let count = 1; count <= 10; count += 1) {
    if (nominates(election, state, view(state, beacons), self)) return count
  }
  return 0
}

const alone = { [b]: {}, [c]: {} }

test('[EL7] who is unhappy, reaches a quorum and nobody happy, and holds a vote, nominates itself', () => {
  expect(round(groupOf(three).of(a), alone)).toBe(1)
})

test.each([
  { why: 'it is happy itself', beacons: alone, happy: true },
  { why: 'somebody it reaches is happy', beacons: { [b]: { happy: true }, [c]: {} }, happy: false },
  { why: 'it reaches no quorum', beacons: {}, happy: false },
])('[EL7] it does not when $why', ({ beacons, happy }) => {
  expect(round(groupOf(three).of(a), beacons, { ...unhappy(), happy })).toBe(0)
})

test('[EL7] nor without a vote', () => {
  const group = groupOf(three)
  const { log, decidedEnd } = group.of(a)
  const outside = { ...groupOf([d]).of(d), log, decidedEnd }
  expect(round(outside, { [a]: {}, ...alone })).toBe(0)
})

test('[EL8] it waits a round for each that should lead rather than itself', () => {
  const state = groupOf(three).of(c)
  expect(round(state, { [a]: {}, [b]: {} })).toBe(3)
  expect(round(state, { [a]: { quiet: true }, [b]: { storageOk: false } })).toBe(1)
})

test('[EL8] and one more for a newer configuration that somebody has', () => {
  expect(round(groupOf(three).of(a), { [b]: { configIndex: 9 as Index }, [c]: {} })).toBe(2)
})

test('[EL8] only rounds in a row count', () => {
  const state = groupOf(three).of(c)
  const self = { id: c, beacon: beaconFrom(c, { heard: three }) }
  const election = unhappy()
  const others = { [a]: {}, [b]: {} }
  for (const beacons of [others, others, { ...others, [b]: { happy: true } }, others, others]) {
    expect(nominates(election, state, view(state, beacons), self)).toBe(false)
  }
})

test('[EL9] a leader does not begin anew because it waits', () => {
  const group = groupOf(three)
  group.elect(a)
  expect(round(group.of(a), alone)).toBe(0)
})

test.each([
  { beacons: {}, why: 'nobody is left to promise' },
  { beacons: { [b]: { happy: true }, [c]: {} }, why: 'others have a leader that makes progress' },
])('[EL10] a claim that came to nothing is given up: $why', ({ beacons }) => {
  const state = groupOf(three).of(a)
  act(state, (context) => startPreparing(context, []))
  expect(givesUp(unhappy(), state, view(state, beacons))).toBe(true)
  expect(givesUp({ ...unhappy(), happy: true }, state, view(state, beacons))).toBe(false)
})

test('[EL10] while a quorum is there and nobody else leads, it goes on', () => {
  const state = groupOf(three).of(a)
  act(state, (context) => startPreparing(context, []))
  expect(givesUp(unhappy(), state, view(state, alone))).toBe(false)
})

test('[EL6] what is decided ends the patience of earlier attempts', () => {
  const state = groupOf(three).of(a)
  const election = { ...unhappy(), attempts: 3, decidedEnd: 2 }
  noteDecisions(election, state, millis(70))
  expect(election.attempts).toBe(3)
  state.decidedEnd = 3 as Index
  noteDecisions(election, state, millis(80))
  expect(election).toMatchObject({ attempts: 0, decidedEnd: 3, decidedAt: 80 })
})
