import { describe, expect, it } from 'vitest'
import type { MemoryNode, MemoryWorld } from '../testing/memory-world.ts'
import { createMemoryWorld } from '../testing/memory-world.ts'
import { readsMax } from '../protocol/limits.ts'
import { manualClock, settled } from '../testing/manual-clock.ts'
import type { Consistency, Readable } from './reading.ts'
import { Reading } from './reading.ts'

const patienceMs = 5000

async function threeOf(
  world: MemoryWorld,
): Promise<readonly [leader: MemoryNode, one: MemoryNode, other: MemoryNode]> {
  const nodes = await world.form('a', 'b', 'c')
  const leader = nodes.find(({ replica }) => replica.status().rung === 'leader')
  const [one, other] = nodes.filter((node) => node !== leader)
  if (leader === undefined || one === undefined || other === undefined) throw new Error('nobody')
  return [leader, one, other]
}

/** What a read ends with, and how many commands were applied then. */
async function readAt(
  { replica, applied }: MemoryNode,
  consistency: Consistency = 'linearizable',
): Promise<readonly [Readable, number]> {
  const end = await replica.read(consistency, patienceMs).done
  return [end, applied.length]
}

async function decide(world: MemoryWorld, node: MemoryNode): Promise<void> {
  const before = node.applied.length
  node.replica.propose(Uint8Array.of(1))
  await world.until(() => node.applied.length > before)
}

async function known<T>(world: MemoryWorld, promise: Promise<T>): Promise<T> {
  let done = false
  void promise.then(() => (done = true))
  await world.until(() => done)
  return promise
}

describe('a read', () => {
  it('[RR1] on any replica holds what was decided before it began', async () => {
    const world = createMemoryWorld()
    const nodes = await threeOf(world)
    for (const node of nodes) {
      await decide(world, nodes[1])
      const told = nodes[1].applied.length
      const [end, seen] = await known(world, readAt(node))
      expect(end).toEqual({ ok: true })
      expect(seen).toBeGreaterThanOrEqual(told)
    }
  })

  it('[RR1] is not answered by a leader that others have replaced behind its back', async () => {
    const world = createMemoryWorld()
    const [leader, one, other] = await threeOf(world)
    world.hub.loseWhen(({ from, to }) => from === leader.id || to === leader.id)
    const stale = readAt(leader)
    await world.until(() => [one, other].some(({ replica }) => replica.status().rung === 'leader'))
    await decide(world, one)
    const told = one.applied.length
    const late = known(world, readAt(leader))
    world.hub.loseWhen()
    expect((await known(world, stale))[0]).toEqual({ ok: true })
    const [end, seen] = await late
    expect(end.ok ? seen : told).toBeGreaterThanOrEqual(told)
  })

  it('[RR2] says that time ran out where no majority answers, and a local one answers still', async () => {
    const world = createMemoryWorld()
    const [leader, one, other] = await threeOf(world)
    one.replica.closeNow()
    other.replica.closeNow()
    expect((await known(world, readAt(leader)))[0]).toEqual({ ok: false, why: 'timeout' })
    expect(await readAt(leader, 'local')).toEqual([{ ok: true }, leader.applied.length])
  })

  it('[RR2] ends when the caller gives up, and when the replica does', async () => {
    const world = createMemoryWorld()
    const alone = await world.open('a')
    const given = alone.replica.read('linearizable', patienceMs)
    given.cancel()
    expect(await given.done).toEqual({ ok: false, why: 'aborted' })
    const open = alone.replica.read('linearizable', patienceMs)
    alone.replica.closeNow()
    expect(await open.done).toEqual({ ok: false, why: 'closed' })
    const late = alone.replica.read('linearizable', patienceMs)
    expect(await late.done).toEqual({ ok: false, why: 'closed' })
    expect(await alone.replica.read('local', patienceMs).done).toEqual({ ok: true })
  })

  it('[RR3] of bounded age asks nobody while a majority’s word is young enough', async () => {
    const world = createMemoryWorld()
    const [, one] = await threeOf(world)
    await known(world, readAt(one))
    world.hub.loseWhen(() => true)
    expect((await readAt(one, { maxAgeMs: 10_000 }))[0]).toEqual({ ok: true })
    await world.clock.advance(2000)
    const old = known(world, readAt(one, { maxAgeMs: 1000 }))
    expect((await old)[0]).toEqual({ ok: false, why: 'timeout' })
  })

  it('[RR4] of the session holds what this store had applied before it was closed', async () => {
    const world = createMemoryWorld()
    const names = ['a', 'b', 'c']
    const nodes = await world.form(...names)
    const at = nodes.findIndex(({ replica }) => replica.status().rung !== 'leader')
    const one = nodes[at]
    if (one === undefined) throw new Error('nobody')
    for (let count = 0; count < 5; count += 1) await decide(world, one)
    const seen = one.applied.length
    one.replica.closeNow()
    const again = await world.open(names[at] ?? '')
    const read = readAt(again, 'session')
    expect(again.applied.length).toBeLessThan(seen)
    const [end, then] = await known(world, read)
    expect(end).toEqual({ ok: true })
    expect(then).toBeGreaterThanOrEqual(seen)
  })

  it('[RR5] that is one too many is refused', async () => {
    const clock = manualClock()
    const reading = new Reading(clock, () => true)
    for (let count = 0; count < readsMax; count += 1) reading.begin('linearizable', patienceMs)
    expect(await reading.begin('linearizable', patienceMs).done).toEqual({
      ok: false,
      why: 'overloaded',
    })
    await settled()
  })
})
