import fc from 'fast-check'
import { expect, test } from 'vitest'
import { hueOfBallot, initialsOf, lookOf } from './names.ts'

const ids = fc.stringMatching(/^[0-9a-f]{32}$/)

test('an id has one name, whoever looks, and the name says the colour', () => {
  const look = lookOf('0008001f00000000000000000000ffff')
  expect(look).toEqual({ name: 'Teal Wren', initials: 'TW', hue: 184 })
  fc.assert(
    fc.property(ids, (id) => {
      const { name, initials, hue } = lookOf(id)
      expect(lookOf(id)).toEqual({ name, initials, hue })
      expect(name).toMatch(/^[A-Z][a-z]+ [A-Z][a-z]+$/)
      expect(initials).toMatch(/^[A-Z]{2}$/)
      expect(hue).toBeGreaterThanOrEqual(0)
      expect(hue).toBeLessThan(360)
    }),
    { seed: 7 },
  )
})

test('there are 512 names, all different: the tabs of one house are told apart', () => {
  const digits = (value: number): string => value.toString(16).padStart(4, '0')
  const ids = Array.from({ length: 512 }, (_, at) => digits(at >> 5) + digits(at & 31))
  expect(new Set(ids.map((id) => lookOf(id).name)).size).toBe(512)
})

test('a chosen name replaces the spelt one and keeps its colour', () => {
  const id = '0008001f00000000000000000000ffff'
  expect(lookOf(id, 'Ada')).toEqual({ name: 'Ada', initials: 'AD', hue: 184 })
})

test('what is no id still has a name', () => {
  expect(lookOf('').name).toBe(lookOf('zz').name)
})

test.each([
  ['Teal Wren', 'TW'],
  ['ada', 'AD'],
  ['Ada de Lovelace', 'AD'],
  ['  ', ''],
  ['é', 'É'],
  ['👩‍🚀 Buzz', '👩‍🚀B'],
])('the initials of "%s" are %s', (name, initials) => {
  expect(initialsOf(name)).toBe(initials)
})

test('ballots that follow each other differ by more than a glance', () => {
  for (let num = 0; num < 100; num += 1) {
    const apart = Math.abs(hueOfBallot(num) - hueOfBallot(num + 1))
    expect(Math.min(apart, 360 - apart)).toBeGreaterThan(90)
  }
})
