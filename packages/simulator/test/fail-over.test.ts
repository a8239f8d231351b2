/** How long a group is without a leader, by how it lost the last one. */
import { expect, test } from 'vitest'
import { failOverMs, grownRoom, keepProposing } from '../src/rooms.ts'
import type { Tab } from '../src/tab.ts'

const seeds = [1, 2, 3, 4, 5, 6, 7, 8]

function lose(seed: number, count: number, how: (leader: Tab) => void): number {
  const { world } = grownRoom(count, { seed })
  keepProposing(world)
  world.run(1000)
  const [leader] = world.leaders()
  if (leader !== undefined) how(leader)
  return failOverMs(world, 30_000) ?? Infinity
}

test.each(seeds)(
  'a leader of three that stops without a word is replaced within 3 s, seed %i',
  (seed) => {
    expect(lose(seed, 3, (leader) => leader.crash(600_000))).toBeLessThan(3000)
  },
)

test.each(seeds)(
  'a leader of five that stops without a word is replaced within 3 s, seed %i',
  (seed) => {
    expect(lose(seed, 5, (leader) => leader.crash(600_000))).toBeLessThan(3000)
  },
)

test.each(seeds)('a leader that closes its tab is replaced within 300 ms, seed %i', (seed) => {
  expect(lose(seed, 3, (leader) => leader.close())).toBeLessThan(300)
})

test.each(seeds)('a leader that freezes is replaced within 3 s, seed %i', (seed) => {
  expect(lose(seed, 3, (leader) => leader.freeze())).toBeLessThan(3000)
})
