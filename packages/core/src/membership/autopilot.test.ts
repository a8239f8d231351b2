import { expect, test } from 'vitest'
import type { Index } from '../protocol/ids.ts'
import { millis, ownVote } from '../protocol/ids.ts'
import { configPauseMs, replaceAfterMs, standbyStableMs } from '../protocol/limits.ts'
import { led } from '../testing/led.ts'
import { a, b, c, d, e } from '../testing/stores.ts'
import { nextVoters } from './autopilot.ts'
import { observeMembers } from './departures.ts'
import type { Surroundings } from './voters.ts'

const next = (surroundings: Surroundings): string | undefined =>
  nextVoters(surroundings)
    ?.map((vote) => vote[0])
    .join('')

test.each([
  { voters: [a], standbys: [b], target: 5, expected: undefined, why: 'two are one voter' },
  { voters: [a], standbys: [b, c], target: 5, expected: 'abc', why: 'two standbys at once' },
  { voters: [a], standbys: [b, c, d], target: 5, expected: 'abc', why: 'the fourth stands by' },
  { voters: [a], standbys: [b, c, d, e], target: 5, expected: 'abcde', why: 'as far as it goes' },
  { voters: [a], standbys: [b, c, d, e], target: 3, expected: 'abc', why: 'not beyond the target' },
  { voters: [a, b, c], standbys: [d], target: 5, expected: undefined, why: 'never an even number' },
])('[ME1] a group grows in odd steps: $why', ({ expected, ...scene }) => {
  expect(next(led(scene))).toBe(expected)
})

test('[ME1] standbys prove themselves first: two rounds in a small group, longer in a large one', () => {
  const young = led({ voters: [a], standbys: [b, c] })
  for (const id of [b, c]) young.members.readySince.set(id, millis(-499))
  expect(next(young)).toBeUndefined()
  for (const id of [b, c]) young.members.readySince.set(id, millis(-500))
  expect(next(young)).toBe('abc')
  const grown = led({ voters: [a, b, c], standbys: [d, e] })
  for (const id of [d, e]) grown.members.readySince.set(id, millis(-standbyStableMs + 1))
  expect(next(grown)).toBeUndefined()
})

test.each([
  { voters: [a, b, c], gone: [b], standbys: [], expected: 'a', why: 'one of three' },
  { voters: [a, b, c, d, e], gone: [b], standbys: [], expected: 'acd', why: 'one of five' },
  { voters: [a, b, c, d, e], gone: [b, c], standbys: [], expected: 'ade', why: 'two of five' },
  {
    voters: [a, b, c],
    gone: [b],
    standbys: [d],
    expected: 'acd',
    why: 'a standby takes the place',
  },
  { voters: [a, b, c], gone: [a], standbys: [], expected: 'b', why: 'the leader itself' },
])(
  '[ME2] who leaves goes at once and the number stays odd: $why',
  ({ gone, expected, ...scene }) => {
    const surroundings = led(scene)
    for (const id of gone) {
      if (id === a) surroundings.members.leaving = true
      else surroundings.members.leavers.add(id)
    }
    expect(next(surroundings)).toBe(expected)
  },
)

test('[ME2] the only voter stays until somebody can take its place', () => {
  const alone = led({ voters: [a] })
  alone.members.leaving = true
  expect(next(alone)).toBeUndefined()
})

test.each([
  { beacons: { [c]: { quiet: true } }, expected: 'abd', why: 'a quiet one' },
  { beacons: { [b]: undefined }, expected: 'acd', why: 'one that is not there' },
  { beacons: {}, expected: 'abc', why: 'else the last that came' },
])('[ME3] to stay odd the vote that is worth least goes: $why', ({ beacons, expected }) => {
  const surroundings = led({ voters: [a, b, c, d, e], beacons })
  surroundings.members.leavers.add(e)
  const newest = surroundings.state.log.configurations.at(-1)
  if (newest !== undefined) Object.assign(newest.joins, { [d]: 9 as Index })
  expect(next(surroundings)).toBe(expected)
})

test('[ME4] a dead voter is swapped for a standby after a while, and kept while there is none', () => {
  const scene = { voters: [a, b, c], beacons: { [b]: undefined } }
  const alone = led(scene)
  alone.members.downSince.set(ownVote(b), millis(-replaceAfterMs))
  expect(next(alone)).toBeUndefined()
  const standby = led({ ...scene, standbys: [d] })
  standby.members.downSince.set(ownVote(b), millis(-replaceAfterMs + 1))
  expect(next(standby)).toBeUndefined()
  standby.members.downSince.set(ownVote(b), millis(-replaceAfterMs))
  expect(next(standby)).toBe('acd')
})

