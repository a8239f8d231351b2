import fc from 'fast-check'
import { expect, test } from 'vitest'
import { added, median, percentile, spanMs, summarize } from './statistics.ts'

const seed = 20_250_101
const numbers = fc.array(fc.double({ noNaN: true, min: -1e6, max: 1e6 }), { minLength: 1 })

test.each([
  { share: 0, expected: 1 },
  { share: 0.5, expected: 5 },
  { share: 0.51, expected: 6 },
  { share: 0.9, expected: 9 },
  { share: 0.99, expected: 10 },
  { share: 1, expected: 10 },
])('of the numbers from 1 to 10, share $share is $expected', ({ share, expected }) => {
  expect(percentile([3, 1, 2, 10, 9, 8, 7, 4, 5, 6], share)).toBe(expected)
})

test('samples are sorted as numbers and left as they are', () => {
  const samples = [100, 20, 3]
  expect(median(samples)).toBe(20)
  expect(samples).toEqual([100, 20, 3])
})

test('a percentile is a sample that enough samples do not exceed, and no smaller one does', () => {
  fc.assert(
    fc.property(numbers, fc.double({ noNaN: true, min: 0, max: 1 }), (samples, share) => {
      const found = percentile(samples, share)
      const upTo = (limit: number): number => samples.filter((value) => value <= limit).length
      expect(samples).toContain(found)
      expect(upTo(found)).toBeGreaterThanOrEqual(share * samples.length)
      for (const smaller of samples.filter((value) => value < found)) {
        expect(upTo(smaller)).toBeLessThan(share * samples.length)
      }
    }),
    { seed },
  )
})

test('a summary is in order', () => {
  fc.assert(
    fc.property(numbers, (samples) => {
      const { count, min, p50, p90, p99, max } = summarize(samples)
      const inOrder = [min, p50, p90, p99, max]
      expect(count).toBe(samples.length)
      expect(inOrder).toEqual([...inOrder].sort((a, b) => a - b))
    }),
    { seed },
  )
})

test('no samples and shares outside the range are refused', () => {
  expect(() => percentile([], 0.5)).toThrow(RangeError)
  expect(() => percentile([1], 1.5)).toThrow(RangeError)
  expect(() => percentile([1], Number.NaN)).toThrow(RangeError)
})

test('series are added sample by sample', () => {
  expect(added([1, 2, 3], [10, 20, 30], [100, 200, 300])).toEqual([111, 222, 333])
  expect(() => added([1, 2], [1])).toThrow(RangeError)
})

test('a run of several tabs lasts from the first start to the last end', () => {
  const runs = [
    { startedAt: 10, endedAt: 50 },
    { startedAt: 12, endedAt: 61 },
    { startedAt: 9, endedAt: 40 },
  ]
  expect(spanMs(runs)).toBe(52)
})
