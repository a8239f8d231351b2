import { expect, test } from 'vitest'
import type { Index } from '../protocol/ids.ts'
import { millis, ownVote } from '../protocol/ids.ts'
import { peerOf, peersAround } from '../testing/beacons.ts'
import { a, b, ballot, c, config, d, e, first, genesis, noop, storeOf } from '../testing/stores.ts'
import { zeroBallot } from '../protocol/ballot.ts'
import { isWallAgreed, viewOf } from './view.ts'

const now = millis(0)
const five = [genesis, config(first, a, b, c, d, e)]
const state = storeOf(a, { entries: five, decidedEnd: 2 })

test('[EL2] quorum-connected: the votes reached both ways, and the own, are a majority', () => {
  expect(viewOf(state, peersAround(a, { [b]: {}, [c]: {} }), now).quorumConnected).toBe(true)
  expect(viewOf(state, peersAround(a, { [b]: {} }), now).quorumConnected).toBe(false)
  const deaf = peersAround(a, { [b]: {}, [c]: { heard: [] } })
  expect(viewOf(state, deaf, now).quorumConnected).toBe(false)
})

test('[EL2] of every configuration that may count', () => {
  const entries = [...five, noop(first), config(first, d, e, c)]
  const both = storeOf(a, { entries, decidedEnd: 3 })
  expect(viewOf(both, peersAround(a, { [b]: {}, [c]: {} }), now).quorumConnected).toBe(false)
  expect(viewOf(both, peersAround(a, { [d]: {}, [c]: {} }), now).quorumConnected).toBe(true)
})

test('[EL2] votes count, not stores: one may cast two, one that says good-bye casts none', () => {
  const votes = [ownVote(b), ownVote(c)]
  expect(viewOf(state, peersAround(a, { [b]: { votes } }), now).quorumConnected).toBe(true)
  const gone = peersAround(a, { [b]: {}, [c]: { votes: [] } })
  expect(viewOf(state, gone, now).quorumConnected).toBe(false)
})

test('[EL3] the highest ballot whose owner claims it is followed', () => {
  const peers = peersAround(a, {
    [b]: { phase: 'leading', ballot: ballot(3, b) },
    [c]: { phase: 'preparing', ballot: ballot(4, c) },
    [d]: { followed: ballot(9, e), highestSeen: ballot(9, e) },
  })
  expect(viewOf(state, peers, now).followed).toEqual(ballot(4, c))
})

test('[EL3] one that is not reached is not followed', () => {
  const peers = new Map([[b, peerOf(b, { phase: 'leading', ballot: ballot(3, b) })]])
  expect(viewOf(state, peers, now).followed).toEqual(zeroBallot)
})

test.each([
  { fields: {}, follows: false, why: 'it has no vote here' },
  { fields: { configIndex: 7 as Index }, follows: true, why: 'it knows a newer configuration' },
  { fields: { ballot: first }, follows: true, why: 'it has our promise' },
])('[EL3] an outsider’s claim is followed: $follows, for $why', ({ fields, follows }) => {
  const three = storeOf(d, { entries: [genesis, config(first, b, c, d)], decidedEnd: 2 })
  const claim = { phase: 'leading', ballot: ballot(3, a), ...fields } as const
  const view = viewOf(three, peersAround(d, { [a]: claim }), now)
  expect(view.followed).toEqual(follows ? claim.ballot : zeroBallot)
})

test('[AC11] clocks agree when a majority, the own among them, is within the bound', () => {
  const options = { now, skewMs: 100 }
  const peers = peersAround(a, { [b]: {}, [c]: {} })
  expect(isWallAgreed(state, peers, options)).toBe(true)
  peers.set(c, peerOf(c, { heard: [a] }, { wallOffset: 101 }))
  expect(isWallAgreed(state, peers, options)).toBe(false)
})
