import { expect, test } from 'vitest'
import { Memo } from './memo.ts'

test('[CH3] a value stays the same object until what it shows is another', () => {
  const memo = new Memo<{ shown: number }>()
  let made = 0
  const make = (shown: number) => () => {
    made += 1
    return { shown }
  }
  const first = memo.current(make(1))
  expect(memo.current(make(2))).toBe(first)
  expect(made).toBe(1)
  memo.expire()
  expect(memo.current(make(1))).toBe(first)
  expect(made).toBe(2)
  memo.expire()
  expect(memo.current(make(2))).toEqual({ shown: 2 })
})
