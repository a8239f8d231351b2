import { expect, test } from 'vitest'
import { incarnation, millis } from '../protocol/ids.ts'
import { relayBurstBytes, relayWaitingBytesMax, relayWaitingFramesMax } from '../protocol/limits.ts'
import { a, b, c } from '../testing/stores.ts'
import type { Passage, RelayQueue } from './relay-queue.ts'
import { dequeue, emptyRelayQueue, enqueue } from './relay-queue.ts'

const passage = (number: number, bytes: number): Passage => ({
  to: c,
  frame: {
    ...{ type: 'relayed', path: [a, b, c], at: 2, incarnation: incarnation(1), number },
    ...{ seal: new Uint8Array(), key: new Uint8Array(), message: { type: 'join' } },
  },
  bytes,
})

const numbers = (queue: RelayQueue, now: number): readonly number[] =>
  dequeue(queue, millis(now)).map(({ frame }) => frame.number)

test('[RL4] what a link takes leaves at once, in order; the rest when its time comes', () => {
  const queue = emptyRelayQueue()
  for (const number of [0, 1, 2]) enqueue(queue, passage(number, 0.6 * relayBurstBytes))
  expect(numbers(queue, 0)).toEqual([0, 1])
  expect(numbers(queue, 1)).toEqual([])
  expect(numbers(queue, 20)).toEqual([2])
})

test.each([
  { what: 'bytes', bytes: relayWaitingBytesMax / 4, fit: 4 },
  { what: 'frames', bytes: 1, fit: relayWaitingFramesMax },
])('[RL4] beyond the bound on $what the oldest go first', ({ bytes, fit }) => {
  const queue = emptyRelayQueue()
  const lost = Array.from({ length: fit + 2 }, (_, number) =>
    enqueue(queue, passage(number, bytes)),
  )
  expect(lost.reduce((sum, each) => sum + each, 0)).toBe(2)
  expect(queue.waiting[0]?.frame.number).toBe(2)
  expect(queue.waiting.at(-1)?.frame.number).toBe(fit + 1)
})
