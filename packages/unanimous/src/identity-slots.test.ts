import type { Locks } from '@unanimous/core'
import { expect, test } from 'vitest'
import { TooManyTabs } from './errors.ts'
import type { SlotOptions, TabMemory } from './identity-slots.ts'
import { claimSlot, slotsMax } from './identity-slots.ts'

/** Locks of one browser, as the Web Locks API gives them with `ifAvailable`. */
function browserLocks(): Locks {
  const held = new Set<string>()
  return {
    async request(name, _options, hold) {
      if (held.has(name)) return hold(null)
      held.add(name)
      try {
        return await hold({})
      } finally {
        held.delete(name)
      }
    },
  }
}

function tabMemory(from: TabMemory = { getItem: () => null, setItem: () => undefined }): TabMemory {
  const items = new Map<string, string>()
  return {
    getItem: (key) => items.get(key) ?? from.getItem(key),
    setItem: (key, value) => void items.set(key, value),
  }
}

const options = (locks: Locks, memory: TabMemory): SlotOptions => ({
  locks,
  memory,
  room: 'cinema',
  graceMs: 100,
  wait: () => Promise.resolve(),
})

test('[ID1] tabs of one browser take the first free slots, never the same one', async () => {
  const locks = browserLocks()
  const slots = await Promise.all([1, 2, 3].map(() => claimSlot(options(locks, tabMemory()))))
  expect(slots.map(({ number }) => number).sort()).toEqual([0, 1, 2])
  expect(new Set(slots.map(({ name }) => name)).size).toBe(3)
})

test('[ID2] a reloaded tab finds its slot again, although a lower one is free', async () => {
  const locks = browserLocks()
  const first = await claimSlot(options(locks, tabMemory()))
  const memory = tabMemory()
  const second = await claimSlot(options(locks, memory))
  expect(second.number).toBe(1)
  first.release()
  second.release()
  await Promise.resolve()
  const again = await claimSlot(options(locks, memory))
  expect(again.number).toBe(1)
})

test('[ID2] a reloaded tab waits a moment for the page that it was', async () => {
  const locks = browserLocks()
  const memory = tabMemory()
  const before = await claimSlot(options(locks, memory))
  let waits = 0
  const again = await claimSlot({
    ...options(locks, memory),
    wait: async () => {
      waits += 1
      if (waits === 2) before.release()
      await Promise.resolve()
    },
  })
  expect(again.number).toBe(before.number)
  expect(waits).toBe(2)
})

test('[ID3] a duplicated tab, whose memory is a copy, takes the next slot', async () => {
  const locks = browserLocks()
  const memory = tabMemory()
  const original = await claimSlot(options(locks, memory))
  const copy = await claimSlot(options(locks, tabMemory(memory)))
  expect(original.number).toBe(0)
  expect(copy.number).toBe(1)
})

test('[ID4] a memory that somebody scribbled in is no reason to fail', async () => {
  for (const scribble of ['', 'x', '-1', 'NaN', '64']) {
    const memory: TabMemory = { getItem: () => scribble, setItem: () => undefined }
    const slot = await claimSlot(options(browserLocks(), memory))
    expect(slot.number).toBe(0)
  }
})

test('[ID5] one tab more than there are slots is refused with a reason', async () => {
  const locks = browserLocks()
  for (let tab = 0; tab < slotsMax; tab += 1) await claimSlot(options(locks, tabMemory()))
  await expect(claimSlot(options(locks, tabMemory()))).rejects.toThrow(TooManyTabs)
})

test('[ID6] a lock that the browser granted to nobody is asked for again, and not for ever', async () => {
  const granted = browserLocks()
  let failures = 2
  const locks: Locks = {
    request: (name, lockOptions, hold) => {
      if (failures === 0) return granted.request(name, lockOptions, hold)
      failures -= 1
      return Promise.reject(new Error('The provided callback is no longer runnable.'))
    },
  }
  const slot = await claimSlot(options(locks, tabMemory()))
  expect(slot.number).toBe(0)
  failures = Infinity
  await expect(claimSlot(options(locks, tabMemory()))).rejects.toThrow('no longer runnable')
})
