import { expect, test } from 'vitest'
import { canonical, frozenCopy } from './frozen.ts'
import type { Json } from './json.ts'

test('[MA9] a frozen copy is equal, apart, and cannot be changed at any depth', () => {
  const value = { list: [{ deep: 1 }] }
  const copy = frozenCopy(value)
  expect(copy).toEqual(value)
  expect(copy).not.toBe(value)
  expect(() => {
    copy.list.push({ deep: 2 })
  }).toThrow(TypeError)
  expect(Object.isFrozen(copy.list[0])).toBe(true)
  expect(frozenCopy<Json | undefined>(undefined)).toBeUndefined()
})

test('[MA9] two values are compared whatever the order of their keys', () => {
  expect(canonical({ a: 1, b: { c: [2], d: 3 } })).toBe(canonical({ b: { d: 3, c: [2] }, a: 1 }))
  expect(canonical([1, 2])).not.toBe(canonical([2, 1]))
})
