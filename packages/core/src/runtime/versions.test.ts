import { expect, test } from 'vitest'
import type { MachineVersionMissing } from '../base/errors.ts'
import { fingerprintEntries } from '../protocol/limits.ts'
import type { MemoryNode, MemoryNodeOptions, MemoryWorld } from '../testing/memory-world.ts'
import { createMemoryWorld } from '../testing/memory-world.ts'

const old: MemoryNodeOptions = { versions: [1] }
const both: MemoryNodeOptions = { versions: [1, 2] }
const late: MemoryNodeOptions = { versions: [2] }

const nonce = '0123456789abcdef'.repeat(2)

type Trio = readonly [MemoryNode, MemoryNode, MemoryNode]

/** Three voters, all with yesterday's page. */
async function formed(world: MemoryWorld): Promise<Trio> {
  const [a, b, c] = await Promise.all(['a', 'b', 'c'].map((name) => world.open(name, old)))
  if (a === undefined || b === undefined || c === undefined) throw new Error('three of them')
  a.replica.found(nonce)
  await world.until(() => [a, b, c].every((node) => isReady(node)))
  return [a, b, c]
}

const isReady = ({ replica }: MemoryNode): boolean => {
  const { phase, voters } = replica.status()
  return phase === 'ready' && voters.length === 3
}

const versionOf = ({ replica }: MemoryNode): number | undefined => replica.status().machine.version

const write = ({ replica }: MemoryNode, byte = 1): void => {
  replica.propose(Uint8Array.of(byte))
}

const missingIn = ({ events }: MemoryNode): readonly MachineVersionMissing[] =>
  events.flatMap((event) => (event.type === 'versionMissing' ? [event.error] : []))

test('[MV1] a group begins with the newest version of its founder, before its first command', async () => {
  const world = createMemoryWorld()
  const node = await world.open('a', both)
  write(node)
  node.replica.found(nonce)
  await world.until(() => node.applied.length === 1)
  const kinds = node.replica.decided(0, 10).map(({ kind }) => kind)
  expect(kinds.indexOf('machine')).toBeLessThan(kinds.indexOf('command'))
  expect([versionOf(node), node.raised]).toEqual([2, [2]])
})

async function reload(
  world: MemoryWorld,
  name: string,
  node: MemoryNode,
  page: MemoryNodeOptions,
): Promise<MemoryNode> {
  node.replica.closeNow()
  const again = await world.open(name, page)
  await world.until(() => isReady(again))
  return again
}

test('[MV1] [MV2] the version rises by itself once the last voter has reloaded an older page', async () => {
  const world = createMemoryWorld()
  const [a, b, c] = await formed(world)
  write(b)
  await world.until(() => c.applied.length === 1)
  const newB = await reload(world, 'b', b, both)
  const newC = await reload(world, 'c', c, both)
  await world.clock.advance(5000)
  expect([a, newB, newC].map(versionOf)).toEqual([1, 1, 1])
  expect(newB.replica.status().why).toContain('once another tab has reloaded an older page')
  expect(newB.replica.status().machine.waitsFor).toEqual([a.id])
  const newA = await reload(world, 'a', a, both)
  await world.until(() => [newA, newB, newC].every((node) => versionOf(node) === 2))
  await world.until(() => newB.raised.length === 2)
  expect(newB.raised).toEqual([1, 2])
  expect(newB.replica.status().why).toBeUndefined()
})

const isTold = (node: MemoryNode): boolean => missingIn(node).length > 0

/** A group at version 2, one of whose voters was away meanwhile, and has an older page. */
async function overslept(
  world: MemoryWorld,
  before?: (c: MemoryNode) => void,
  isAwake = isTold,
): Promise<Trio> {
  const [a, b, c] = await formed(world)
  const link = (state: 'up' | 'down'): void => {
    for (const { id } of [a, b]) world.hub.setLink(id, c.id, state)
  }
  link('down')
  const newB = await reload(world, 'b', b, both)
  link('down')
  const newA = await reload(world, 'a', a, both)
  link('down')
  await world.until(() => [newA, newB].every((node) => versionOf(node) === 2), 120_000)
  before?.(c)
  link('up')
  await world.until(() => isAwake(c))
  return [newA, newB, c]
}

