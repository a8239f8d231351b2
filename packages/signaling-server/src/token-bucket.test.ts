import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fullBucket, isFull, takeToken } from './token-bucket.ts'
import type { Bucket, Rate } from './token-bucket.ts'

const seed = 20_240_611
const rates = fc.record({
  burst: fc.integer({ min: 1, max: 50 }),
  perSecond: fc.integer({ min: 1, max: 100 }),
})
const gapsMs = fc.array(fc.integer({ min: 0, max: 500 }), { minLength: 1, maxLength: 120 })

/** The times at which a token was granted to somebody who asks after each gap. */
function grants(rate: Rate, gaps: readonly number[]): readonly number[] {
  let bucket: Bucket = fullBucket(rate, 0)
  let nowMs = 0
  const granted: number[] = []
  for (const gap of gaps) {
    nowMs += gap
    const result = takeToken(bucket, rate, nowMs)
    bucket = result.bucket
    if (result.taken) granted.push(nowMs)
  }
  return granted
}

test('[SG29] a burst passes whole, and then what the rate gives back', () => {
  const rate = { burst: 120, perSecond: 60 }
  const atOnce = Array.from({ length: 200 }, () => 0)
  expect(grants(rate, atOnce)).toHaveLength(120)
  expect(grants(rate, [...atOnce, 1000, ...atOnce])).toHaveLength(180)
})

test('[SG29] no stretch of time grants more than a burst and its share of the rate', () => {
  fc.assert(
    fc.property(rates, gapsMs, (rate, gaps) => {
      const granted = grants(rate, gaps)
      for (const [first, startMs] of granted.entries()) {
        for (const [offset, endMs] of granted.slice(first).entries()) {
          const most = rate.burst + ((endMs - startMs) * rate.perSecond) / 1000
          expect(offset + 1).toBeLessThanOrEqual(most + 1e-6)
        }
      }
    }),
    { seed, numRuns: 200 },
  )
})

test('[SG29] whoever keeps to the rate is never refused', () => {
  fc.assert(
    fc.property(rates, fc.integer({ min: 1, max: 200 }), (rate, count) => {
      const gaps = Array.from({ length: count }, () => 1000 / rate.perSecond + 1e-6)
      expect(grants(rate, gaps)).toHaveLength(count)
    }),
    { seed, numRuns: 200 },
  )
})

test('[SG29] a clock that goes back neither gives nor takes', () => {
  const rate = { burst: 2, perSecond: 1 }
  const empty = { tokens: 0, filledAtMs: 5000 }
  const back = takeToken(empty, rate, 1000)
  expect(back.taken).toBe(false)
  expect(takeToken(back.bucket, rate, 5999).taken).toBe(false)
  expect(takeToken(back.bucket, rate, 6000).taken).toBe(true)
})

test('[SG29] a bucket is full again after burst / rate, and not before', () => {
  const rate = { burst: 10, perSecond: 5 }
  const empty = { tokens: 0, filledAtMs: 0 }
  expect(isFull(empty, rate, 1999)).toBe(false)
  expect(isFull(empty, rate, 2000)).toBe(true)
})
