import { expect, test } from 'vitest'
import { a, b, ballot, groupOf, receive, storeOf } from '../testing/stores.ts'
import { compareBallots, laterBallot, zeroBallot } from './ballot.ts'
import { noteBallot, startPreparing } from './prepare.ts'
import { act } from '../testing/stores.ts'

test.each([
  { low: ballot(1, b), high: ballot(2, a), why: 'the number comes first' },
  { low: ballot(1, a), high: ballot(1, b), why: 'then the id of the node' },
  { low: zeroBallot, high: ballot(1, a), why: 'the zero ballot is the lowest' },
])('[BA1] ballots have a total order: $why', ({ low, high }) => {
  expect(compareBallots(low, high)).toBeLessThan(0)
  expect(compareBallots(high, low)).toBeGreaterThan(0)
  expect(compareBallots(low, { ...low })).toBe(0)
  expect([laterBallot(low, high), laterBallot(high, low)]).toEqual([high, high])
})

test('[BA2] a new ballot is the starter’s own and above all that it saw or promised', () => {
  const state = storeOf(a, { promised: ballot(4, b) })
  act(state, (context) => startPreparing(context, []))
  expect(state.promised).toEqual(ballot(5, a))
  noteBallot(state, ballot(9, b))
  act(state, (context) => startPreparing(context, []))
  expect(state.promised).toEqual(ballot(10, a))
})

test.each([
  { type: 'nack', ballot: ballot(1, a), votes: [], promised: ballot(7, b) },
  { type: 'accept', ballot: ballot(7, b), from: 0, entries: [], decidedEnd: 0 },
  { type: 'decide', ballot: ballot(7, b), decidedEnd: 1 },
  { type: 'pull', ballot: ballot(7, b), from: 0, end: 1 },
  { type: 'gap', ballot: ballot(7, b), logEnd: 1 },
] as const)('[BA3] a $type of a higher ballot raises no promise', (message) => {
  const state = groupOf([a, b]).of(a)
  const before = state.promised
  receive(state, b, message as Parameters<typeof receive>[2])
  expect(state.promised).toBe(before)
})
