import { expect, test } from 'vitest'
import type { Ballot, ReplicaId } from '@unanimous/core/internal'
import { Meter } from './meter.ts'

const ballot = (num: number, node: string): Ballot => ({ num, node: node as ReplicaId })

test('[SC4] a window of 100 ms is committed if something was decided in it', () => {
  const meter = new Meter(1000)
  for (const at of [-5, 0, 99, 450, 999, 1001]) meter.decided(at)
  expect(meter.windows.map(Number).join('')).toBe('1000100001')
  expect(meter.committed(0)).toBe(30)
  expect(meter.committed(500)).toBe(20)
})

test('[SC4] the stall is the longest time without a decision, up to the end', () => {
  const meter = new Meter(1000)
  for (const at of [0, 99, 450, 700]) meter.decided(at)
  expect(meter.stall(0)).toBe(351)
  expect(meter.stall(500)).toBe(300)
  expect(meter.stall(800)).toBe(200)
})

test('[SC4] a new leader is a change, unless the one before handed over to it', () => {
  const meter = new Meter(60_000)
  expect(meter.leads('c', ballot(1, 'c'), -500)).toBe('first')
  expect(meter.leads('b', ballot(2, 'b'), 1000)).toBe('change')
  meter.handsOver('b', 'a', 2000)
  expect(meter.leads('a', ballot(3, 'a'), 2100)).toBe('handover')
  meter.handsOver('a', 'c', 3000)
  expect(meter.leads('b', ballot(4, 'b'), 3100)).toBe('change')
  expect([meter.changes, meter.handovers]).toEqual([2, 1])
})

test('[SC4] a leader that goes on in a higher ballot is none, one that was deposed in between is', () => {
  const meter = new Meter(60_000)
  meter.leads('c', ballot(1, 'c'), -500)
  expect(meter.leads('c', ballot(2, 'c'), 1000)).toBe('same')
  meter.yields('c')
  expect(meter.leads('c', ballot(3, 'c'), 2000)).toBe('change')
  expect(meter.leads('b', ballot(2, 'b'), 2100)).toBe('late')
  expect(meter.changes).toBe(1)
})

test('[SC4] answered counts the proposals of those named that had five seconds to be decided', () => {
  const meter = new Meter(10_000)
  for (const [who, key, at] of [
    ['a', 'a1', 100],
    ['a', 'a2', 200],
    ['e', 'e1', 300],
    ['e', 'e2', 6000],
  ] as const) {
    meter.proposed(who, key, at)
  }
  meter.answered('a1')
  meter.answered('a2')
  expect(meter.answeredShare(0, undefined)).toBeCloseTo(200 / 3)
  expect(meter.answeredShare(0, ['e'])).toBe(0)
  expect(meter.answeredShare(150, ['a'])).toBe(100)
})
