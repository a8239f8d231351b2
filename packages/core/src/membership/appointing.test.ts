import { expect, test } from 'vitest'
import type { Answer } from '../protocol/ask-message.ts'
import type { Index } from '../protocol/ids.ts'
import { ownVote, replicaId } from '../protocol/ids.ts'
import { wishesMax } from '../protocol/limits.ts'
import type { Configuration } from '../protocol/log.ts'
import type { Wish, Wishes } from '../protocol/wishes.ts'
import { wishesWith, withWish } from '../protocol/wishes.ts'
import type { Scene } from '../testing/led.ts'
import { led } from '../testing/led.ts'
import { a, b, c, d, e } from '../testing/stores.ts'
import type { Appointing } from './appointing.ts'
import { judgeAppointing } from './appointing.ts'
import { nextVoters } from './autopilot.ts'
import type { Surroundings } from './voters.ts'

/** As if people had decided this before. */
function decided(scene: Scene, wishes: Readonly<Record<string, Wish>> = {}): Surroundings {
  const surroundings = led(scene)
  const { configurations } = surroundings.state.log
  const newest = configurations.at(-1)
  if (newest === undefined) throw new Error('no configuration')
  const listed: Wishes = Object.entries(wishes).map(([store, wish]) => ({
    ...{ store: replicaId(store), wish },
  }))
  const changed: Configuration = { ...newest, wishes: listed }
  configurations[configurations.length - 1] = changed
  return surroundings
}

/** The first letters of the voters, and the wishes; or the answer. */
function judged(surroundings: Surroundings, act: Appointing, about: string): string | undefined {
  const said = judgeAppointing(surroundings, act, replicaId(about))
  if (typeof said !== 'object') return said
  const words = said.wishes.map(({ store, wish }) => `${store[0] ?? ''}:${wish}`)
  return [said.voters.map((vote) => vote[0]).join(''), ...words].join(' ')
}

test.each([
  { voters: [a], standbys: [b, c], expected: 'abc b:voter', why: 'with another one' },
  { voters: [a, b, c], standbys: [d], about: d, expected: 'abd d:voter', why: 'or in a place' },
  { voters: [a], standbys: [b], expected: 'b b:voter', why: 'even of the leader, if it is alone' },
  {
    ...{ voters: [a, b, c], standbys: [d, e], target: 3, about: d, expected: 'abd d:voter' },
    why: 'as where there are enough',
  },
  {
    ...{ voters: [a, b], standbys: [c, d], about: c, policy: { odd: false } },
    ...{ expected: 'abc c:voter', why: 'or alone, where the number may be even' },
  },
])('[AD5] a standby gets a vote, $why', ({ expected, about = b, ...scene }) => {
  expect(judged(decided(scene), 'promote', about)).toBe(expected)
})

test('[AD5] whom a person chose gives up its vote after the others, and not to spread the votes', () => {
  const scene = { voters: [a, b, c], standbys: [d] }
  expect(judged(decided(scene, { [c]: 'voter' }), 'promote', d)).toBe('acd c:voter d:voter')
  const twins = { ...scene, beacons: { [b]: { profile: 'one' }, [c]: { profile: 'one' } } }
  expect(nextVoters(decided(twins, { [b]: 'voter' }))?.join()).toBe([a, b, d].map(ownVote).join())
  expect(nextVoters(decided(twins, { [b]: 'voter', [c]: 'voter' }))).toBeUndefined()
})

test.each([
  { voters: [a, b, c], standbys: [d], expected: 'acd b:standby', why: 'a standby takes its place' },
  { voters: [a, b, c], standbys: [], expected: 'a b:standby', why: 'or the number stays odd' },
  {
    voters: [a, b, c],
    standbys: [d],
    about: a,
    expected: 'bcd a:standby',
    why: 'also the leader’s',
  },
])('[AD3] a voter loses its vote: $why', ({ expected, about = b, ...scene }) => {
  expect(judged(decided(scene), 'demote', about)).toBe(expected)
})

test('[AD3] a standby that only just became one takes a place that a person makes free', () => {
  const surroundings = decided({ voters: [a, b, c], standbys: [d] })
  surroundings.members.readySince.set(d, surroundings.now)
  expect(judged(surroundings, 'demote', b)).toBe('acd b:standby')
})

test('[AD3] [AD4] whom a person took the vote, or took out, gets none by itself', () => {
  const scene = { voters: [a], standbys: [b, c, d] }
  expect(nextVoters(decided(scene))?.length).toBe(3)
  const some = nextVoters(decided(scene, { [b]: 'standby' }))
  expect(some).toEqual([a, c, d].map(ownVote))
  expect(nextVoters(decided(scene, { [b]: 'standby', [c]: 'out' }))).toBeUndefined()
  expect(judged(decided(scene, { [b]: 'out' }), 'promote', b)).toBe('removed')
  expect(judged(decided(scene, { [b]: 'standby' }), 'promote', b)).toBe('abc b:voter')
  expect(judged(decided(scene, { [b]: 'standby' }), 'readmit', b)).toBe('a')
})

interface Refusal extends Scene {
  readonly act: Appointing
  readonly about: string
  readonly expected: Answer
}

const refused: readonly Refusal[] = [
  { voters: [a], act: 'demote', about: a, expected: 'lastVoter' },
  { voters: [a], act: 'remove', about: a, expected: 'lastVoter' },
  { voters: [a, b, c], act: 'remove', about: d, expected: 'unknown' },
  { voters: [a, b, c], standbys: [d], act: 'demote', about: d, expected: 'notVoter' },
  {
    ...{ voters: [a, b, c], act: 'demote', about: b, expected: 'tooFew' },
    policy: { allowShrinkToOne: false },
  },
  {
    ...{ voters: [a, b, c], standbys: [], act: 'demote', about: b, expected: 'notReached' },
    ...{ policy: { odd: false }, beacons: { [c]: undefined } },
  },
  {
    ...{ voters: [a, b, c], standbys: [d], act: 'promote', about: d, expected: 'notReady' },
    beacons: { [d]: { storageOk: false } },
  },
]
test.each(refused)(
  '[AD6] $act changes nothing: $expected',
  ({ act, about, expected, ...scene }) => {
    expect(judged(decided(scene), act, about)).toBe(expected)
  },
)

test('[AD6] one change at a time: while another one is on its way, nothing is said', () => {
  const busy = decided({ voters: [a, b, c], standbys: [d] })
  busy.role.gate = 3 as Index
  expect(judged(busy, 'demote', b)).toBeUndefined()
})

test('[AD9] the group remembers so many wishes, the newest', () => {
  let wishes: Wishes = []
  for (let at = 0; at < wishesMax + 3; at += 1) {
    wishes = withWish(wishes, replicaId(at.toString(16).padStart(32, '0')), 'out')
  }
  expect(wishes).toHaveLength(wishesMax)
  expect(wishes[0]?.store).toBe('3'.padStart(32, '0'))
  expect(withWish(wishes, replicaId('3'.padStart(32, '0')), 'standby')).toHaveLength(wishesMax)
})

test('[AD9] that a store shall vote is forgotten when it does not any more', () => {
  const wishes = withWish(withWish([], b, 'voter'), c, 'standby')
  expect(wishesWith(wishes, [a, b].map(ownVote))).toEqual(wishes)
  expect(wishesWith(wishes, [a].map(ownVote))).toEqual([{ store: c, wish: 'standby' }])
})
