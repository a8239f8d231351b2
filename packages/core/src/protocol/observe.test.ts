import { expect, test } from 'vitest'
import { compareBallots, zeroBallot } from './ballot.ts'
import { hearDecided } from './decide.ts'
import type { Entry } from './entry.ts'
import type { Index } from './ids.ts'
import { beginObserving, endObserving, heldEnd, takeDecided } from './observe.ts'
import { logEnd } from './log.ts'
import type { ProtocolState } from './state.ts'
import {
  a,
  act,
  b,
  ballot,
  c,
  command,
  config,
  d,
  first,
  genesis,
  noop,
  storeOf,
} from '../testing/stores.ts'

const second = ballot(2, b)
const third = ballot(3, c)
const group = [genesis, config(first, a, b, c)]

function fresh(): ProtocolState {
  const state = storeOf(d, { accepted: zeroBallot })
  act(state, beginObserving)
  return state
}

const told = (state: ProtocolState, from: number, ...entries: readonly Entry[]): boolean => {
  let joined = false
  act(state, (context) => {
    joined = takeDecided(context, from as Index, entries)
  })
  return joined
}

test('[OB1] what an observer is told is decided is applied in order, once, and not written', () => {
  const state = fresh()
  const effects = act(state, (context) => void takeDecided(context, 0 as Index, group))
  expect(effects.apply.map(({ index }) => index)).toEqual([0, 1])
  expect(effects.persist).toEqual([])
  expect(effects.send).toEqual([])
  const more = act(state, (context) => {
    takeDecided(context, 1 as Index, [...group.slice(1), command(first, 0)])
  })
  expect(more.apply.map(({ index }) => index)).toEqual([2])
})

test('[OB1] what leaves a hole is not taken', () => {
  const state = fresh()
  expect(told(state, 1, ...group)).toBe(false)
  expect(state.decidedEnd).toBe(0)
})

test('[OB4] before it takes part again all that it knows is written, as the log of the ballot of its last entry', () => {
  const state = fresh()
  told(state, 0, ...group, noop(second))
  const { persist } = act(state, endObserving)
  expect(persist).toEqual([
    { type: 'promise', ballot: second },
    {
      ...{ type: 'splice', from: 0, entries: [...group, noop(second)] },
      ...{ accepted: second, decidedEnd: 3 },
    },
  ])
})

test('[OB4] a store that held a log writes only what it was told since', () => {
  const state = storeOf(d, { entries: group, decidedEnd: 2 })
  act(state, beginObserving)
  told(state, 2, command(first, 0))
  const { persist } = act(state, endObserving)
  expect(persist).toMatchObject([{ type: 'splice', from: 2, entries: [{ seq: 0 }] }])
})

test('[OB4] what it accepted and is not decided gives way to what is, in a later ballot', () => {
  const state = storeOf(d, { entries: [...group, command(first, 7)], decidedEnd: 2 })
  act(state, beginObserving)
  told(state, 2, noop(second))
  expect([state.accepted, state.promised, logEnd(state.log)]).toEqual([second, second, 3])
  expect(state.log.entries.at(-1)).toEqual(noop(second))
})

test('[OB4] an acceptance is not given up for entries of earlier ballots: they wait for those of a later one', () => {
  const entries = [...group, noop(second)]
  const state = storeOf(d, { accepted: second, entries, decidedEnd: 2 })
  act(state, beginObserving)
  expect(told(state, 2, command(first, 0))).toBe(true)
  expect([state.decidedEnd, heldEnd(state), state.accepted]).toEqual([2, 3, second])
  expect(told(state, 3, noop(third))).toBe(true)
  expect([state.decidedEnd, state.accepted]).toEqual([4, third])
  expect(compareBallots(state.promised, third)).toBe(0)
})

test('[OB4] what waits is not taken again when a leader’s beacon says that it is decided', () => {
  const entries = [...group, command(first, 0), command(first, 1), noop(second)]
  const state = storeOf(d, { accepted: second, entries, decidedEnd: 2 })
  act(state, beginObserving)
  told(state, 2, command(first, 0))
  act(state, (context) => {
    hearDecided(context, second, 5 as Index)
  })
  expect([state.decidedEnd, heldEnd(state)]).toEqual([5, 5])
  told(state, 5, command(second, 2))
  expect(state.log.entries).toEqual([...entries, command(second, 2)])
})

test('[OB4] in one ballot what it holds stays, and more is appended', () => {
  const entries = [...group, noop(second), command(second, 0)]
  const state = storeOf(d, { accepted: second, entries, decidedEnd: 2 })
  act(state, beginObserving)
  told(state, 2, noop(second))
  expect([state.decidedEnd, logEnd(state.log)]).toEqual([3, 4])
  told(state, 3, command(second, 0), command(second, 1))
  expect([state.decidedEnd, logEnd(state.log)]).toEqual([5, 5])
})

test('[OB4] a promise that it gave before is not lost', () => {
  const state = storeOf(d, { promised: third, accepted: first, entries: group, decidedEnd: 2 })
  act(state, beginObserving)
  told(state, 2, noop(second))
  expect([state.accepted, state.promised]).toEqual([second, third])
  const { persist } = act(state, endObserving)
  expect(persist).toMatchObject([{ type: 'splice', accepted: second }])
})
