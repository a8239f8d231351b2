/** Each invariant must be able to fail: a state that breaks it is refused by name, the state before is not. */
import { expect, test } from 'vitest'
import { a, b, ballot, c, command, groupOf, leading, noop } from '../testing/stores.ts'
import type { Entry } from './entry.ts'
import type { Index } from './ids.ts'
import { ownVote, wallMillis } from './ids.ts'
import { checkInvariants, momentOf } from './invariants.ts'
import { appendToLog, truncateLog } from './log.ts'
import type { ProtocolState } from './state.ts'

const two = ballot(2, a)
const at = (index: number): Index => index as Index
const later = (entry: Entry): Entry => ({ ...entry, stamp: wallMillis(9) })

function replace(state: ProtocolState, index: number, entry: Entry): void {
  const rest = state.log.entries.slice(index + 1)
  truncateLog(state.log, at(index))
  appendToLog(state.log, [entry, ...rest])
}

const breaks: readonly (readonly [string, (state: ProtocolState) => void])[] = [
  ['INV1', (state) => (state.accepted = ballot(9, b))],
  ['INV2', (state) => (state.promised = two)],
  ['INV3', (state) => (state.accepted = ballot(1, a))],
  ['INV4', (state) => (state.decidedEnd = at(2))],
  ['INV5', (state) => (state.decidedEnd = at(99))],
  ['INV6', (state) => replace(state, state.decidedEnd - 1, command(two, 9))],
  ['INV7', (state) => truncateLog(state.log, at(state.log.entries.length - 1))],
  ['INV7', (state) => replace(state, state.log.entries.length - 1, command(two, 9))],
  ['INV10', (state) => state.log.bytesBefore.push(0)],
  ['INV10', (state) => state.log.configurations.push({ index: at(2), voters: [], joins: {} })],
  ['INV10', (state) => state.log.configurations.shift()],
]

/** A follower that promised a higher ballot than the one whose log it holds, some of it undecided. */
function follower(): ProtocolState {
  const group = groupOf([a, b, c])
  group.elect(a)
  group.append(a, 0, 1)
  group.settle()
  const state = group.of(b)
  state.promised = ballot(3, c)
  appendToLog(state.log, [command(two, 2)])
  return state
}

test.each(breaks)('[IN1] %s is noticed when it is broken, %#', (name, breakIt) => {
  const state = follower()
  const before = momentOf(state)
  checkInvariants(before, state)
  breakIt(state)
  expect(() => checkInvariants(before, state)).toThrow(`${name}:`)
})

const leaderBreaks: readonly (readonly [string, (state: ProtocolState) => void])[] = [
  ['INV8', (state) => (state.promised = ballot(3, b))],
  [
    'INV8',
    (state) => (state.role = { ...leading(state), ballot: (state.promised = ballot(3, b)) }),
  ],
  ['INV9', (state) => leading(state).ends.set(ownVote(b), at(99))],
  [
    'INV9',
    (state) => (state.role = { ...leading(state), ballot: (state.promised = ballot(3, a)) }),
  ],
]

test.each(leaderBreaks)(
  '[IN1] %s of a leader is noticed when it is broken, %#',
  (name, breakIt) => {
    const group = groupOf([a, b, c])
    group.elect(a)
    const state = group.of(a)
    const before = momentOf(state)
    checkInvariants(before, state)
    breakIt(state)
    expect(() => checkInvariants(before, state)).toThrow(`${name}:`)
  },
)

test('[IN1] INV11 is noticed when time goes back along the log', () => {
  const state = follower()
  const before = momentOf(state)
  appendToLog(state.log, [later(noop(two)), noop(two)])
  expect(() => checkInvariants(before, state)).toThrow('INV11:')
})