test('[MV3] a page that lacks the version in force runs nothing more, says so, and goes on storing and voting', async () => {
  const world = createMemoryWorld()
  const [a, b, c] = await overslept(world)
  expect(missingIn(c)[0]).toMatchObject({ code: 'machine-version-missing', version: 2 })
  expect(c.replica.lifecycle.state).toBe('running')
  expect(c.replica.status()).toMatchObject({ machine: { version: 2, carried: [1], runs: false } })
  expect(c.replica.status().why).toContain('reload it')
  // Without its vote nothing could be decided now.
  b.replica.closeNow()
  write(a)
  await world.until(() => a.applied.length === 1)
  await world.until(() => c.replica.status().decidedEnd === a.replica.status().decidedEnd)
  expect(c.applied).toEqual([])
  c.replica.closeNow()
  const again = await world.open('c', both)
  await world.until(() => again.applied.length === 1)
})

test('[MV3] it asks for nothing that it could not tell the end of, and reads nothing but what it has', async () => {
  const world = createMemoryWorld()
  const [, , c] = await overslept(world)
  expect(c.replica.propose(Uint8Array.of(1))).toEqual({ ok: false, reason: 'version' })
  expect(await c.replica.read('linearizable', 1000).done).toEqual({ ok: false, why: 'version' })
  expect(await c.replica.read({ maxAgeMs: 1e9 }, 1000).done).toEqual({ ok: false, why: 'version' })
  expect(await c.replica.read('local', 1000).done).toEqual({ ok: true })
})

test('[MV3] nor in the moment in which it is known, and the disk does not have it yet', async () => {
  const world = createMemoryWorld()
  const [, , c] = await overslept(
    world,
    ({ disk }) => disk.breakNext('hang'),
    ({ disk, replica }) => {
      if (!replica.status().machine.runs) return true
      // One write after the other, until it is the one by which it learns.
      disk.release()
      disk.breakNext('hang')
      return false
    },
  )
  expect(missingIn(c)).toEqual([])
  expect(c.replica.propose(Uint8Array.of(1))).toEqual({ ok: false, reason: 'version' })
  c.disk.release()
  await world.until(() => missingIn(c).length > 0)
})

test('[MV3] what it had asked for before is decided like anything, and what came of it is not told', async () => {
  const world = createMemoryWorld()
  const fates: Promise<unknown>[] = []
  const [a] = await overslept(world, ({ replica }) => {
    const proposed = replica.propose(Uint8Array.of(7))
    if (proposed.ok) fates.push(proposed.fate)
  })
  await world.until(() => a.applied.length === 1)
  await world.clock.advance(1000)
  expect(await Promise.all(fates)).toEqual([{ kind: 'unknown', why: 'overtaken' }])
})

test('[MV3] it compares no states, and makes no snapshots', async () => {
  const world = createMemoryWorld()
  const [a, b, c] = await overslept(world)
  for (let each = 0; each < fingerprintEntries; each += 1) write(a, each & 255)
  await world.until(() => b.applied.length === fingerprintEntries)
  await world.clock.advance(5000)
  expect([a, b, c].map(({ replica }) => replica.lifecycle.state)).toEqual([
    'running',
    'running',
    'running',
  ])
})

test('[MV6] a page that does not carry the old version joins, and comes back, once the group has gone over', async () => {
  const world = createMemoryWorld()
  const [a, b, c] = await formed(world)
  write(a)
  await world.until(() => c.applied.length === 1)
  c.replica.closeNow()
  const newB = await reload(world, 'b', b, both)
  const newA = await reload(world, 'a', a, both)
  await world.until(() => [newA, newB].every((node) => versionOf(node) === 2), 120_000)
  write(newA, 2)
  await world.until(() => newB.applied.length === 2)
  const again = await world.open('c', late)
  const stranger = await world.open('d', late)
  await world.until(() => [again, stranger].every(({ applied }) => applied.length > 0))
  for (const node of [again, stranger]) {
    expect(node.restored.length).toBeGreaterThan(0)
    expect(node.replica.status().machine).toMatchObject({ version: 2, runs: true })
    expect(node.replica.propose(Uint8Array.of(3)).ok).toBe(true)
  }
})

test('[MV6] a page that does not carry the version in force any more says what its maker has to do', async () => {
  const world = createMemoryWorld()
  const [, , c] = await formed(world)
  const again = await reload(world, 'c', c, late)
  await world.until(() => missingIn(again).length > 0)
  expect(missingIn(again)[0]?.message).toContain('Add that machine to `previous`')
  expect(again.replica.status().why).toContain('has to add it to `previous`')
})
