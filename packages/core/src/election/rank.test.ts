import { expect, test } from 'vitest'
import type { Beacon } from '../protocol/message.ts'
import type { Index } from '../protocol/ids.ts'
import { a, b, ballot, c, config, d, first, genesis, storeOf } from '../testing/stores.ts'
import { beaconFrom } from '../testing/beacons.ts'
import { compareCandidates, rankOf } from './rank.ts'
import { viewOf } from './view.ts'

const candidate = (fields: Partial<Beacon> = {}, id = b) => ({ id, beacon: beaconFrom(id, fields) })

const better: readonly (readonly [string, Partial<Beacon>, Partial<Beacon>])[] = [
  ['stays', {}, { leaving: true, heard: [a, c, d] }],
  ['is visible', {}, { quiet: true, heard: [a, c, d] }],
  ['has a sound disk', {}, { storageOk: false, heard: [a, c, d] }],
  ['hears more', { heard: [a, c] }, { heard: [a], accepted: ballot(9, a), logEnd: 9 as Index }],
  ['accepted later', { accepted: ballot(3, a) }, { accepted: ballot(2, a), logEnd: 9 as Index }],
  ['holds more', { logEnd: 5 as Index }, { logEnd: 4 as Index }],
]

test.each(better)('[EL1] who %s should lead rather than who does not', (_why, good, bad) => {
  expect(compareCandidates(candidate(good, c), candidate(bad, b))).toBeLessThan(0)
  expect(compareCandidates(candidate(bad, b), candidate(good, c))).toBeGreaterThan(0)
})

test('[EL1] among equals the smaller id decides, so that all agree', () => {
  expect(compareCandidates(candidate({}, a), candidate({}, b))).toBeLessThan(0)
})

test('[EL1] the rank counts those that could lead rather than oneself, and nobody else', () => {
  const state = storeOf(d, { entries: [genesis, config(first, a, b, d)], decidedEnd: 2 })
  const reached = [
    candidate({ heard: [b, d] }, a),
    candidate({ happy: true, heard: [a, d] }, b),
    candidate({ heard: [a, b, d] }, c),
  ]
  const view = { ...viewOf(state, new Map(), 0 as never), reached }
  expect(rankOf(candidate({ heard: [a] }, d), view)).toBe(1)
  expect(rankOf(candidate({ heard: [a, b, c] }, d), view)).toBe(0)
})

test('[EL1] who reaches no quorum is not in the way', () => {
  const state = storeOf(d, { entries: [genesis, config(first, a, b, d)], decidedEnd: 2 })
  const reached = [candidate({ heard: [b, d], quorumConnected: false }, a)]
  const view = { ...viewOf(state, new Map(), 0 as never), reached }
  expect(rankOf(candidate({}, d), view)).toBe(0)
})