test('[ME5] the clocks of readiness and absence run while it lasts, and begin anew', () => {
  const surroundings = led({ voters: [a, b, c], standbys: [d], beacons: { [b]: undefined } })
  surroundings.members.readySince.clear()
  observeMembers({ ...surroundings, now: millis(10) })
  observeMembers({ ...surroundings, now: millis(20) })
  expect([...surroundings.members.readySince]).toEqual([[d, 10]])
  expect([...surroundings.members.downSince]).toEqual([[ownVote(b), 10]])
  observeMembers({ ...surroundings, now: millis(5000) })
  expect(surroundings.members.readySince.size).toBe(0)
})

test.each([
  { why: 'its disk is in trouble', beacon: { storageOk: false } },
  { why: 'it is leaving', beacon: { leaving: true } },
  { why: 'it has no vote to cast', beacon: { votes: [] } },
  { why: 'it does not hear us', beacon: { heard: [] } },
])('[ME5] a standby is not ready when $why', ({ beacon }) => {
  const surroundings = led({ voters: [a, b, c], standbys: [d], beacons: { [d]: beacon } })
  observeMembers(surroundings)
  expect(surroundings.members.readySince.size).toBe(0)
})

test('[CF4] a leader proposes a configuration only after an entry of its own ballot is decided', () => {
  const surroundings = led({ voters: [a], standbys: [b, c] })
  surroundings.state.decidedEnd = surroundings.role.firstIndex
  expect(next(surroundings)).toBeUndefined()
})

test('[CF5] one change at a time, and not again before a while has passed', () => {
  const closed = led({ voters: [a], standbys: [b, c] })
  closed.role.gate = 1 as Index
  expect(next(closed)).toBeUndefined()
  const soon = led({ voters: [a], standbys: [b, c] })
  const newest = soon.state.log.configurations.at(-1)
  if (newest !== undefined) Object.assign(newest, { index: soon.role.firstIndex })
  soon.role.configuredAt = millis(-configPauseMs + 1)
  expect(next(soon)).toBeUndefined()
  soon.role.configuredAt = millis(-configPauseMs)
  expect(next(soon)).toBe('abc')
})

test('[CF6] a configuration whose majority is not there now is not proposed', () => {
  const absent = { [b]: undefined, [c]: undefined }
  expect(next(led({ voters: [a], standbys: [b, c], beacons: absent }))).toBeUndefined()
})

test('[CF6] nor one whose majority has not the log of this leadership', () => {
  const surroundings = led({ voters: [a], standbys: [b, c] })
  for (const progress of surroundings.role.progress.values()) progress.synced = false
  expect(next(surroundings)).toBeUndefined()
})

test('[CF6] a majority whose beacons are overdue is not there', () => {
  const surroundings = led({ voters: [a], standbys: [b, c] })
  expect(next({ ...surroundings, now: millis(350) })).toBe('abc')
  expect(next({ ...surroundings, now: millis(351) })).toBeUndefined()
})

const on = { profile: '+one' }

test.each([
  { voters: [a, b, c], standbys: [d], on: [d], expected: 'abd', why: 'the last that came goes' },
  { voters: [a, b, d], standbys: [c], on: [d], expected: undefined, why: 'it stays' },
  { voters: [a, d, e], standbys: [b], on: [d, e], expected: undefined, why: 'a tab takes none' },
  { voters: [a], standbys: [d], on: [d], expected: undefined, why: 'not that of the leader' },
  { voters: [a], standbys: [b, c, d], on: [d], expected: 'abd', why: 'it is the first to grow by' },
])('[MS9] votes go to members that are always on: $why', ({ expected, on: kept, ...scene }) => {
  const beacons = Object.fromEntries(kept.map((id, at) => [id, { profile: `+${at}` }]))
  expect(next(led({ ...scene, target: 3, beacons }))).toBe(expected)
})

test('[MS9] of one machine that is always on one vote is enough', () => {
  const scene = { voters: [a, b, c], standbys: [d], target: 3, beacons: { [c]: on, [d]: on } }
  expect(next(led(scene))).toBeUndefined()
})

test('[MS9] who is always on keeps its vote when others have to go', () => {
  const surroundings = led({ voters: [a, b, c], beacons: { [c]: on } })
  surroundings.members.leavers.add(a)
  surroundings.members.leaving = true
  expect(next(surroundings)).toBe('c')
})

test('[MS9] a place is not taken soon after a change', () => {
  const shaken = led({ voters: [a, b, c], standbys: [d], target: 3, beacons: { [d]: on } })
  const newest = shaken.state.log.configurations.at(-1)
  if (newest !== undefined) Object.assign(newest, { index: shaken.role.firstIndex })
  Object.assign(shaken.state, { decidedEnd: shaken.role.firstIndex + 2 })
  shaken.role.configuredAt = millis(-configPauseMs)
  expect(next(shaken)).toBeUndefined()
})
