import { describe, expect, it } from 'vitest'
import type { MemoryNode, MemoryWorld } from '../testing/memory-world.ts'
import { createMemoryWorld } from '../testing/memory-world.ts'
import { settled } from '../testing/manual-clock.ts'
import type { Fate } from './outstanding.ts'

const bytes = (...values: readonly number[]): Uint8Array => Uint8Array.from(values)

/** Proposes, and expects that it is taken. */
function propose(node: MemoryNode, ...values: readonly number[]): Promise<Fate<number>> {
  const proposed = node.replica.propose(bytes(...values))
  if (!proposed.ok) throw new Error(`not taken: ${proposed.reason}`)
  return proposed.fate
}

async function threeOf(
  world: MemoryWorld,
): Promise<readonly [leader: MemoryNode, one: MemoryNode, other: MemoryNode]> {
  const nodes = await world.form('a', 'b', 'c')
  const leader = nodes.find(({ replica }) => replica.status().rung === 'leader')
  const [one, other] = nodes.filter((node) => node !== leader)
  if (leader === undefined || one === undefined || other === undefined) throw new Error('nobody')
  return [leader, one, other]
}

const commandsOf = ({ applied }: MemoryNode): readonly string[] =>
  applied.map(({ command }) => command.join('.'))

const lifecycleOf = ({ replica }: MemoryNode): string => replica.lifecycle.state

describe('a group of replicas', () => {
  it('[RT1] one alone founds, decides and tells the proposer where and with what result', async () => {
    const world = createMemoryWorld()
    const [alone] = await world.form('a')
    if (alone === undefined) throw new Error('nobody')
    const fates = [propose(alone, 1), propose(alone, 2)]
    await world.until(() => alone.applied.length === 2)
    const [first, second] = await Promise.all(fates)
    expect(first).toMatchObject({ kind: 'decided' })
    const at = first?.kind === 'decided' ? first.index : -1
    expect(first).toEqual({ kind: 'decided', index: at, result: at })
    expect(second).toEqual({ kind: 'decided', index: at + 1, result: at + 1 })
    expect(commandsOf(alone)).toEqual(['1', '2'])
    expect(alone.replica.group).toMatch(/^[0-9a-f]{64}$/)
  })

  it('[RT2] three agree on what all of them propose at once: the same bytes, each command once', async () => {
    const world = createMemoryWorld()
    const nodes = await threeOf(world)
    const count = 40
    const fates: Promise<Fate<number>>[] = []
    for (let at = 0; at < count; at += 1) {
      for (const [which, node] of nodes.entries()) fates.push(propose(node, which, at))
      if (at % 7 === 0) await settled()
    }
    await world.until(() => nodes.every(({ applied }) => applied.length === 3 * count))
    const [first, ...others] = nodes
    for (const other of others) {
      expect(other.applied).toEqual(first.applied)
      expect(other.replica.digest(Infinity)).toEqual(first.replica.digest(Infinity))
    }
    expect(new Set(commandsOf(first)).size).toBe(3 * count)
    for (const which of [0, 1, 2]) {
      const own = commandsOf(first).filter((command) => command.startsWith(`${which}.`))
      expect(own).toEqual(Array.from({ length: count }, (_, at) => `${which}.${at}`))
    }
    const indices = (await Promise.all(fates)).map((fate) =>
      fate.kind === 'decided' ? fate.index : -1,
    )
    expect(new Set(indices)).toEqual(new Set(first.applied.map(({ index }) => index)))
  })

  it('[RT2] messages that get lost delay the group, and change nothing', async () => {
    const world = createMemoryWorld()
    const nodes = await threeOf(world)
    let passing = 0
    world.hub.loseWhen(() => (passing += 1) % 5 === 0)
    const fates = nodes.flatMap((node, which) =>
      Array.from({ length: 20 }, (_, at) => propose(node, which, at)),
    )
    await world.until(() => nodes.every(({ applied }) => applied.length === 60))
    world.hub.loseWhen()
    expect((await Promise.all(fates)).every(({ kind }) => kind === 'decided')).toBe(true)
    const digests = nodes.map(({ replica }) => replica.digest(60).hash)
    expect(new Set(digests).size).toBe(1)
  })

  it('[RT18] a digest is of a prefix, whatever the batches, and counts each command once', async () => {
    const world = createMemoryWorld()
    const [leader, one] = await threeOf(world)
    for (const at of [1, 2, 3]) void propose(one, at)
    await world.until(() => leader.applied.length === 3 && one.applied.length === 3)
    const { decidedEnd } = leader.replica.status()
    const all = leader.replica.digest(decidedEnd)
    expect(all).toMatchObject({ end: decidedEnd, commands: 3 })
    expect(all.hash).toMatch(/^[0-9a-f]{64}$/)
    expect(leader.replica.digest(decidedEnd + 100)).toEqual(all)
    const shorter = leader.replica.digest(decidedEnd - 1)
    expect(shorter).toMatchObject({ end: decidedEnd - 1, commands: 2 })
    expect(shorter.hash).not.toBe(all.hash)
    expect(one.replica.digest(decidedEnd - 1)).toEqual(shorter)
    expect(leader.replica.decided(0, Infinity)).toHaveLength(decidedEnd)
    expect(leader.replica.decided(decidedEnd - 1, decidedEnd)[0]?.kind).toBe('command')
  })
})

