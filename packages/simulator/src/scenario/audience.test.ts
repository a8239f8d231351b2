import { expect, test } from 'vitest'
import { Audience } from './audience.ts'

const fedBy = (name: string, feeder: string | undefined, decidedEnd = 0) => ({
  ...{ name, feeder, decidedEnd },
})

test('[SC13] one who watches is behind for as long as it lacks what somebody knows to be decided', () => {
  const audience = new Audience()
  audience.look([fedBy('o1', 'a'), fedBy('o2', 'a')], 0)
  audience.decided(0, 120)
  audience.look([fedBy('o1', 'a', 1), fedBy('o2', 'a')], 200)
  expect(audience.behind(0, undefined)).toBe(80)
  audience.look([fedBy('o1', 'a', 1), fedBy('o2', 'a')], 300)
  audience.look([fedBy('o1', 'a', 1), fedBy('o2', 'a', 1)], 400)
  expect(audience.behind(0, undefined)).toBe(180)
  expect(audience.behind(0, ['o1'])).toBe(0)
  expect(audience.behind(350, undefined)).toBe(0)
})

test('[SC13] what was decided while it was away it lacks since it came', () => {
  const audience = new Audience()
  audience.decided(0, -Infinity)
  audience.decided(1, 100)
  audience.look([fedBy('o1', undefined)], 1000)
  expect(audience.behind(0, undefined)).toBe(0)
  audience.look([], 1500)
  audience.look([fedBy('o1', undefined)], 3000)
  audience.look([fedBy('o1', 'a', 1)], 3200)
  expect(audience.behind(0, undefined)).toBe(200)
})

test('[SC13] who feeds whom is told when it changes', () => {
  const audience = new Audience()
  expect(audience.look([fedBy('o1', 'b'), fedBy('o2', 'a'), fedBy('o3', 'a')], 0)).toEqual([
    'a feeds o2 o3',
    'b feeds o1',
  ])
  expect(audience.look([fedBy('o1', 'b'), fedBy('o2', undefined)], 100)).toEqual([
    'nobody feeds o2',
  ])
  expect(audience.look([fedBy('o1', 'b'), fedBy('o2', 'o1')], 200)).toEqual(['o1 feeds o2'])
})
