import { expect, test } from 'vitest'
import { incarnation } from '../protocol/ids.ts'
import { receiptsMax } from '../protocol/limits.ts'
import { noReceipts, receive } from './receipts.ts'

const one = incarnation(1)

test('[RL3] each number of one start is taken once, in whatever order they come', () => {
  const receipts = noReceipts()
  const taken = [3, 1, 3, 2, 1, 4, 0].map((number) => receive(receipts, one, number))
  expect(taken).toEqual([true, true, false, true, false, true, true])
})

test('[RL3] a later start begins anew, and an earlier one is over', () => {
  const receipts = noReceipts()
  expect(receive(receipts, one, 5)).toBe(true)
  expect(receive(receipts, incarnation(2), 5)).toBe(true)
  expect(receive(receipts, one, 6)).toBe(false)
})

test('[RL3] what is too old to remember counts as come, and little is remembered', () => {
  const receipts = noReceipts()
  for (let number = 0; number < 5 * receiptsMax; number += 1) receive(receipts, one, number)
  expect(receive(receipts, one, 4 * receiptsMax - 1)).toBe(false)
  expect(receipts.seen.size).toBeLessThanOrEqual(2 * receiptsMax + 1)
})