describe('a page that stands still', () => {
  it('[FD13] says so before: a leader hands over and leads no more when the call returns', async () => {
    const world = createMemoryWorld()
    const [leader, one, other] = await threeOf(world)
    leader.replica.freeze()
    expect(leader.replica.status().rung).toBe('voter')
    expect(leader.replica.figures().kinds['takeOver']?.sent).toBe(1)
    await world.until(() => [one, other].some(({ replica }) => replica.status().rung === 'leader'))
    void propose(one, 7)
    await world.until(() => [leader, one, other].every(({ applied }) => applied.length === 1))
  })
})

describe('the fate of a proposal', () => {
  it('[RT5] that no leader was handed is withdrawn at the end', async () => {
    const world = createMemoryWorld()
    const node = await world.open('a')
    const fate = propose(node, 1)
    await world.clock.advance(500)
    node.replica.closeNow()
    expect(await fate).toEqual({ kind: 'withdrawn' })
  })

  it('[RT5] that a leader was handed is unknown at the end', async () => {
    const world = createMemoryWorld()
    const [leader, one] = await threeOf(world)
    world.hub.loseWhen(({ to }) => to === leader.id)
    const fate = propose(one, 1)
    await settled()
    one.replica.closeNow()
    expect(await fate).toEqual({ kind: 'unknown', why: 'closed' })
  })

  it('[RT5] that others decided while our disk was slow is unknown, never withdrawn', async () => {
    const world = createMemoryWorld()
    const [leader, one, other] = await threeOf(world)
    leader.disk.breakNext('hang')
    const fate = propose(leader, 7)
    await world.until(() => one.applied.length === 1 && other.applied.length === 1)
    expect(leader.applied).toEqual([])
    leader.replica.closeNow()
    expect(await fate).toEqual({ kind: 'unknown', why: 'closed' })
    expect(commandsOf(one)).toEqual(['7'])
  })

  it('[RT17] it can be taken back until a leader is handed it, and not later', async () => {
    const world = createMemoryWorld()
    const node = await world.open('a')
    const early = node.replica.propose(bytes(1))
    const late = node.replica.propose(bytes(2))
    if (!early.ok || !late.ok) throw new Error('not taken')
    node.replica.withdraw(early.seq)
    await settled()
    expect(await early.fate).toEqual({ kind: 'withdrawn' })
    node.replica.found('0'.repeat(32))
    await world.until(() => node.applied.length === 1)
    node.replica.withdraw(late.seq)
    await settled()
    expect(await late.fate).toMatchObject({ kind: 'decided' })
    expect(commandsOf(node)).toEqual(['2'])
  })

  it('[RT5] survives the loss of the leader it was handed to', async () => {
    const world = createMemoryWorld()
    const [leader, one, other] = await threeOf(world)
    // The leader takes it, and is gone before it has told anybody.
    world.hub.loseWhen(({ from }) => from === leader.id)
    const fate = propose(one, 9)
    await settled()
    leader.replica.closeNow()
    world.hub.loseWhen()
    await world.until(() => one.applied.length === 1 && other.applied.length === 1)
    expect(await fate).toMatchObject({ kind: 'decided' })
  })
})

