import { expect, test } from 'vitest'
import { CarriedState } from './carried-state.ts'

test('[PL4] what was shown is shown until the next stay has come as far, and nothing is told twice', () => {
  const carried = new CarriedState<string>()
  carried.hold('empty')
  expect(carried.shown('nothing yet')).toBe('nothing yet')
  expect([2, 3, 7].map((index) => carried.isNew(index))).toEqual([true, true, true])
  expect(carried.shown('all three')).toBe('all three')
  carried.hold('all three')
  expect(carried.shown('empty')).toBe('all three')
  expect([2, 3].map((index) => carried.isNew(index))).toEqual([false, false])
  expect(carried.shown('two of them')).toBe('all three')
  // Put away once more before it came as far.
  carried.hold('two of them')
  expect(carried.shown('empty')).toBe('all three')
  expect([2, 3, 7].map((index) => carried.isNew(index))).toEqual([false, false, false])
  expect(carried.shown('all three again')).toBe('all three again')
  expect(carried.isNew(8)).toBe(true)
  carried.hold('four of them')
  carried.release()
  expect(carried.shown('four and more, in one piece')).toBe('four and more, in one piece')
})
