import { expect, test } from 'vitest'
import type { MemoryNode, MemoryNodeOptions, MemoryWorld } from '../testing/memory-world.ts'
import { createMemoryWorld } from '../testing/memory-world.ts'

const nonce = '1'.repeat(32)
const logBytes = 32 * 1024
/** It keeps what it is given unread. */
const unread: MemoryNodeOptions = { logBytes, snapshot: () => undefined }
const read: MemoryNodeOptions = { logBytes, versions: [1] }

async function pair(world: MemoryWorld, first: MemoryNodeOptions, second: MemoryNodeOptions) {
  const founder = await world.open('a', first)
  founder.replica.found(nonce)
  const other = await world.open('b', second)
  await world.until(() => other.replica.status().rung === 'standby')
  return { founder, other }
}

async function decide(world: MemoryWorld, { replica }: MemoryNode, count: number): Promise<void> {
  const wanted = replica.status().decidedEnd + count
  for (let at = 0; at < count; at += 1) {
    replica.propose(new Uint8Array(200).fill(at))
    if (at % 50 === 49) await world.clock.advance(100)
  }
  await world.until(() => replica.status().decidedEnd >= wanted)
}

const weightOf = async ({ disk }: MemoryNode): Promise<number> =>
  (await disk.load()).reduce((sum, { length }) => sum + length, 0)

test('[SN13] a store without a machine keeps its log short beside one that has it, for 5,000 entries, and starts again from that', async () => {
  const world = createMemoryWorld()
  const { founder, other: keeper } = await pair(world, read, unread)
  const weights: number[] = []
  for (let round = 0; round < 10; round += 1) {
    await decide(world, founder, 500)
    weights.push(await weightOf(keeper))
  }
  // A snapshot of some hundred bytes, and the log from the one before.
  for (const weight of weights) expect(weight).toBeLessThan(3 * logBytes)
  const { decidedEnd: end } = founder.replica.status()
  expect(end).toBeGreaterThan(5000)
  await world.until(() => keeper.replica.status().decidedEnd >= end)
  const digest = founder.replica.digest(end)
  expect(keeper.replica.digest(end)).toEqual(digest)
  expect(keeper.restored).toEqual([])

  keeper.replica.closeNow()
  const again = await world.open('b', unread)
  await world.until(() => again.replica.status().phase === 'ready')
  expect(again.restored).toHaveLength(1)
  expect(again.replica.digest(end)).toEqual(digest)
  await decide(world, again, 10)
  expect(again.replica.lifecycle.state).toBe('running')
})

test('[SN13] one that leads does, too; alone it keeps its log whole, and decides', async () => {
  const world = createMemoryWorld()
  const keeper = await world.open('a', unread)
  keeper.replica.found(nonce)
  await world.until(() => keeper.replica.status().phase === 'ready')
  await decide(world, keeper, 400)
  const alone = await weightOf(keeper)
  expect(alone).toBeGreaterThan(logBytes / 2)
  expect(keeper.replica.decided(0, 1)).toHaveLength(1)
  const member = await world.open('b', read)
  await world.until(() => member.replica.status().rung === 'standby')
  await decide(world, keeper, 1000)
  await world.until(() => keeper.replica.decided(0, 1).length === 0)
  expect(keeper.replica.status().rung).toBe('leader')
  // What it has now is what it gives to whoever comes.
  member.replica.closeNow()
  const late = await world.open('c', read)
  await world.until(() => late.replica.status().rung === 'standby')
  expect(late.restored).toHaveLength(1)
  const { decidedEnd: end } = keeper.replica.status()
  expect(late.replica.digest(end)).toEqual(keeper.replica.digest(end))
})