describe('closing', () => {
  it('[RT8] says good-bye in the same call, hands over, and is silent afterwards', async () => {
    const world = createMemoryWorld()
    const [leader, one, other] = await threeOf(world)
    let sent = 0
    world.hub.loseWhen(({ from }) => {
      if (from === leader.id) sent += 1
      return false
    })
    leader.replica.closeNow()
    const inTheCall = sent
    expect(inTheCall).toBeGreaterThan(2)
    expect(lifecycleOf(leader)).toBe('closed')
    const before = world.clock.now()
    await world.until(() =>
      [one, other].some(
        ({ replica }) => replica.status().rung === 'leader' && replica.status().phase === 'ready',
      ),
    )
    // Far below what suspicion takes.
    expect(world.clock.now() - before).toBeLessThanOrEqual(600)
    leader.replica.closeNow()
    leader.replica.setHidden(true)
    await world.clock.advance(2000)
    expect(sent).toBe(inTheCall)
    void propose(one, 1)
    await world.until(() => other.applied.length === 1)
    expect(leader.applied).toEqual([])
  })

  it('[RT8] what was proposed in the same turn still leaves', async () => {
    const world = createMemoryWorld()
    const [leader, one, other] = await threeOf(world)
    const fate = propose(one, 5)
    one.replica.closeNow()
    expect(await fate).toEqual({ kind: 'unknown', why: 'closed' })
    await world.until(() => leader.applied.length === 1 && other.applied.length === 1)
    expect(commandsOf(other)).toEqual(['5'])
  })

  it('[RT19] from within the machine stops there: nothing is applied twice, early or after', async () => {
    const world = createMemoryWorld()
    const nodes: MemoryNode[] = []
    const node = await world.open('a', {
      onApply: ({ command: [first] }) => {
        if (first === 2) nodes[0]?.replica.closeNow()
      },
    })
    nodes.push(node)
    node.replica.found('0'.repeat(32))
    await world.until(() => node.replica.status().phase === 'ready')
    for (const at of [1, 2, 3, 4]) void propose(node, at)
    await world.clock.advance(1000)
    expect(commandsOf(node)).toEqual(['1', '2'])
    expect(lifecycleOf(node)).toBe('closed')
  })

  it('[RT9] a leaver loses its vote first, and is told so', async () => {
    const world = createMemoryWorld()
    const [leader, one, other] = await threeOf(world)
    for (const leaver of [one, leader]) {
      const left = leaver.replica.leave(20_000)
      await world.until(() => leaver.events.some(({ type }) => type === 'removed'))
      expect(await left).toBe(true)
      leaver.replica.closeNow()
    }
    await world.until(() => other.replica.status().rung === 'leader')
    expect(other.replica.status().voters).toEqual([other.id])
    void propose(other, 1)
    await world.until(() => other.applied.length === 1)
  })

  it('[RT9] a sleep of the machine is no waiting: the answer may come after it', async () => {
    const world = createMemoryWorld()
    const [, leaver] = await threeOf(world)
    const left = leaver.replica.leave(5000)
    await world.clock.sleep(60_000)
    await world.until(() => leaver.events.some(({ type }) => type === 'removed'))
    expect(await left).toBe(true)
  })

  it('[RT9] who is not let go in time is told so, and so is who is closed meanwhile', async () => {
    const world = createMemoryWorld()
    const [, one, other] = await threeOf(world)
    world.hub.loseWhen(() => true)
    const [late, closed] = [one.replica.leave(1000), other.replica.leave(60_000)]
    other.replica.closeNow()
    await world.clock.advance(1500)
    expect(await Promise.all([late, closed])).toEqual([false, false])
    expect(await other.replica.leave(1000)).toBe(false)
  })
})
