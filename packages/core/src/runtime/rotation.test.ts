import { beforeEach, expect, test } from 'vitest'
import type { Answer } from '../protocol/ask-message.ts'
import type { MemoryNode, MemoryWorld } from '../testing/memory-world.ts'
import { createMemoryWorld } from '../testing/memory-world.ts'

let world: MemoryWorld
beforeEach(() => {
  world = createMemoryWorld()
})

const leaderOf = (nodes: readonly MemoryNode[]): MemoryNode => {
  const leader = nodes.find(({ replica }) => replica.status().rung === 'leader')
  if (leader === undefined) throw new Error('nobody leads')
  return leader
}

const secretOf = ({ replica }: MemoryNode): string => replica.secrets.known.current.secret
const numberOf = ({ replica }: MemoryNode): number => replica.secrets.known.current.number
const rotationsOf = ({ replica }: MemoryNode): number => replica.status().rotations

async function ask(
  from: MemoryNode,
  act: 'rotate' | 'remove' | 'demote',
  about = from.id,
): Promise<Answer | undefined> {
  let answer: { readonly said: Answer | undefined } | undefined
  void from.replica.requests
    .ask(act, about, { timeoutMs: 20_000 }, from.replica.status().rotations)
    .then((said) => (answer = { said }))
  await world.until(() => answer !== undefined)
  return answer?.said
}

const settledOn = (nodes: readonly MemoryNode[], number: number): Promise<void> =>
  world.until(() => nodes.every((node) => numberOf(node) === number))

test('[RS2] all who vote go over to one new secret, and the group goes on deciding', async () => {
  const nodes = await world.form('a', 'b', 'c')
  const asker = nodes.find((node) => node !== leaderOf(nodes)) ?? leaderOf(nodes)
  expect(await ask(asker, 'rotate')).toBe('done')
  await settledOn(nodes, 1)
  expect(new Set(nodes.map(secretOf)).size).toBe(1)
  expect(secretOf(asker)).toMatch(/^[0-9a-f]{32}$/)
  expect(asker.events.filter(({ type }) => type === 'rotated')).toHaveLength(1)
  expect(asker.replica.propose(Uint8Array.of(1)).ok).toBe(true)
  await world.until(() => nodes.every(({ applied }) => applied.length === 1))
})

test('[RS2] to ask twice is to ask once; to ask again is another secret', async () => {
  const nodes = await world.form('a', 'b', 'c')
  const [one, other] = nodes as readonly [MemoryNode, MemoryNode]
  const patience = { timeoutMs: 20_000 }
  const said: (Answer | undefined)[] = []
  for (const { replica, id } of [one, other]) {
    void replica.requests.ask('rotate', id, patience, 0).then((answer) => said.push(answer))
  }
  await world.until(() => said.length === 2)
  expect(said).toEqual(['done', 'done'])
  await settledOn(nodes, 1)
  const before = secretOf(one)
  await world.until(() => nodes.every((node) => rotationsOf(node) === 1))
  expect(await ask(other, 'rotate')).toBe('done')
  await settledOn(nodes, 2)
  expect(secretOf(one)).not.toBe(before)
  expect(one.replica.secrets.known.old.map(({ number }) => number)).toEqual([0, 1])
})

test('[RS3] who is out gets no box, may not ask, and is not to be told; everybody else who is known is', async () => {
  const nodes = await world.form('a', 'b', 'c', 'd', 'e')
  const leader = leaderOf(nodes)
  const removed = nodes.find((node) => node !== leader) ?? leader
  const rest = nodes.filter((node) => node !== removed)
  expect(await ask(leader, 'remove', removed.id)).toBe('done')
  expect(await ask(removed, 'rotate')).toBe('removed')
  expect(await ask(leader, 'rotate')).toBe('done')
  // Their number is odd: one of them gave up its vote, too, and waits to be told.
  await settledOn(
    rest.filter(({ replica }) => replica.status().rung !== 'standby'),
    1,
  )
  await world.until(() => rest.every((node) => rotationsOf(node) === 1))
  await world.clock.advance(5000)
  expect(numberOf(removed)).toBe(0)
  for (const { replica } of rest) {
    expect(replica.secrets.mayTell(removed.id)).toBe(false)
    expect(rest.every(({ id }) => replica.secrets.mayTell(id))).toBe(true)
    expect(replica.secrets.mayTell('0'.repeat(32) as never)).toBe(false)
  }
})

test('[RS4] a standby without a box believes a secret that the log names, and no other one', async () => {
  const nodes = await world.form('a', 'b', 'c')
  const standby = await world.open('d', { voters: 3 })
  await world.until(() => standby.replica.status().rung === 'standby')
  expect(await ask(leaderOf(nodes), 'demote', nodes[2]?.id)).toBe('done')
  const without = [...nodes, standby].find(({ replica }) => replica.status().rung === 'standby')
  if (without === undefined) throw new Error('nobody stands by')
  expect(await ask(leaderOf([...nodes, standby]), 'rotate')).toBe('done')
  await world.until(() => rotationsOf(without) === 1)
  expect(numberOf(without)).toBe(0)
  without.replica.secrets.hear('0'.repeat(32))
  without.replica.secrets.hear('')
  without.replica.secrets.hear('x'.repeat(257))
  expect(without.replica.secrets.known.heard).toEqual(['0'.repeat(32)])
  without.replica.secrets.hear(secretOf(leaderOf([...nodes, standby])))
  expect(numberOf(without)).toBe(1)
  expect(without.replica.secrets.known.heard).toEqual([])
})

test('[RS5] the secrets outlive a restart, a stored state, a beginning anew and a new identity', async () => {
  const nodes = await world.form('a', 'b', 'c')
  expect(await ask(leaderOf(nodes), 'rotate')).toBe('done')
  await settledOn(nodes, 1)
  const secret = secretOf(leaderOf(nodes))
  const [kept] = nodes as readonly [MemoryNode]
  const summed = kept.replica.requests.summarize({ timeoutMs: 5000 })
  await world.clock.advance(1000)
  expect((await summed)?.head.configuration.rotation?.number).toBe(1)
  for (const { replica } of nodes) replica.closeNow()
  const known = { current: { number: 1, secret }, old: [{ number: 0, secret: '' }], heard: [] }
  const back = await world.open('a')
  expect(back.replica.secrets.known).toEqual(known)
  back.replica.closeNow()
  await world.refound('a')
  const anew = await world.open('a')
  await world.until(() => anew.replica.status().rung === 'leader')
  expect(anew.replica.secrets.known).toEqual(known)
  expect(rotationsOf(anew)).toBe(1)
  anew.replica.closeNow()
  await world.renew('a')
  const stranger = await world.open('a')
  expect(stranger.replica.secrets.known).toEqual(known)
})

test('[RS6] a voter that was cut off reads its box when it comes back, whoever drew the secret', async () => {
  const nodes = await world.form('a', 'b', 'c')
  const leader = leaderOf(nodes)
  const away = nodes.find((node) => node !== leader) ?? leader
  const rest = nodes.filter((node) => node !== away)
  away.replica.closeNow()
  expect(await ask(leader, 'rotate')).toBe('done')
  await settledOn(rest, 1)
  const secret = secretOf(leader)
  const name = ['a', 'b', 'c'][nodes.indexOf(away)] ?? 'a'
  leader.replica.closeNow()
  const back = await world.open(name)
  await world.until(() => numberOf(back) === 1)
  expect(secretOf(back)).toBe(secret)
})
