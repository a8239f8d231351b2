import { expect, test } from 'vitest'
import { grownRoom, votersOf } from '../src/rooms.ts'
import type { Tab } from '../src/tab.ts'
import type { World } from '../src/world.ts'

const command = (at: number): Uint8Array => Uint8Array.of(at & 0xff, (at >> 8) & 0xff)

/** Opened one after the other, as people come. */
function addObservers(world: World, count: number, role: Tab['role'] = 'observer'): readonly Tab[] {
  return Array.from({ length: count }, (_none, at) => {
    const tab = world.addTab(`o${at}`)
    tab.role = role
    world.agenda.after(at * 5, () => tab.open())
    return tab
  })
}

test('[OB1] observers have all that is decided, and are in no configuration', () => {
  const { world, tabs } = grownRoom(3, { seed: 3, voters: 3 })
  const observers = addObservers(world, 6)
  for (let at = 0; at < 20; at += 1) {
    tabs[at % 3]?.propose(command(at))
    world.run(50)
  }
  const all = (): boolean =>
    observers.every(({ state }) => state?.protocol.decidedEnd === world.agreement.length)
  expect(world.runUntil(all, 30_000)).toBeDefined()
  world.run(1000)
  expect(votersOf(world)).toBe(3)
  expect(observers.map((tab) => tab.status()?.rung)).toEqual(observers.map(() => 'observer'))
  expect(observers.map((tab) => tab.status()?.phase)).toEqual(observers.map(() => 'ready'))
  expect(observers.map(({ disk }) => disk.logEnd)).toEqual(observers.map(() => 0))
})

test('[OB2] who is one too many to be a standby observes, by itself', () => {
  const { world, tabs } = grownRoom(9, { seed: 4, voters: 3, membership: { standbys: 3 } })
  world.run(20_000)
  const rungs = tabs.map((tab) => tab.status()?.rung)
  expect(rungs.filter((rung) => rung === 'observer')).toHaveLength(3)
  expect(rungs.filter((rung) => rung === 'standby')).toHaveLength(3)
})
