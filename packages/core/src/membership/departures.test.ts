import { expect, test } from 'vitest'
import type { ReplicaId, VoteId } from '../protocol/ids.ts'
import { millis, ownVote } from '../protocol/ids.ts'
import { involuntaryPauseMs, removeAfterMs, returnMs } from '../protocol/limits.ts'
import type { Beacon } from '../protocol/message.ts'
import { peersAround } from '../testing/beacons.ts'
import type { Scene as Calm } from '../testing/led.ts'
import { led as calm } from '../testing/led.ts'
import { a, b, c, d, e } from '../testing/stores.ts'
import { nextVoters } from './autopilot.ts'
import { observeMembers } from './departures.ts'
import { defaultPolicy, whyBadPolicy } from './policy.ts'
import type { Surroundings } from './voters.ts'

interface Scene extends Omit<Calm, 'beacons' | 'target'> {
  /** What each other store's beacon says, if it is not calm. */
  readonly beacons?: Readonly<Record<ReplicaId, Partial<Beacon>>>
  /** How long each has been silent. */
  readonly silentMs?: Readonly<Record<ReplicaId, number>>
  /** How long ago each closed its page. */
  readonly closedMs?: Readonly<Record<ReplicaId, number>>
}

/** `a` leads; who is not silent or closed is there. */
function led({ beacons, silentMs = {}, closedMs = {}, ...scene }: Scene): Surroundings {
  const away = { ...silentMs, ...closedMs }
  const gone = Object.fromEntries(Object.keys(away).map((id) => [id, undefined]))
  const surroundings = calm({ ...scene, beacons: { ...beacons, ...gone } })
  const { downSince, closedSince } = surroundings.members
  for (const [id, ms] of Object.entries(away)) downSince.set(ownVote(id as ReplicaId), millis(-ms))
  for (const [id, ms] of Object.entries(closedMs)) {
    closedSince.set(ownVote(id as ReplicaId), millis(-ms))
  }
  return surroundings
}

const next = (surroundings: Surroundings): string | undefined =>
  nextVoters(surroundings)
    ?.map((vote) => vote[0])
    .join('')

test.each([
  { voters: [a, b, c, d, e], ms: returnMs - 1, standbys: [], expected: undefined, why: 'not yet' },
  { voters: [a, b, c, d, e], ms: returnMs, standbys: [], expected: 'acd', why: 'after 3 s' },
  { voters: [a, b, c], ms: 0, standbys: [], expected: 'a', why: 'at once, as no loss is left' },
  { voters: [a, b, c], ms: 0, standbys: [d], expected: 'acd', why: 'for a standby, if there is' },
])('[MS1] who closed its page is taken out: $why', ({ ms, expected, ...scene }) => {
  expect(next(led({ ...scene, closedMs: { [b]: ms } }))).toBe(expected)
})

test('[MS1] a page that closes and one that comes back are told apart by its beacons', () => {
  const surroundings = led({
    voters: [a, b, c],
    beacons: { [b]: { nextMs: 0, votes: [], leaving: true } },
  })
  observeMembers(surroundings)
  expect([...surroundings.members.closedSince]).toEqual([[ownVote(b), 0]])
  const back = { ...surroundings, peers: peersAround(a, { [b]: {}, [c]: {} }) }
  observeMembers(back)
  expect(back.members.closedSince.size).toBe(0)
})

test('[MS1] the last change may be as young as it likes when a majority is at stake', () => {
  const surroundings = led({ voters: [a, b, c], closedMs: { [b]: 0 } })
  const newest = surroundings.state.log.configurations.at(-1)
  if (newest !== undefined) Object.assign(newest, { index: surroundings.role.firstIndex })
  surroundings.role.configuredAt = millis(0)
  expect(next(surroundings)).toBe('a')
})

test.each([
  { voters: [a, b, c, d, e], ms: removeAfterMs, expected: 'acd', why: 'with a spare' },
  { voters: [a, b, c, d, e], ms: removeAfterMs - 1, expected: undefined, why: 'not before' },
  { voters: [a, b, c], ms: removeAfterMs, expected: undefined, why: 'never below three' },
])('[MS2] a silent voter is taken out after five minutes: $why', ({ voters, ms, expected }) => {
  expect(next(led({ voters, silentMs: { [b]: ms } }))).toBe(expected)
})

test('[MS2] not where the rest would have no spare', () => {
  const scene = { voters: [a, b, c, d, e], policy: { odd: false } }
  expect(next(led({ ...scene, silentMs: { [b]: removeAfterMs } }))).toBe('acde')
  expect(next(led({ ...scene, silentMs: { [b]: removeAfterMs, [c]: 1000 } }))).toBeUndefined()
})

test('[MS2] and nobody against its will within ten seconds after a change', () => {
  const surroundings = led({ voters: [a, b, c], standbys: [d], silentMs: { [b]: 60_000 } })
  const newest = surroundings.state.log.configurations.at(-1)
  if (newest !== undefined) Object.assign(newest, { index: surroundings.role.firstIndex })
  surroundings.role.configuredAt = millis(1 - involuntaryPauseMs)
  expect(next(surroundings)).toBeUndefined()
  surroundings.role.configuredAt = millis(-involuntaryPauseMs)
  expect(next(surroundings)).toBe('acd')
})

