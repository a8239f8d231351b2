import type { Clock } from '@unanimous/core'
import { millis, wallMillis } from '@unanimous/core'
import { expect, test } from 'vitest'
import { watchSleep } from './sleep-watch.ts'

test.each([
  ['nothing but time passes', 1000, 1000, 0],
  ['a timer is late', 3500, 3500, 0],
  ['somebody sets the clock back', 1000, -60_000, 0],
  ['the page did not run', 10_000, 10_000, 1],
  ['the machine slept and its monotonic clock too', 1000, 600_000, 1],
])('[PL2] when %s, links are looked at as they should be', (_, passed, wallPassed, wakes) => {
  let [now, wall, woken] = [0, 1_000_000, 0]
  let tick: () => void = () => undefined
  const clock: Clock = {
    now: () => millis(now),
    wall: () => wallMillis(wall),
    every: (_periodMs, call) => {
      tick = call
      return () => undefined
    },
  }
  watchSleep(clock, () => (woken += 1))
  now += passed
  wall += wallPassed
  tick()
  expect(woken).toBe(wakes)
  now += 1000
  wall += 1000
  tick()
  expect(woken).toBe(wakes)
})
