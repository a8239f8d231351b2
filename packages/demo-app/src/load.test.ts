import fc from 'fast-check'
import { expect, test } from 'vitest'
import { percentile } from './load.ts'

test('a percentile is a value that at least this share does not exceed, and the least such', () => {
  const values = fc.array(fc.double({ min: 0, max: 1000, noNaN: true }), { minLength: 1 })
  fc.assert(
    fc.property(values, fc.integer({ min: 1, max: 100 }), (list, percent) => {
      const found = percentile(list, percent / 100) ?? NaN
      const share = (limit: number): number => list.filter((value) => value <= limit).length
      expect(list).toContain(found)
      expect(share(found) * 100).toBeGreaterThanOrEqual(list.length * percent - 1e-6)
      const below = list.filter((value) => value < found)
      expect(below.length * 100).toBeLessThan(list.length * percent + 1e-6)
    }),
    { seed: 7 },
  )
})

test('of nothing there is no percentile, of one value it is that', () => {
  expect(percentile([], 0.5)).toBeUndefined()
  expect(percentile([3], 0)).toBe(3)
  expect(percentile([3], 1)).toBe(3)
  expect(percentile([4, 1, 3, 2], 0.5)).toBe(2)
})
