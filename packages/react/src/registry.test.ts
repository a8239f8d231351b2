import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createRegistry } from './registry.ts'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

function thing() {
  const closed: string[] = []
  let opened = 0
  const open = () => {
    opened += 1
    const name = `thing ${opened}`
    return Promise.resolve({ name, close: () => void closed.push(name) })
  }
  return { open, closed, opened: () => opened }
}

test('[RE1] all who lease one key share one opening, and another key is another', async () => {
  const registry = createRegistry()
  const { open, opened } = thing()
  const first = registry.lease('a', open)
  expect(registry.lease('a', open)).toBe(first)
  expect(registry.lease('b', open)).not.toBe(first)
  expect([(await first.promise).name, opened()]).toEqual(['thing 1', 2])
})

test('[RE1] it is closed once the last holder has been gone for the grace, and a holder that comes back saves it', async () => {
  const registry = createRegistry({ graceMs: 1000 })
  const { open, closed } = thing()
  const opening = registry.lease('a', open)
  const [one, other] = [opening.hold(), opening.hold()]
  one()
  one()
  await vi.advanceTimersByTimeAsync(60_000)
  other()
  await vi.advanceTimersByTimeAsync(999)
  const back = opening.hold()
  await vi.advanceTimersByTimeAsync(60_000)
  expect(closed).toEqual([])
  back()
  await vi.advanceTimersByTimeAsync(1000)
  expect(closed).toEqual(['thing 1'])
  expect(registry.lease('a', open)).not.toBe(opening)
})

test('[RE1] what nobody came to hold is closed, too', async () => {
  const registry = createRegistry({ leaseMs: 5000 })
  const { open, closed } = thing()
  registry.lease('a', open)
  await vi.advanceTimersByTimeAsync(5000)
  expect(closed).toEqual(['thing 1'])
})

test('[RE1] an opening tells how far it has come, and one that failed is tried again by the next who asks', async () => {
  const registry = createRegistry()
  const failing = registry.lease('a', () => Promise.reject(new Error('no')))
  const seen: string[] = []
  const stop = failing.subscribe(() => seen.push(failing.state().phase))
  expect(failing.state()).toEqual({ phase: 'opening' })
  await expect(failing.promise).rejects.toThrow('no')
  expect(seen).toEqual(['failed'])
  stop()
  const again = registry.lease('a', thing().open)
  await again.promise
  await Promise.resolve()
  expect(again.state().phase).toBe('open')
})
