import { expect, test } from 'vitest'
import { createMemoryWorld } from '../testing/memory-world.ts'

const state = Uint8Array.of(5, 6, 7)

test('[AR3] a group is begun from a state, and whoever joins begins with it', async () => {
  const world = createMemoryWorld()
  expect(await world.foundFrom('a', state)).toBe(true)
  const a = await world.open('a')
  await world.until(() => a.replica.status().rung === 'leader')
  expect(a.restored).toEqual([state])
  a.replica.propose(Uint8Array.of(1))
  await world.until(() => a.applied.length === 1)
  const [b, c] = [await world.open('b'), await world.open('c')]
  await world.until(() => [b, c].every(({ replica }) => replica.status().rung === 'voter'))
  await world.until(() => [b, c].every(({ applied }) => applied.length === 1))
  for (const { restored } of [b, c]) expect(restored).toEqual([state])
  expect(b.replica.digest(1e6)).toEqual(a.replica.digest(1e6))
})

test('[AR3] it is there again after a restart, and goes on', async () => {
  const world = createMemoryWorld()
  await world.foundFrom('a', state)
  const before = await world.open('a')
  await world.until(() => before.replica.status().rung === 'leader')
  const { group } = before.replica
  before.replica.closeNow()
  const again = await world.open('a')
  await world.until(() => again.replica.status().rung === 'leader')
  expect(again.replica.group).toBe(group)
  expect(again.restored).toEqual([state])
})

test('[AR4] a store that is in a group already stays in it', async () => {
  const world = createMemoryWorld()
  const a = await world.open('a')
  a.replica.found('0123456789abcdef'.repeat(2))
  await world.until(() => a.replica.status().phase === 'ready')
  const { group } = a.replica
  a.replica.closeNow()
  expect(await world.foundFrom('a', state)).toBe(false)
  const again = await world.open('a')
  expect(again.replica.group).toBe(group)
  expect(again.restored).toEqual([])
})
