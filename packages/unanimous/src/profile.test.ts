import { expect, test } from 'vitest'
import type { ProfileMemory } from './profile.ts'
import { profileOf } from './profile.ts'

const [one, other] = ['1'.repeat(32), '2'.repeat(32)]

function memoryWith(begun: string | null): ProfileMemory {
  let value = begun
  return {
    getItem: () => value,
    setItem: (_key, next) => {
      value = next
    },
  }
}

test('[MS7] every page of one browser profile is of one profile', () => {
  const memory = memoryWith(null)
  expect(
    profileOf(
      () => memory,
      () => one,
    ),
  ).toBe(one)
  expect(
    profileOf(
      () => memory,
      () => other,
    ),
  ).toBe(one)
})

test.each([
  { why: 'nothing may be remembered', memory: () => Promise.reject.call(undefined) as never },
  { why: 'what is remembered is no name', memory: () => memoryWith('me') },
])('[MS7] a tab is a profile of its own when $why', ({ memory }) => {
  expect(profileOf(memory, () => one)).toBe(one)
})
