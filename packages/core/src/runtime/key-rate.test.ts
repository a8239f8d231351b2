import { expect, test } from 'vitest'
import { millis, replicaId } from '../protocol/ids.ts'
import { newKeyMs, newKeysBurst, peersMax } from '../protocol/limits.ts'
import { KeyRate } from './key-rate.ts'

const a = replicaId('a'.repeat(32))
const b = replicaId('b'.repeat(32))
const told = (rate: KeyRate, by: typeof a, atMs: number, count: number): number =>
  Array.from({ length: count }).filter(() => rate.mayTell(by, millis(atMs))).length

test('[RL8] a neighbour may tell of a large group of new keys at once, and of one in a while from then on', () => {
  const rate = new KeyRate()
  expect(told(rate, a, 0, newKeysBurst + 50)).toBe(newKeysBurst)
  expect(told(rate, a, newKeyMs - 1, 5)).toBe(0)
  expect(told(rate, a, newKeyMs, 5)).toBe(1)
  expect(told(rate, a, 4 * newKeyMs, 50)).toBe(3)
  expect(told(rate, a, 1e9, newKeysBurst + 50)).toBe(newKeysBurst)
})

test('[RL8] who tells of too many takes nothing from another neighbour', () => {
  const rate = new KeyRate()
  told(rate, a, 0, 1000)
  expect(told(rate, b, 0, newKeysBurst)).toBe(newKeysBurst)
})

test('[RL8] so many neighbours are remembered as there are links', () => {
  const rate = new KeyRate()
  told(rate, a, 0, 1000)
  for (let at = 1; at < peersMax; at += 1) {
    rate.mayTell(replicaId(at.toString(16).padStart(32, '0')), millis(0))
  }
  expect(told(rate, a, 0, 1)).toBe(0)
})
