/** A leader on whom everything depends takes no more than its last words can carry. */
import { expect, test } from 'vitest'
import { bequestTailBytesMax } from '@unanimous/core/internal'
import { foundedRoom, isReady } from '../src/rooms.ts'

test('[BQ18] a sole voter under load closes at any moment, and its heir has all that was told to callers', () => {
  for (let seed = 1; seed <= 12; seed += 1) {
    const { world, tabs } = foundedRoom(2, { seed, diskMs: [1, 40] })
    const [founder, other] = tabs
    if (founder === undefined || other === undefined) throw new Error('two tabs')
    world.runUntil(() => isReady(world) && other.status()?.rung === 'standby', 20_000)
    world.run(2000)
    for (let count = 0; count < 60; count += 1) {
      founder.propose(new Uint8Array(1000))
      world.run(world.rng.below(8))
    }
    const { acknowledgedEnd } = world.agreement
    founder.close()
    other.propose(Uint8Array.of(1))
    expect(world.runUntil(() => other.outstanding === 0, 5000)).toBeDefined()
    expect(other.status()?.decidedEnd ?? 0).toBeGreaterThan(acknowledgedEnd)
  }
  expect(bequestTailBytesMax).toBeGreaterThan(4 * 1000)
})
