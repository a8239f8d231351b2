import { expect, test } from 'vitest'
import type { MemoryNode, MemoryNodeOptions, MemoryWorld } from '../testing/memory-world.ts'
import { createMemoryWorld } from '../testing/memory-world.ts'
import { MachineDiverged } from '../base/errors.ts'
import { fingerprintEntries } from '../protocol/limits.ts'

const wrongSnapshot: MemoryNodeOptions = { snapshot: () => Uint8Array.of(255) }

/** Three voters; `wrong` is the place of the one whose machine comes to another state than the others'. */
async function groupOf(world: MemoryWorld, wrong: number): Promise<readonly MemoryNode[]> {
  const nodes: MemoryNode[] = []
  for (const [at, name] of ['a', 'b', 'c'].entries()) {
    nodes.push(await world.open(name, at === wrong ? wrongSnapshot : {}))
  }
  nodes[0]?.replica.found('0'.repeat(32))
  await world.until(() =>
    nodes.every(({ replica }) => {
      const { phase, voters } = replica.status()
      return phase === 'ready' && voters.length === 3
    }),
  )
  return nodes
}

function decideMany({ replica }: MemoryNode, count = fingerprintEntries): void {
  for (let each = 0; each < count; each += 1) replica.propose(Uint8Array.of(each & 255))
}

const halted = (nodes: readonly MemoryNode[]): readonly boolean[] =>
  nodes.map(({ replica }) => replica.lifecycle.state === 'halted')

test.each([
  ['the leader', 0],
  ['a follower', 1],
])(
  '[FP1] %s whose state is another than that of the others halts and says why',
  async (_, wrong) => {
    const world = createMemoryWorld()
    const nodes = await groupOf(world, wrong)
    decideMany(nodes[2] ?? fail())
    await world.until(() => halted(nodes).includes(true))
    await world.clock.advance(5000)
    expect(halted(nodes)).toEqual([0, 1, 2].map((at) => at === wrong))
    const { lifecycle } = (nodes[wrong] ?? fail()).replica
    const error = lifecycle.state === 'halted' ? lifecycle.error : undefined
    expect(error).toBeInstanceOf(MachineDiverged)
    expect(error?.message).toContain('not deterministic')
  },
)

test('[FP2] states that are the same are never an offence, also of one that replays its log', async () => {
  const world = createMemoryWorld()
  const nodes = await groupOf(world, -1)
  decideMany(nodes[1] ?? fail(), 2 * fingerprintEntries)
  await world.until(() => nodes.every(({ applied }) => applied.length === 2 * fingerprintEntries))
  nodes[2]?.replica.closeNow()
  const again = await world.open('c')
  await world.until(() => again.applied.length === 2 * fingerprintEntries)
  await world.clock.advance(5000)
  expect(halted([...nodes.slice(0, 2), again])).toEqual([false, false, false])
})

test('[FP2] where every state is another one nobody has a majority, and nobody halts', async () => {
  const world = createMemoryWorld()
  const nodes: MemoryNode[] = []
  for (const [at, name] of ['a', 'b', 'c'].entries()) {
    nodes.push(await world.open(name, { snapshot: () => Uint8Array.of(at) }))
  }
  nodes[0]?.replica.found('0'.repeat(32))
  await world.until(() => nodes.every(({ replica }) => replica.status().voters.length === 3))
  decideMany(nodes[2] ?? fail())
  await world.until(() => nodes.every(({ applied }) => applied.length === fingerprintEntries))
  await world.clock.advance(5000)
  expect(halted(nodes)).toEqual([false, false, false])
})

function fail(): never {
  throw new Error('nobody')
}
