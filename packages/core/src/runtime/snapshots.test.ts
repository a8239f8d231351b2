import { expect, test } from 'vitest'
import { createEntriesCodec } from '../codec/entries-codec.ts'
import { readJournal } from '../codec/journal.ts'
import type { MemoryNode, MemoryWorld } from '../testing/memory-world.ts'
import { createMemoryWorld } from '../testing/memory-world.ts'
import { digestOf } from './digest.ts'

const logBytes = 4096
const nonce = '1'.repeat(32)

async function founded(world: MemoryWorld): Promise<MemoryNode> {
  const node = await world.open('a', { logBytes })
  node.replica.found(nonce)
  await world.until(() => node.replica.status().phase === 'ready')
  return node
}

async function decide(world: MemoryWorld, { replica, applied }: MemoryNode, count: number) {
  const wanted = applied.length + count
  for (let at = 0; at < count; at += 1) {
    replica.propose(Uint8Array.of(at & 255))
    if (at % 10 === 9) await world.clock.advance(50)
  }
  await world.until(() => applied.length >= wanted)
}

const journalOf = async ({ disk }: MemoryNode) => {
  const read = readJournal(await disk.load(), createEntriesCodec())
  if (read === undefined || 'why' in read) throw new Error('the journal can be read')
  return read
}

const weightOf = async ({ disk }: MemoryNode): Promise<number> =>
  (await disk.load()).reduce((sum, { length }) => sum + length, 0)

test('[SN2] [SN12] however much is decided, a disk holds a snapshot and the log from the one before', async () => {
  const world = createMemoryWorld()
  const node = await founded(world)
  const weights: number[] = []
  for (let round = 0; round < 6; round += 1) {
    await decide(world, node, 100)
    weights.push(await weightOf(node))
  }
  // Twice the log that is let grow, and the snapshot.
  for (const weight of weights) expect(weight).toBeLessThan(2 * logBytes + 2000)
  const { compacted, decidedEnd, entries } = await journalOf(node)
  const { base = 0, snapshot } = compacted ?? {}
  expect(base).toBeGreaterThan(400)
  expect(snapshot?.head.end).toBeGreaterThan(base)
  expect(base + entries.length).toBeGreaterThanOrEqual(decidedEnd)
  const { decidedEnd: end } = node.replica.status()
  expect(node.replica.decided(0, Infinity)).toHaveLength(end - base)
})

test('[SN3] a restart gives the application the snapshot and what was decided since, and goes on', async () => {
  const world = createMemoryWorld()
  const node = await founded(world)
  await decide(world, node, 200)
  const { snapshot } = (await journalOf(node)).compacted ?? {}
  const digest = node.replica.digest(Infinity)
  node.replica.closeNow()
  const again = await world.open('a', { logBytes })
  await world.until(() => again.replica.status().phase === 'ready')
  expect(again.restored).toEqual([snapshot?.state])
  expect(again.applied[0]?.index).toBeGreaterThanOrEqual(snapshot?.head.end ?? Infinity)
  expect(again.applied.at(-1)?.index).toBe(node.applied.at(-1)?.index)
  expect(again.replica.digest(digest.end)).toEqual(digest)
  await decide(world, again, 100)
  expect(again.replica.lifecycle.state).toBe('running')
})

test('[SN4] [SN11] a newcomer to a long-lived group gets a snapshot, not the history, and agrees', async () => {
  const world = createMemoryWorld()
  const node = await founded(world)
  await decide(world, node, 300)
  const { kinds: before } = node.replica.figures()
  const other = await world.open('b', { logBytes })
  await world.until(() => other.replica.status().decidedEnd >= node.replica.status().decidedEnd)
  expect(other.restored).toHaveLength(1)
  expect(other.applied.length).toBeLessThan(100)
  const { kinds } = node.replica.figures()
  expect(before['snapshotPiece']).toBeUndefined()
  expect(kinds['snapshotPiece']?.sent).toBeGreaterThan(0)
  expect(other.problems.filter(({ type }) => type === 'badFrame')).toEqual([])
  const { decidedEnd } = node.replica.status()
  expect(other.replica.digest(decidedEnd)).toEqual(node.replica.digest(decidedEnd))
  expect(node.replica.digest(decidedEnd).commands).toBe(300)
})

test('[SN11] a digest is the same over entries that are there and over those that are summed up', async () => {
  const world = createMemoryWorld()
  const node = await founded(world)
  await decide(world, node, 30)
  const entries = node.replica.decided(0, Infinity)
  const codec = createEntriesCodec()
  await decide(world, node, 200)
  const known = (await journalOf(node)).compacted?.snapshot
  const digest = node.replica.digest(known?.head.end ?? 0)
  expect(digest).toEqual({
    ...{ end: known?.head.end, commands: known?.head.commands, hash: known?.head.digest },
  })
  // Below what it still has, it says how far its answer reaches.
  expect(node.replica.digest(10).end).toBeGreaterThan(10)
  const [one, both] = [digestOf(entries.slice(0, 20), codec), digestOf(entries, codec)]
  expect(one.hash).not.toBe(both.hash)
})

test('[SN10] a snapshot on a disk that is not what was stored is damage, and said', async () => {
  const world = createMemoryWorld()
  const node = await founded(world)
  await decide(world, node, 200)
  const records = (await node.disk.load()).map((record) => record.slice())
  const [first] = records
  first?.set([(first[60] ?? 0) ^ 1], 60)
  const read = readJournal(records, createEntriesCodec())
  expect(read).toMatchObject({ why: 'wrong checksum' })
})

test('[SN9] a command that is summed up before its result is known here ends as unknown', async () => {
  const world = createMemoryWorld()
  const node = await founded(world)
  const other = await world.open('b', { logBytes })
  await world.until(() => other.replica.status().phase === 'ready')
  world.hub.loseWhen(({ to }) => to === other.id)
  const proposed = other.replica.propose(Uint8Array.of(1))
  if (!proposed.ok) throw new Error('it is taken')
  const fates: unknown[] = []
  void proposed.fate.then((fate) => fates.push(fate))
  await decide(world, node, 300)
  expect(node.applied.filter(({ author }) => author === other.id)).toHaveLength(1)
  world.hub.loseWhen()
  await world.until(() => fates.length > 0)
  expect(fates).toEqual([{ kind: 'unknown', why: 'overtaken' }])
  expect(other.restored).toHaveLength(1)
})
