import { expect, test } from 'vitest'
import {
  a,
  act,
  b,
  ballot,
  c,
  config,
  d,
  e,
  first,
  genesis,
  groupOf,
  leading,
  noop,
  receive,
  storeOf,
  Stores,
} from '../testing/stores.ts'
import { append, replicate, resendUnacknowledged } from './accept.ts'
import { activeConfigurations, joinsOf } from './configuration.ts'
import type { Index, VoteId } from './ids.ts'
import { ownVote } from './ids.ts'
import type { Log } from './log.ts'
import { appendToLog, configurationAt, emptyLog, truncateLog } from './log.ts'
import { appendQueue } from './proposals.ts'

const two = ballot(2, a)
const at = (index: number): Index => index as Index
const entries = [genesis, config(first, a, b, c), noop(first), config(first, c, d, e), noop(first)]

const votersAt = (log: Log, index: number): readonly VoteId[] | undefined =>
  configurationAt(log, at(index))?.voters

test.each([
  { index: 0, voters: [a] },
  { index: 1, voters: [a] },
  { index: 2, voters: [a, b, c] },
  { index: 3, voters: [a, b, c] },
  { index: 4, voters: [c, d, e] },
])('[CF1] the last configuration below an entry governs it: index $index', ({ index, voters }) => {
  const log = emptyLog()
  appendToLog(log, entries)
  expect(votersAt(log, index)).toEqual(voters)
})

test('[CF1] a configuration that is cut off governs nothing', () => {
  const log = emptyLog()
  appendToLog(log, entries)
  truncateLog(log, at(3))
  appendToLog(log, [noop(two), noop(two)])
  expect(votersAt(log, 5)).toEqual([a, b, c])
})

test.each([
  { decidedEnd: 2, active: [1, 3], why: 'one that is not decided counts beside the one in force' },
  { decidedEnd: 3, active: [1, 3], why: 'also when it is the next to be decided' },
  { decidedEnd: 4, active: [3], why: 'a decided one replaces all before it' },
])('[CF1] which configurations may count: $why', ({ decidedEnd, active }) => {
  const state = storeOf(a, { entries, decidedEnd })
  expect(activeConfigurations(state).map(({ index }) => index)).toEqual(active)
})

/** `a` leads and decided a configuration at 3, but every word that a follower knows it is lost while `losing.words` is set. */
function gated() {
  const losing = { words: false }
  const group = groupOf([a, b, c], (from, { message }) => {
    return losing.words && from !== a && message.type === 'accepted' && message.decidedEnd > 3
  })
  group.elect(a)
  losing.words = true
  group.act(a, (context) => {
    const role = leading(context.state)
    role.gate = at(3)
    append(context, role, [config(two, a, b, c)])
    replicate(context, role)
  })
  group.settle()
  losing.words = false
  return { group, state: group.of(a) }
}

test('[CF2] nothing is appended until a majority of the new voters knows durably that it is decided', () => {
  const { group, state } = gated()
  expect(state.decidedEnd).toBe(4)
  group.append(a, 0)
  expect([leading(state).gate, state.log.entries.length]).toEqual([3, 4])
  const word = { type: 'accepted', ballot: two, votes: [ownVote(b)], logEnd: at(4) } as const
  receive(state, b, { ...word, decidedEnd: at(4) })
  expect(leading(state).gate).toBeUndefined()
  act(state, (context) => appendQueue(context, leading(state)))
  expect(state.log.entries.length).toBe(5)
})

test('[CF2] a new leader waits for the newest configuration of the log that it adopted', () => {
  const group = groupOf([a, b, c], (_from, { message }) => message.type === 'accepted')
  group.elect(a)
  expect(leading(group.of(a)).gate).toBe(1)
})

test('[CF2] the founder’s configuration, too, is made durable as decided, by whoever did not know that it is', () => {
  // A vote that was left to another store is cast by it, with what its own disk says.
  const group = new Stores([storeOf(a, { entries: [genesis, noop(first)], decidedEnd: 0 })])
  group.elect(a)
  const state = group.of(a)
  expect([state.decidedEnd, state.decidedStored]).toEqual([3, 1])
  expect(leading(state).gate).toBeUndefined()
})

test('[CF3] a word that was lost is asked for again', () => {
  const { group, state } = gated()
  group.now = 1000
  group.act(a, (context) => resendUnacknowledged(context, leading(state), 250))
  group.settle()
  expect(leading(state).gate).toBeUndefined()
})

test('[CF7] a membership that goes on keeps the index at which it began', () => {
  const before = { index: at(3), voters: [a, b].map(ownVote), joins: {} as Record<VoteId, Index> }
  before.joins[ownVote(a)] = at(0)
  before.joins[ownVote(b)] = at(3)
  const joins = joinsOf(before, [b, c].map(ownVote), at(7))
  expect(joins).toEqual({ [b]: 3, [c]: 7 })
})
