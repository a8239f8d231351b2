import { expect, test } from 'vitest'
import { seededRandom } from './seeded-random.ts'

test('[MA4] one seed is one sequence, another seed another, all in [0, 1)', () => {
  const [one, same, other] = [seededRandom('a.1'), seededRandom('a.1'), seededRandom('a.2')]
  const draws = Array.from({ length: 1000 }, () => one())
  expect(Array.from({ length: 1000 }, () => same())).toEqual(draws)
  expect(other()).not.toBe(draws[0])
  expect(draws.every((draw) => draw >= 0 && draw < 1)).toBe(true)
  const mean = draws.reduce((sum, draw) => sum + draw, 0) / draws.length
  expect(mean).toBeGreaterThan(0.45)
  expect(mean).toBeLessThan(0.55)
})
