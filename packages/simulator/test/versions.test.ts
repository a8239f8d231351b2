/** Pages of several days in one group, while tabs come and go. */
import { expect, test } from 'vitest'
import { churn } from '../src/churn.ts'

test('[MV11] while tabs come and go, each with the page of its day, the version rises and all agree', () => {
  const page = (now: number): readonly number[] => {
    if (now < 18_000) return [1]
    return now < 150_000 ? [1, 2] : [2, 3]
  }
  const verdict = churn({ seed: 3, minutes: 4, world: { page } })
  expect(verdict.versions).toEqual([1, 2])
  expect(verdict.available).toBeGreaterThanOrEqual(980)
})
