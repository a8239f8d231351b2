import { expect, test } from 'vitest'
import type { Beacon } from '../protocol/message.ts'
import type { Index, ReplicaId } from '../protocol/ids.ts'
import { a, b, ballot, c, config, d, first, genesis, storeOf } from '../testing/stores.ts'
import { beaconFrom } from '../testing/beacons.ts'
import type { Candidate } from './rank.ts'
import { compareCandidates, comparePlaces, rankOf } from './rank.ts'
import type { Standing } from './standing.ts'
import { viewOf } from './view.ts'

const reached = (fields: Partial<Beacon> = {}, id = b) => ({ id, beacon: beaconFrom(id, fields) })

const candidate = (
  { degree = 2, eccentricity = 1, ...fields }: Partial<Beacon & Standing>,
  id: ReplicaId,
): Candidate => ({ ...reached(fields, id), standing: { degree, eccentricity } })

const places: readonly (readonly [
  string,
  Partial<Beacon & Standing>,
  Partial<Beacon & Standing>,
])[] = [
  ['stays', {}, { leaving: true, degree: 9 }],
  ['is visible', {}, { quiet: true, degree: 9 }],
  ['has a sound disk', {}, { storageOk: false, degree: 9 }],
  ['has more links both ways', { degree: 3 }, { eccentricity: 0, tripClass: 0 }],
  ['is nearer to the farthest', { tripClass: 3 }, { eccentricity: 2 }],
  ['has shorter links', {}, { tripClass: 1, accepted: ballot(9, a), logEnd: 9 as Index }],
]

const freshness: typeof places = [
  ['accepted later', { accepted: ballot(3, a) }, { accepted: ballot(2, a), logEnd: 9 as Index }],
  ['holds much more', { logEnd: 30_000 as Index }, { logEnd: 4 as Index }],
]

test.each([...places, ...freshness])(
  '[EL1] who %s should lead rather than who does not',
  (_why, good, bad) => {
    expect(compareCandidates(candidate(good, c), candidate(bad, b))).toBeLessThan(0)
    expect(compareCandidates(candidate(bad, b), candidate(good, c))).toBeGreaterThan(0)
  },
)

test('[EL1] among equals the smaller id decides, so that all agree', () => {
  expect(compareCandidates(candidate({}, a), candidate({}, b))).toBeLessThan(0)
})

test('[EL1] what fits a message is not more', () => {
  const fields = [{ logEnd: 4 as Index }, { logEnd: 5 as Index }]
  const [short, long] = fields.map((each, at) => candidate(each, at === 0 ? a : b))
  expect(short && long && compareCandidates(short, long)).toBeLessThan(0)
})

test.each(places)('[EL13] who %s is placed better', (_why, good, bad) => {
  expect(comparePlaces(candidate(good, c), candidate(bad, b))).toBeLessThan(0)
})

test.each(freshness)('[EL13] who %s is not placed better by that', (_why, good, bad) => {
  expect(comparePlaces(candidate(good, c), candidate(bad, b))).toBe(0)
})

const state = storeOf(d, { entries: [genesis, config(first, a, b, d)], decidedEnd: 2 })
const viewWith = (others: ReturnType<typeof reached>[], relays = true) => ({
  ...viewOf(state, new Map(), 0 as never, relays),
  reached: others,
})

test('[EL1] the rank counts those that could lead rather than oneself, and nobody else', () => {
  const view = viewWith([
    reached({ heard: [b, d] }, a),
    reached({ happy: true, heard: [a, d] }, b),
    reached({ heard: [a, b, d] }, c),
  ])
  expect(rankOf(reached({ heard: [a] }, d), view)).toBe(1)
  expect(rankOf(reached({ heard: [a, b], accepted: first }, d), view)).toBe(0)
})

test('[EL1] who reaches no quorum is not in the way, unless frames take ways through others', () => {
  const alone = [reached({ heard: [b, d], quorumConnected: false }, a)]
  expect(rankOf(reached({ heard: [a] }, d), viewWith(alone, false))).toBe(0)
  expect(rankOf(reached({ heard: [a] }, d), viewWith(alone))).toBe(1)
})
