import { describe, expect, test } from 'vitest'
import type { SecretRing } from './mesh-secrets.ts'
import { MeshWorld, type Inhabitant } from './testing/mesh-world.ts'

const keyOf = (byte: number): Uint8Array => new Uint8Array(32).fill(byte)

/** Went from secret 7 over to 8. */
const ring = (mayTell: boolean, parts: Partial<SecretRing> = {}): SecretRing => ({
  ...{ current: { key: keyOf(8), text: 'eight' }, old: [keyOf(7)], heard: [] },
  ...{ mayTell: () => mayTell, ...parts },
})

const refusedOf = (who: Inhabitant): unknown => who.mesh.links().map(({ refused }) => refused)

/** Of two linked ones, the first goes over: it dials, or it answers. */
const pairs = [
  ['1', '2'],
  ['2', '1'],
] as const

describe('a mesh that goes by another secret', () => {
  test.each(pairs)(
    '[RK1] tells %s’s peer %s over the link that they have, which stays',
    async (one, two) => {
      const world = new MeshWorld()
      const [ahead, behind] = await world.linked(one, two)
      ahead.mesh.rekey(ring(true))
      await world.timers.advance(100)
      expect(behind.told).toEqual([`${one} up`, `${one} secret eight`])
      behind.mesh.rekey(ring(true))
      await world.timers.advance(120_000)
      expect([ahead.told, behind.told].flat().filter((line) => line.endsWith('down'))).toEqual([])
      // Once: whoever answers what it is told by telling it would never come to an end.
      expect(ahead.told).toEqual([`${two} up`, `${two} secret eight`])
      expect(behind.told).toEqual([`${one} up`, `${one} secret eight`])
    },
  )

  test.each(pairs)(
    '[RK2] %s closes the link of a peer %s that may not know, and lets it in no more',
    async (one, two) => {
      const world = new MeshWorld()
      const [ahead, out] = await world.linked(one, two)
      ahead.mesh.rekey(ring(false))
      await world.timers.advance(100)
      expect(out.told).toEqual([`${one} up`, `${one} down`])
      expect(refusedOf(out)).toEqual([{ code: 'secret', by: 'peer' }])
      expect(refusedOf(ahead)).toEqual([{ code: 'secret', by: 'us' }])
      await world.timers.advance(200_000)
      out.mesh.closeNow()
      const again = await world.opened(two, { owner: 'again' })
      await world.timers.advance(200_000)
      expect(again.told).toEqual([])
      expect(refusedOf(again)).toEqual([{ code: 'secret', by: 'us' }])
      expect(ahead.told).toEqual([`${two} up`, `${two} down`])
    },
  )

  test.each(pairs)(
    '[RK3] %s understands a peer %s that was away and may know, and tells it',
    async (one, two) => {
      const world = new MeshWorld()
      const ahead = await world.opened(one, { groupKey: 8 })
      ahead.mesh.rekey(ring(true))
      const back = await world.opened(two)
      await world.timers.advance(2000)
      expect(back.told).toEqual([`${one} up`, `${one} secret eight`])
      expect(ahead.told).toEqual([`${two} up`])
    },
  )

  test.each(pairs)(
    '[RK3] %s links with %s, which has a new link and an old store',
    async (one, two) => {
      const world = new MeshWorld()
      const ahead = await world.opened(one, { groupKey: 8 })
      ahead.mesh.rekey(ring(false))
      const invited = world.inhabitant(two)
      invited.mesh.rekey({
        ...{ current: { key: keyOf(7), text: 'seven' }, old: [], heard: [keyOf(8)] },
        mayTell: () => false,
      })
      invited.mesh.open()
      await world.timers.advance(5000)
      expect(invited.told).toEqual([`${one} up`])
      expect(ahead.told).toEqual([`${two} up`])
    },
  )

  test('[RK4] what two ends say while both go over, one after the other, breaks no link for good', async () => {
    const world = new MeshWorld()
    const members = [await world.opened('1'), await world.opened('2'), await world.opened('3')]
    await world.timers.advance(1000)
    for (const { mesh } of members) {
      mesh.rekey(ring(true))
      await world.timers.advance(3)
    }
    await world.timers.advance(1000)
    const late = await world.opened('4', { groupKey: 8 })
    await world.timers.advance(5000)
    for (const { mesh } of [...members, late]) {
      expect(mesh.links().map(({ state }) => state)).toEqual(['open', 'open', 'open'])
    }
  })

  test('[RK4] a peer that was refused for its secret is let in at once by who has come to it since', async () => {
    const world = new MeshWorld()
    const behind = await world.opened('1')
    const ahead = await world.opened('2', { groupKey: 8 })
    await world.timers.advance(5000)
    expect([...behind.told, ...ahead.told]).toEqual([])
    behind.mesh.rekey(ring(true))
    await world.timers.advance(2000)
    expect([...behind.told, ...ahead.told]).toEqual(['2 up', '1 up'])
  })
})
