import fc from 'fast-check'
import { expect, test } from 'vitest'
import { bend, isSeat, seatAfter, seats, seatsPerRow } from './seat-plan.ts'

const press = (key: string, ctrl = false): { key: string; ctrl: boolean } => ({ key, ctrl })

test('the house has 48 seats, A1 to F8', () => {
  expect(seats).toHaveLength(48)
  expect(new Set(seats).size).toBe(48)
  expect([seats[0], seats[7], seats[8], seats.at(-1)]).toEqual(['A1', 'A8', 'B1', 'F8'])
})

test.each([
  ['C4', press('ArrowLeft'), 'C3'],
  ['C4', press('ArrowRight'), 'C5'],
  ['C4', press('ArrowUp'), 'B4'],
  ['C4', press('ArrowDown'), 'D4'],
  ['C4', press('Home'), 'C1'],
  ['C4', press('End'), 'C8'],
  ['C4', press('Home', true), 'A1'],
  ['C4', press('End', true), 'F8'],
  ['C4', press('PageUp'), 'A4'],
  ['C4', press('PageDown'), 'F4'],
  ['A1', press('ArrowLeft'), 'A1'],
  ['A1', press('ArrowUp'), 'A1'],
  ['F8', press('ArrowRight'), 'F8'],
  ['F8', press('ArrowDown'), 'F8'],
])('from %s, %o leads to %s', (from, key, to) => {
  expect(seatAfter(from, key)).toBe(to)
})

test('other keys are left to the browser, and from nowhere nothing leads anywhere', () => {
  for (const key of ['a', 'Enter', ' ', 'Tab', 'Escape']) {
    expect(seatAfter('C4', press(key))).toBeUndefined()
  }
  expect(seatAfter('Z9', press('ArrowLeft'))).toBeUndefined()
})

test('no walk leaves the house, and what is walked to the left is walked back to the right', () => {
  const keys = fc.constantFrom('ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown', 'PageUp', 'End')
  fc.assert(
    fc.property(fc.constantFrom(...seats), fc.array(keys, { maxLength: 40 }), (start, walk) => {
      let at = start
      for (const key of walk) at = seatAfter(at, press(key)) ?? 'nowhere'
      expect(seats).toContain(at)
      const left = seatAfter(at, press('ArrowLeft'))
      if (left !== undefined && left !== at) expect(seatAfter(left, press('ArrowRight'))).toBe(at)
    }),
    { seed: 7 },
  )
})

test.each(['A0', 'A9', 'G1', 'a1', '', '__proto__', 'constructor', 1, null, undefined, {}])(
  '%o is no seat',
  (value) => {
    expect(isSeat(value)).toBe(false)
  },
)

test('rows are bent alike on both sides, most at the ends', () => {
  expect(bend(0)).toBe(1)
  expect(bend(seatsPerRow - 1)).toBe(1)
  expect(bend(3)).toBeCloseTo(bend(4))
  expect(bend(3)).toBeLessThan(bend(1))
})
