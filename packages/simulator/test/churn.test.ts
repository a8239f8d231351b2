/** A short day of comings and goings; `pnpm sim churn` plays an hour of it. */
import { expect, test } from 'vitest'
import { churn } from '../src/churn.ts'

test('[MS8] tabs that live two minutes each form a group that loses nothing and is there', () => {
  const verdict = churn({ seed: 1, minutes: 5 })
  expect(verdict.opened).toBeGreaterThan(10)
  expect(verdict.available).toBeGreaterThanOrEqual(990)
})
