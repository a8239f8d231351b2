import { expect, test } from 'vitest'
import { millis } from '../protocol/ids.ts'
import { rumoursMax, rumourMs } from '../protocol/limits.ts'
import { a, b, c } from '../testing/stores.ts'
import { beaconFrom } from '../testing/beacons.ts'
import { mayPass, noRumours } from './rumours.ts'

const word = (seq: number) => ({
  ...{ type: 'gossip' as const, origin: a, hops: 1, beacon: beaconFrom(a, { seq }) },
})

test('[RL5] a word that nothing vouches for is passed on once, whoever tells it', () => {
  const rumours = noRumours()
  expect(mayPass(rumours, b, word(1), millis(0))).toBe(true)
  expect(mayPass(rumours, b, word(1), millis(1000))).toBe(false)
  expect(mayPass(rumours, c, word(1), millis(1000))).toBe(false)
})

test('[RL5] who invents words crowds out only its own', () => {
  const rumours = noRumours()
  for (let seq = 100; seq < 200; seq += 1) mayPass(rumours, b, word(seq), millis(seq))
  expect(rumours.passed.size).toBe(1)
  expect(mayPass(rumours, c, word(7), millis(200))).toBe(true)
  expect(mayPass(rumours, b, word(8), millis(100 + rumourMs))).toBe(true)
})

test('[RL5] only so many are remembered', () => {
  const rumours = noRumours()
  for (let seq = 0; seq < 3000; seq += 1) mayPass(rumours, b, word(seq), millis(seq * rumourMs))
  expect(rumours.passed.size).toBe(rumoursMax)
})
