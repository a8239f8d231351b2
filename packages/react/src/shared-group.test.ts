import { expect, test } from 'vitest'
import type { AnyGroup } from './shared-group.ts'
import { SharedGroup } from './shared-group.ts'

/** A group of which only the state matters here. */
function groupWith(initial: number) {
  const listeners = new Set<() => void>()
  const group = {
    state: initial,
    subscribe(listener: () => void) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
  const decide = (state: number): void => {
    group.state = state
    for (const listener of listeners) listener()
  }
  return { shared: new SharedGroup(group as unknown as AnyGroup), decide, listeners }
}

test('[RE4] what this tab expects is drawn on top of what is decided, and dropped when it is over', () => {
  const { shared, decide } = groupWith(10)
  let told = 0
  shared.subscribe(() => (told += 1))
  const drop = shared.expect((state) => Number(state) + 1)
  const dropOther = shared.expect((state) => Number(state) * 2)
  expect(shared.state()).toBe(22)
  decide(20)
  expect(shared.state()).toBe(42)
  drop()
  expect(shared.state()).toBe(40)
  dropOther()
  expect([shared.state(), told]).toEqual([20, 5])
})

test('[RE4] the state is the same object until something changes', () => {
  const { shared } = groupWith(1)
  shared.expect((state) => ({ doubled: Number(state) * 2 }))
  expect(shared.state()).toBe(shared.state())
})

test('[RE4] who stops listening is told nothing more', () => {
  const { shared, decide, listeners } = groupWith(1)
  let told = 0
  const stop = shared.subscribe(() => (told += 1))
  stop()
  decide(2)
  shared.expect((state) => state)
  expect([told, listeners.size]).toEqual([0, 0])
})
