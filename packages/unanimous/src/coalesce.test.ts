import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { coalesce } from './coalesce.ts'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

test('[CH1] the first change is told when its turn is over, a burst after it once, at the end of the pause', async () => {
  let calls = 0
  const { change } = coalesce(() => (calls += 1), 16)
  change()
  expect(calls).toBe(0)
  await Promise.resolve()
  expect(calls).toBe(1)
  for (let burst = 0; burst < 100; burst += 1) change()
  expect(calls).toBe(1)
  vi.advanceTimersByTime(16)
  expect(calls).toBe(2)
  vi.advanceTimersByTime(100)
  expect(calls).toBe(2)
  change()
  await Promise.resolve()
  expect(calls).toBe(3)
})

test('[CH2] nothing is told after the end, and a listener that asks for more does not loop', async () => {
  let calls = 0
  const coalesced = coalesce(() => {
    calls += 1
    coalesced.change()
  }, 16)
  coalesced.change()
  await Promise.resolve()
  expect(calls).toBe(1)
  vi.advanceTimersByTime(16)
  expect(calls).toBe(2)
  coalesced.stop()
  coalesced.change()
  await Promise.resolve()
  vi.advanceTimersByTime(100)
  expect(calls).toBe(2)
})
