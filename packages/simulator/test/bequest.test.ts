/** Tabs close in any order, down to the last: the group goes on, and who comes back takes part again. */
import { expect, test } from 'vitest'
import { whyNotConverged } from '../src/fuzz.ts'
import { foundedRoom, grownRoom, isReady, votersOf } from '../src/rooms.ts'
import type { Tab } from '../src/tab.ts'
import type { World } from '../src/world.ts'

const seeds = [1, 2, 3, 4]

/** A command of `tab` is decided; how long that took in milliseconds. */
function commitMs(world: World, tab: Tab): number | undefined {
  tab.propose(Uint8Array.of(1))
  return world.runUntil(() => tab.outstanding === 0, 30_000)
}

function allReturn(world: World): void {
  for (const tab of world.tabs.values()) tab.open()
  const back = world.runUntil(() => whyNotConverged(world) === undefined, 60_000)
  expect([back === undefined, whyNotConverged(world)]).toEqual([false, undefined])
}

test.each(seeds)('[BQ13] five tabs close one by one, and the last one decides, seed %i', (seed) => {
  const { world, tabs } = grownRoom(5, { seed })
  for (const [at, tab] of world.rng.shuffled(tabs).entries()) {
    if (at === 4) break
    tab.close()
    world.run(world.rng.between([400, 6000]))
    const [rest] = world.open()
    if (rest !== undefined) expect(commitMs(world, rest)).toBeLessThan(3000)
  }
  expect(world.open()).toHaveLength(1)
  allReturn(world)
})

test.each(seeds)('[BQ13] the founder of a group of two closes, seed %i', (seed) => {
  const { world, tabs } = foundedRoom(2, { seed })
  const [founder, other] = tabs
  if (founder === undefined || other === undefined) throw new Error('two tabs')
  expect(
    world.runUntil(() => isReady(world) && other.status()?.rung === 'standby', 20_000),
  ).toBeDefined()
  world.run(1000)
  expect(commitMs(world, founder)).toBeDefined()
  founder.close()
  expect(commitMs(world, other)).toBeLessThan(2000)
  world.run(3000)
  expect(other.status()).toMatchObject({ rung: 'leader', voters: [other.id] })
  allReturn(world)
  expect(other.status()?.voters).toEqual([other.id])
})

const pairs = [
  [0, 1],
  [0, 2],
  [1, 2],
] as const

test.each(pairs.flatMap((pair) => seeds.map((seed) => ({ pair, seed }))))(
  '[BQ14] with margin2, tabs $pair of three close at the same moment, seed $seed',
  ({ pair, seed }) => {
    const { world, tabs } = grownRoom(3, { seed, membership: { bequest: 'margin2' } })
    world.run(2000)
    for (const at of pair) tabs[at]?.close()
    const [rest] = world.open()
    if (rest === undefined) throw new Error('one is left')
    expect(commitMs(world, rest)).toBeLessThan(2000)
    expect(world.runUntil(() => votersOf(world) === 1, 10_000)).toBeDefined()
    allReturn(world)
    expect(world.runUntil(() => votersOf(world) === 3, 60_000)).toBeDefined()
  },
)

test('[BQ15] with bequests switched off, the last but one takes the group along', () => {
  const { world, tabs } = foundedRoom(2, { membership: { bequest: 'off' } })
  const [founder, other] = tabs
  if (founder === undefined || other === undefined) throw new Error('two tabs')
  world.run(5000)
  founder.close()
  expect(commitMs(world, other)).toBeUndefined()
  allReturn(world)
})

test('[BQ16] a reload of a healthy group leaves every vote where it was', () => {
  const { world, tabs } = grownRoom(5)
  const [tab] = world.rng.shuffled(tabs)
  tab?.close()
  world.run(500)
  tab?.open()
  world.run(5000)
  expect(votersOf(world)).toBe(5)
  expect(tab?.state?.protocol.votes).toEqual([tab?.id])
})
