import { expect, test } from 'vitest'
import { StorageError, Superseded } from '../base/errors.ts'
import type { MemoryNode, MemoryWorld } from '../testing/memory-world.ts'
import { createMemoryWorld } from '../testing/memory-world.ts'
import { memoryStorage } from '../storage/memory-storage.ts'
import { refoundStore } from './refound-store.ts'

const cut = ({ hub }: MemoryWorld, one: MemoryNode, others: readonly MemoryNode[]): void => {
  for (const { id } of others) hub.setLink(one.id, id, 'down')
}

const heal = ({ hub }: MemoryWorld, one: MemoryNode, others: readonly MemoryNode[]): void => {
  for (const { id } of others) hub.setLink(one.id, id, 'up')
}

const isReady = ({ replica }: MemoryNode): boolean => replica.status().phase === 'ready'

async function decide(world: MemoryWorld, node: MemoryNode, ...bytes: number[]): Promise<void> {
  const wanted = node.applied.length + bytes.length
  for (const byte of bytes) node.replica.propose(Uint8Array.of(byte))
  await world.until(() => node.applied.length >= wanted)
}

const commandsOf = ({ applied }: MemoryNode): readonly number[] =>
  applied.map(({ command }) => command[0] ?? -1)

/** Three voters that decided 1, 2 and 3, of whom c is cut off. */
async function parted(): Promise<{
  readonly world: MemoryWorld
  readonly nodes: readonly [MemoryNode, MemoryNode, MemoryNode]
}> {
  const world = createMemoryWorld()
  const [a, b, c] = await world.form('a', 'b', 'c')
  if (a === undefined || b === undefined || c === undefined) throw new Error('three')
  await decide(world, a, 1, 2, 3)
  await world.until(() => c.applied.length === 3)
  cut(world, c, [a, b])
  await world.until(() => !isReady(c))
  return { world, nodes: [a, b, c] }
}

/** The group goes on from c, under the same name. */
async function begunAnew(world: MemoryWorld, c: MemoryNode): Promise<MemoryNode> {
  c.replica.closeNow()
  await c.disk.close()
  await world.refound('c')
  const again = await world.open('c')
  await world.until(() => isReady(again))
  return again
}

const supersededIn = ({ replica }: MemoryNode): Superseded | undefined =>
  replica.lifecycle.state === 'halted' && replica.lifecycle.error instanceof Superseded
    ? replica.lifecycle.error
    : undefined

test('[RF1] one survivor goes on with the same group and log, and others can join', async () => {
  const { world, nodes } = await parted()
  const [a, b, c] = nodes
  cut(world, a, [b])
  const before = c.replica.status()
  const again = await begunAnew(world, c)
  expect(again.replica.status()).toMatchObject({
    ...{ self: c.id, group: before.group, epoch: 1, rung: 'leader', votersNeeded: 1 },
  })
  expect(commandsOf(again)).toEqual([1, 2, 3])
  for (const { id } of [a, b]) world.hub.setLink(id, again.id, 'down')
  await decide(world, again, 4)
  const d = await world.open('d')
  for (const { id } of [a, b]) world.hub.setLink(id, d.id, 'down')
  await world.until(() => d.applied.length === 4)
  expect(d.replica.status()).toMatchObject({ group: before.group, epoch: 1 })
  expect(commandsOf(d)).toEqual([1, 2, 3, 4])
})

test('[RF2] whoever comes back without a majority falls silent, and knows that it loses nothing', async () => {
  const { world, nodes } = await parted()
  const [a, b, c] = nodes
  cut(world, a, [b])
  await world.until(() => !isReady(a))
  const again = await begunAnew(world, c)
  await decide(world, again, 4)
  heal(world, again, [a])
  await world.until(() => supersededIn(a) !== undefined)
  expect(supersededIn(a)?.covered).toBe(true)
  const sent = a.replica.figures().framesSent
  await world.clock.advance(5000)
  expect(a.replica.figures().framesSent).toBe(sent)
  expect(isReady(again)).toBe(true)
  await a.disk.close()
  await world.renew('a')
  const joined = await world.open('a')
  world.hub.setLink(b.id, joined.id, 'down')
  expect(joined.id).not.toBe(a.id)
  await world.until(() => joined.applied.length === 4)
})

test('[RF2] whoever holds more than the copy that was taken knows it', async () => {
  const { world, nodes } = await parted()
  const [a, b, c] = nodes
  await decide(world, a, 4)
  cut(world, a, [b])
  await world.until(() => !isReady(a))
  const again = await begunAnew(world, c)
  heal(world, again, [a])
  await world.until(() => supersededIn(a) !== undefined)
  expect(supersededIn(a)?.covered).toBe(false)
})

test('[RF3] a majority that was alive after all goes on, and both sides are told', async () => {
  const { world, nodes } = await parted()
  const [a, b, c] = nodes
  const again = await begunAnew(world, c)
  heal(world, again, [a, b])
  const told = ({ events }: MemoryNode): boolean =>
    events.some(({ type }) => type === 'roomConflict')
  await world.until(() => told(again) && (told(a) || told(b)))
  await decide(world, a, 5)
  await decide(world, again, 6)
  expect(commandsOf(a)).toEqual([1, 2, 3, 5])
  expect(commandsOf(again)).toEqual([1, 2, 3, 6])
  expect([a, b, again].map(supersededIn)).toEqual([undefined, undefined, undefined])
})

test('[RF4] who has the better copy is named', async () => {
  const { world, nodes } = await parted()
  const [a, b, c] = nodes
  await decide(world, a, 4)
  cut(world, b, [a])
  b.replica.closeNow()
  heal(world, c, [a])
  await world.until(() => c.replica.status().peers.some(({ id }) => id === a.id))
  // Two of three decide again: so the better copy shows only until c has caught up.
  const seen = new Set([c.replica.status().betterCopy])
  await world.until(() => c.applied.length === 4)
  expect(seen).toContain(a.id)
  await world.until(() => c.replica.status().betterCopy === undefined)
})

test('[RF1] a store without a group cannot begin one anew, and stays as it is', async () => {
  const disk = await memoryStorage()('x')
  await expect(refoundStore(disk, (length) => new Uint8Array(length))).rejects.toThrow(StorageError)
  expect(await disk.load()).toEqual([])
})
