import { expect, test } from 'vitest'
import { createEntriesCodec } from '../codec/entries-codec.ts'
import { createMessageCodec } from '../codec/message-codec.ts'
import { settled } from '../testing/manual-clock.ts'
import type { MemoryNode, MemoryWorld } from '../testing/memory-world.ts'
import { createMemoryWorld } from '../testing/memory-world.ts'
import type { Fate } from './outstanding.ts'

const seven = Uint8Array.of(7)
const sevens = ({ applied }: MemoryNode): number =>
  applied.filter(({ command }) => command[0] === 7).length

interface Scene {
  readonly world: MemoryWorld
  readonly nodes: readonly MemoryNode[]
  readonly leader: MemoryNode
  readonly author: MemoryNode
  /** Closes the author's page and opens it anew. */
  readonly reload: () => Promise<MemoryNode>
}

async function scene(): Promise<Scene> {
  const world = createMemoryWorld()
  const names = ['a', 'b', 'c']
  const nodes = await world.form(...names)
  const leader = nodes.find(({ replica }) => replica.status().rung === 'leader')
  const at = nodes.findIndex((node) => node !== leader)
  const [author, name] = [nodes[at], names[at]]
  if (leader === undefined || author === undefined || name === undefined) throw new Error('nobody')
  const reload = (): Promise<MemoryNode> => {
    author.replica.closeNow()
    world.hub.loseWhen()
    return world.open(name)
  }
  return { world, nodes, leader, author, reload }
}

const isPropose = (bytes: Uint8Array): boolean => {
  const decoded = createMessageCodec(createEntriesCodec()).decode(bytes)
  return decoded.ok && decoded.frame.message.type === 'propose'
}

function propose({ replica }: MemoryNode): Promise<Fate<number>> {
  const proposed = replica.propose(seven)
  if (!proposed.ok) throw new Error(proposed.reason)
  return proposed.fate
}

/** What the next start finds in doubt, and how it ends. */
async function resumed(world: MemoryWorld, again: MemoryNode): Promise<Fate<number>> {
  const [one] = again.replica.resumed
  if (one === undefined) throw new Error('nothing is in doubt')
  expect(one).toMatchObject({ id: { author: again.id, incarnation: 1, seq: 0 }, command: seven })
  let fate: Fate<number> | undefined
  void one.fate.then((known) => {
    fate = known
  })
  await world.until(() => fate !== undefined)
  return one.fate
}

test('[XO6] what was lost on its way to a leader is asked for again by the next start, and runs', async () => {
  const { world, author, leader, reload } = await scene()
  world.hub.loseWhen(({ from, bytes }) => from === author.id && isPropose(bytes))
  const fate = propose(author)
  await settled()
  const again = await reload()
  expect(await fate).toEqual({ kind: 'unknown', why: 'closed' })
  expect(await resumed(world, again)).toMatchObject({ kind: 'decided' })
  await world.until(() => sevens(leader) > 0)
  expect([sevens(leader), sevens(again)]).toEqual([1, 1])
})

test('[XO6] what was decided unheard runs once, and the next start learns what came of it', async () => {
  const { world, author, leader, reload } = await scene()
  world.hub.loseWhen(({ to }) => to === author.id)
  void propose(author)
  await world.until(() => sevens(leader) === 1, 500)
  const again = await reload()
  const { index } = leader.applied.at(-1) ?? {}
  expect(await resumed(world, again)).toEqual({ kind: 'decided', index, result: index })
  await world.until(() => sevens(again) > 0)
  expect([sevens(leader), sevens(again)]).toEqual([1, 1])
})

test('[XO6] nothing is in doubt once what came of it was told', async () => {
  const { world, author, reload } = await scene()
  const fate = propose(author)
  await world.until(() => sevens(author) > 0)
  expect(await fate).toMatchObject({ kind: 'decided' })
  await settled()
  expect((await reload()).replica.resumed).toEqual([])
})

test('[XO6] what a leader asked of itself is kept, too', async () => {
  const { world, leader, nodes } = await scene()
  world.hub.loseWhen(({ to }) => to !== leader.id)
  void propose(leader)
  await settled()
  leader.replica.closeNow()
  world.hub.loseWhen()
  const again = await world.open(['a', 'b', 'c'][nodes.indexOf(leader)] ?? '')
  expect(await resumed(world, again)).toMatchObject({ kind: 'decided' })
  expect(sevens(again)).toBe(1)
})
