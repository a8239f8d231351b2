import { describe, expect, it } from 'vitest'
import { BoundedQueue } from './bounded-queue.ts'

describe('a bounded queue', () => {
  it('[RT6] refuses what it has no room for, and keeps the rest in order', () => {
    const queue = new BoundedQueue<number>(2)
    expect([1, 2, 3].map((item) => queue.push(item))).toEqual([true, true, false])
    expect(queue.length).toBe(2)
    expect(queue.takeAll()).toEqual([1, 2])
  })

  it('[RT6] has room again once it is emptied', () => {
    const queue = new BoundedQueue<number>(1)
    queue.push(1)
    const taken = queue.takeAll()
    expect(queue.push(2)).toBe(true)
    expect(taken).toEqual([1])
    expect(queue.takeAll()).toEqual([2])
    expect(queue.takeAll()).toEqual([])
  })
})
