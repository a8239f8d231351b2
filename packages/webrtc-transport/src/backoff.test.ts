import { expect, test } from 'vitest'
import { fullAllowance, refilled, retryDelayMs, taken, type Allowance } from './backoff.ts'

const bounds = { retryMsMin: 250, retryMsMax: 10_000 }

test('[LK4] the first retry is fast, the next ones wait twice as long, none over the maximum', () => {
  const longest = [1, 2, 3, 4, 5, 6, 7, 50, 5000].map((n) => retryDelayMs(n, bounds, 0.999_999))
  expect(longest).toEqual([250, 500, 1000, 2000, 4000, 8000, 10_000, 10_000, 10_000])
})

test('[LK4] jitter takes up to half of the wait', () => {
  expect(retryDelayMs(3, bounds, 0)).toBe(500)
  expect(retryDelayMs(3, bounds, 0.5)).toBe(750)
})

test('[LK4] no failure counts as the first', () => {
  expect(retryDelayMs(0, bounds, 0)).toBe(125)
})

test('[LK14] a burst of permits, then one at a time as time passes', () => {
  const allowance = { burst: 3, everyMs: 100 }
  let current: Allowance | undefined = fullAllowance(allowance, 0)
  for (let n = 0; n < 3; n++) current = current && taken(current, allowance, 0)
  if (current === undefined) throw new Error('the burst was smaller')
  expect(taken(current, allowance, 99)).toBeUndefined()
  expect(taken(current, allowance, 100)).toBeDefined()
  expect(refilled(current, allowance, 100_000).permits).toBe(3)
})
