import { expect, test } from 'vitest'
import { a, b, ballot, c, groupOf } from '../testing/stores.ts'
import { InvariantWatch } from './invariant-watch.ts'

test('[TR5] invariants are counted by name, and one that is broken is thrown and counted', () => {
  const group = groupOf([a, b, c])
  group.elect(a)
  const state = group.of(a)
  const watch = new InvariantWatch(state)
  watch.look()
  watch.look()
  expect(watch.counts().length).toBe(11)
  for (const count of watch.counts()) expect(count).toMatchObject({ checked: 2, violated: 0 })
  state.promised = ballot(1, a)
  expect(() => watch.look()).toThrow('INV')
  const violated = watch.counts().filter((count) => count.violated === 1)
  expect(violated.length).toBe(1)
})