test.each([
  { standbys: [], expected: undefined, why: 'nobody goes' },
  { standbys: [d], expected: 'acd', why: 'who can be replaced goes' },
])('[MS3] a group that may not shrink to one keeps its voters: $why', ({ standbys, expected }) => {
  const policy = { allowShrinkToOne: false }
  const closedMs = { [b]: returnMs }
  expect(next(led({ voters: [a, b, c], standbys, policy, closedMs }))).toBe(expected)
})

test('[MS3] a group that need not be odd loses one, and gains one', () => {
  const policy = { odd: false }
  expect(next(led({ voters: [a, b, c], policy, closedMs: { [b]: 0 } }))).toBe('ac')
  expect(next(led({ voters: [a], standbys: [b], policy }))).toBe('ab')
})

const ours = { profile: '1'.repeat(32) }
const theirs = { profile: '2'.repeat(32) }

test.each([
  {
    why: 'a new voter is rather one of a profile that has none',
    scene: { voters: [a], standbys: [b, c, d], policy: { voters: 3 } },
    beacons: { [b]: ours, [c]: ours, [d]: theirs },
    expected: 'abd',
  },
  {
    why: 'one of two of a profile goes first',
    scene: { voters: [a, b, c, d, e], closedMs: { [e]: returnMs } },
    beacons: { [b]: ours, [c]: ours, [d]: theirs },
    expected: 'abd',
  },
  {
    why: 'one of two of a profile gives its place to a profile that has none',
    scene: { voters: [a, b, c], standbys: [d], policy: { voters: 3 } },
    beacons: { [b]: ours, [c]: ours, [d]: theirs },
    expected: 'abd',
  },
  {
    why: 'and keeps it if nothing is gained',
    scene: { voters: [a, b, c], standbys: [d], policy: { voters: 3 } },
    beacons: { [b]: ours, [c]: ours, [d]: ours },
    expected: undefined,
  },
  {
    why: 'a group of one profile grows all the same',
    scene: { voters: [a], standbys: [b, c] },
    beacons: { [b]: ours, [c]: ours },
    expected: 'abc',
  },
])('[MS4] votes are spread over browser profiles: $why', ({ scene, beacons, expected }) => {
  expect(next(led({ ...scene, beacons }))).toBe(expected)
})

test('[MS5] a group does not grow while one of its voters is missing', () => {
  const scene = { voters: [a, b, c], standbys: [d, e] }
  expect(next(led(scene))).toBe('abcde')
  expect(next(led({ ...scene, silentMs: { [c]: 500 } }))).toBeUndefined()
})

test('[MS5] several departures and arrivals are one change', () => {
  const closedMs = { [b]: returnMs, [c]: returnMs }
  expect(next(led({ voters: [a, b, c, d, e], closedMs }))).toBe('ade')
  const asked = led({ voters: [a, b, c], standbys: [d, e] })
  asked.members.leavers.add(b)
  asked.members.leavers.add(c)
  expect(next(asked)).toBe('ade')
})

test('[MS5] a vote that somebody else holds is judged by its holder', () => {
  const surroundings = led({
    voters: [a, b, c],
    beacons: { [c]: { votes: [ownVote(b), ownVote(c)] } },
    silentMs: { [b]: 0 },
  })
  surroundings.members.downSince.clear()
  observeMembers(surroundings)
  expect(surroundings.members.downSince.size).toBe(0)
  expect(surroundings.members.holders.get(b as string as VoteId)).toBe(c)
})

test.each([
  { policy: {}, bad: false },
  { policy: { voters: 4 }, bad: true },
  { policy: { voters: 4, odd: false }, bad: false },
  { policy: { voters: 11 }, bad: true },
  { policy: { minVoters: 0 }, bad: true },
  { policy: { standbys: 0 }, bad: true },
  { policy: { standbys: 13 }, bad: true },
  { policy: { replaceAfterMs: 10 }, bad: true },
])('[MS6] a policy that makes no sense is refused: $policy', ({ policy, bad }) => {
  expect(whyBadPolicy({ ...defaultPolicy, ...policy }) !== undefined).toBe(bad)
})

test.each([
  { voters: [a, b, c], standbys: [d], expected: 'acd', why: 'for a standby' },
  { voters: [a, b, c], standbys: [], expected: 'a', why: 'or since the rest can do without' },
  { voters: [a, b], standbys: [], expected: 'a', why: 'down to one' },
])('[SB2] a voter that would stand by is taken out: $why', ({ expected, ...scene }) => {
  expect(next(led({ ...scene, beacons: { [b]: { part: 'standby' } } }))).toBe(expected)
})

test('[SB2] so is the leader, unless there is nobody else', () => {
  const standsBy = true
  expect(next({ ...led({ voters: [a], standbys: [b] }), standsBy })).toBe('b')
  expect(next({ ...led({ voters: [a] }), standsBy })).toBeUndefined()
  const idle = { [b]: { part: 'standby' as const } }
  expect(next({ ...led({ voters: [a], beacons: idle }), standsBy })).toBeUndefined()
})
