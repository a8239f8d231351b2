/** How a group grows and shrinks in a calm world. */
import { expect, test } from 'vitest'
import { foundedRoom, grownRoom, isReady, votersOf } from '../src/rooms.ts'

const seeds = [1, 2, 3, 4, 5, 6, 7, 8]

test.each(seeds)(
  'three tabs of a fresh room are three voters within two seconds, seed %i',
  (seed) => {
    const { world } = foundedRoom(3, { seed, voters: 5 })
    const took = world.runUntil(() => votersOf(world) === 3 && isReady(world), 2000)
    expect(took).toBeLessThan(2000)
  },
)

test.each([
  { tabs: 1, voters: 5, expected: 1 },
  { tabs: 2, voters: 5, expected: 1 },
  { tabs: 4, voters: 5, expected: 3 },
  { tabs: 5, voters: 5, expected: 5 },
  { tabs: 6, voters: 3, expected: 3 },
  { tabs: 8, voters: 7, expected: 7 },
])('$tabs tabs and a target of $voters make $expected voters', ({ tabs, voters, expected }) => {
  const { world } = grownRoom(tabs, { voters })
  expect(votersOf(world)).toBe(expected)
})

test('late comers are standbys first, and two of them make five voters of three', () => {
  const { world } = grownRoom(3)
  const [d, e] = [world.addTab('d'), world.addTab('e')]
  d.open()
  world.run(20_000)
  expect([votersOf(world), d.status()?.rung]).toEqual([3, 'standby'])
  e.open()
  expect(world.runUntil(() => votersOf(world) === 5 && isReady(world), 20_000)).toBeDefined()
})

test.each([
  { tabs: 5, leaving: 1, expected: 3 },
  { tabs: 5, leaving: 2, expected: 3 },
  { tabs: 4, leaving: 1, expected: 3 },
  { tabs: 3, leaving: 2, expected: 1 },
])('$leaving of $tabs tabs leave: $expected voters are left', ({ tabs, leaving, expected }) => {
  const room = grownRoom(tabs)
  const { world } = room
  const leavers = room.tabs.slice(0, leaving)
  for (const leaver of leavers) {
    leaver.leave()
    expect(world.runUntil(() => leaver.removed, 20_000)).toBeDefined()
    leaver.close()
  }
  const settled = world.runUntil(() => votersOf(world) === expected && isReady(world), 20_000)
  expect(settled).toBeDefined()
})

test('voters that leave at once, the leader among them, leave a group that goes on', () => {
  const room = grownRoom(5)
  const { world } = room
  const leavers = room.tabs.slice(0, 4)
  for (const leaver of leavers) leaver.leave()
  expect(world.runUntil(() => leavers.every(({ removed }) => removed), 60_000)).toBeDefined()
  for (const leaver of leavers) leaver.close()
  expect(world.runUntil(() => votersOf(world) === 1 && isReady(world), 20_000)).toBeDefined()
})

test('a voter that is gone for good is replaced by a standby', () => {
  const { world, tabs } = grownRoom(4, { voters: 3 })
  const victim = tabs.find((tab) => tab.status()?.rung === 'voter')
  victim?.crash()
  const isReplaced = (): boolean =>
    world
      .open()
      .every(
        (tab) => !tab.status()?.voters.some((vote) => vote === (victim?.id as string | undefined)),
      )
  expect(world.runUntil(isReplaced, 60_000)).toBeDefined()
  expect(votersOf(world)).toBe(3)
})

test('a voter that comes back after it was replaced learns it, and stands by', () => {
  const { world, tabs } = grownRoom(4, { voters: 3 })
  const victim = tabs.find((tab) => tab.status()?.rung === 'voter')
  victim?.crash()
  world.run(60_000)
  victim?.open()
  expect(world.runUntil(() => victim?.status()?.rung === 'standby', 10_000)).toBeDefined()
})
