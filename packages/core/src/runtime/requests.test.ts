import { beforeEach, expect, test } from 'vitest'
import type { Act, Answer } from '../protocol/ask-message.ts'
import { ownVote } from '../protocol/ids.ts'
import type { MemoryNode, MemoryWorld } from '../testing/memory-world.ts'
import { createMemoryWorld } from '../testing/memory-world.ts'

let world: MemoryWorld
beforeEach(() => {
  world = createMemoryWorld()
})

const names = ['a', 'b', 'c', 'd', 'e']

async function five(count = 3): Promise<readonly MemoryNode[]> {
  return world.form(...names.slice(0, count))
}

const leaderOf = (nodes: readonly MemoryNode[]): MemoryNode => {
  const leader = nodes.find(({ replica }) => replica.status().rung === 'leader')
  if (leader === undefined) throw new Error('nobody leads')
  return leader
}

const othersOf = (nodes: readonly MemoryNode[]): readonly MemoryNode[] =>
  nodes.filter((node) => node !== leaderOf(nodes))

/** A standby that the leader may give a vote to. */
async function standby(name: string): Promise<MemoryNode> {
  const node = await world.open(name)
  await world.until(() => node.replica.status().rung === 'standby')
  return node
}

async function ask(from: MemoryNode, act: Act, about: string): Promise<Answer | undefined> {
  let answer: { readonly said: Answer | undefined } | undefined
  void from.replica.requests
    .ask(act, about as never, { timeoutMs: 20_000 })
    .then((said) => (answer = { said }))
  await world.until(() => answer !== undefined)
  return answer?.said
}

const votersOf = ({ replica }: MemoryNode): readonly string[] => replica.status().voters

const first = <T>(list: readonly T[], at = 0): T => {
  const found = list[at]
  if (found === undefined) throw new Error('nobody')
  return found
}

test('[AD1] the voter that a person names leads, whoever asks, and the group goes on', async () => {
  const nodes = await five()
  const before = leaderOf(nodes)
  const named = first(othersOf(nodes))
  const asker = first(othersOf(nodes), 1)
  expect(await ask(asker, 'lead', named.id)).toBe('done')
  expect(named.replica.status().rung).toBe('leader')
  const proposed = before.replica.propose(Uint8Array.of(1))
  expect(proposed.ok).toBe(true)
  await world.until(() => nodes.every(({ applied }) => applied.length === 1))
  expect(await ask(named, 'lead', named.id)).toBe('done')
})

test('[AD1] nobody is made to lead that has no vote, or cannot be reached', async () => {
  const nodes = await five()
  const extra = await standby('f')
  const [leader, lost] = [leaderOf(nodes), first(othersOf(nodes))]
  expect(await ask(leader, 'lead', extra.id)).toBe('notVoter')
  expect(await ask(lost, 'lead', extra.id)).toBe('notVoter')
  expect(await ask(lost, 'lead', '0'.repeat(32))).toBe('unknown')
  const other = first(othersOf(nodes), 1)
  const { id } = lost
  lost.replica.closeNow()
  await world.until(
    () => !(leader.replica.status().peers.find((peer) => peer.id === id)?.reached ?? false),
  )
  expect(['notReached', 'unknown']).toContain(await ask(other, 'lead', id))
  expect(leader.replica.status().rung).toBe('leader')
})

test('[AD2] without a name the best of the others leads; where there is none, nothing changes', async () => {
  const nodes = await five()
  const before = leaderOf(nodes)
  expect(await ask(first(othersOf(nodes)), 'yield', before.id)).toBe('done')
  expect(before.replica.status().rung).not.toBe('leader')
  const alone = createMemoryWorld()
  const [only] = await alone.form('z')
  if (only === undefined) throw new Error('nobody')
  const said = only.replica.requests.ask('yield', only.id, { timeoutMs: 1000 })
  await alone.until(() => only.replica.status().rung === 'leader')
  expect(await said).toBe('nobody')
})

test('[AD1] what comes of it is not waited for longer than told, or than anybody wants it', async () => {
  const nodes = await five()
  const left = first(nodes)
  for (const { id } of nodes.slice(1)) world.hub.setLink(left.id, id, 'down')
  await world.until(() => left.replica.status().phase === 'noLeader')
  expect(await ask(left, 'promote', left.id)).toBeUndefined()
  let wanted = true
  const told: unknown[] = []
  void left.replica.requests
    .ask('lead', left.id, { timeoutMs: 1e6, isWanted: () => wanted })
    .then((said) => told.push(said))
  wanted = false
  await world.until(() => told.length === 1)
  expect(told).toEqual([undefined])
})

test('[AD3] who loses its vote by a person’s wish stands by, and gets none by itself', async () => {
  const nodes = await five()
  const demoted = first(othersOf(nodes))
  expect(await ask(first(othersOf(nodes), 1), 'demote', demoted.id)).toBe('done')
  expect(votersOf(leaderOf(nodes))).toHaveLength(1)
  expect(votersOf(leaderOf(nodes))).not.toContain(ownVote(demoted.id))
  expect(await ask(leaderOf(nodes), 'demote', demoted.id)).toBe('done')
  // Two more would make three with the leader, and one of them must be another one.
  const more = [await standby('f'), await standby('g')]
  await world.until(() => votersOf(leaderOf(nodes)).length >= 3)
  for (let waited = 0; waited < 150; waited += 1) await world.clock.advance(100)
  expect(votersOf(leaderOf(nodes))).not.toContain(ownVote(demoted.id))
  expect(demoted.replica.status()).toMatchObject({ rung: 'standby', phase: 'ready' })
  expect(demoted.replica.status().why).toContain('A person took this tab’s vote')
  // Another leader keeps to it.
  const heir = [...more, ...nodes].find(
    ({ id, replica }) => id !== leaderOf(nodes).id && replica.status().rung === 'voter',
  )
  if (heir === undefined) throw new Error('nobody')
  expect(await ask(demoted, 'lead', heir.id)).toBe('done')
  for (let waited = 0; waited < 150; waited += 1) await world.clock.advance(100)
  expect(votersOf(heir)).not.toContain(ownVote(demoted.id))
  expect(await ask(demoted, 'readmit', demoted.id)).toBe('done')
  await world.until(() => votersOf(heir).includes(ownVote(demoted.id)))
})

test('[AD3] a leader may lose its vote, too: another one leads', async () => {
  const nodes = await five()
  const before = leaderOf(nodes)
  expect(await ask(before, 'demote', before.id)).toBe('done')
  await world.until(() => leaderOf(nodes) !== before)
  expect(votersOf(leaderOf(nodes))).not.toContain(ownVote(before.id))
  expect(before.replica.status().rung).toBe('standby')
})

test('[AD4] who is removed only watches, until a person lets it in again', async () => {
  const nodes = await five()
  const removed = first(othersOf(nodes))
  expect(await ask(leaderOf(nodes), 'remove', removed.id)).toBe('done')
  await world.until(() => removed.replica.status().rung === 'observer')
  for (let waited = 0; waited < 120; waited += 1) await world.clock.advance(100)
  expect(removed.replica.status().rung).toBe('observer')
  expect(removed.replica.status().why).toContain('removed this tab')
  expect(removed.replica.status().shutOut).toEqual([removed.id])
  leaderOf(nodes).replica.propose(Uint8Array.of(7))
  await world.until(() => removed.applied.length === 1)
  // From the tab itself, too: who watches may ask.
  expect(await ask(removed, 'promote', removed.id)).toBe('removed')
  expect(await ask(removed, 'readmit', removed.id)).toBe('done')
  await world.until(() => removed.replica.status().rung === 'voter')
  expect(votersOf(leaderOf(nodes))).toHaveLength(3)
})

test('[AD4] a store that is away can be removed at once, and does not vote when it comes back', async () => {
  const nodes = await five()
  const gone = first(othersOf(nodes))
  const rest = nodes.filter((node) => node !== gone)
  gone.replica.closeNow()
  expect(await ask(leaderOf(rest), 'remove', gone.id)).toBe('done')
  expect(votersOf(leaderOf(rest))).not.toContain(ownVote(gone.id))
  const back = await world.open(first(names, nodes.indexOf(gone)))
  await world.until(() => back.replica.status().rung === 'observer')
  for (let waited = 0; waited < 120; waited += 1) await world.clock.advance(100)
  expect(votersOf(leaderOf(rest))).not.toContain(ownVote(back.id))
})

test('[AD5] a standby gets a vote at once, with another one or in the place of one', async () => {
  const nodes = await five()
  const one = await standby('f')
  expect(await ask(one, 'promote', one.id)).toBe('done')
  const voters = votersOf(leaderOf(nodes))
  expect(voters).toHaveLength(3)
  expect(voters).toContain(ownVote(one.id))
  expect(await ask(one, 'promote', one.id)).toBe('done')
})

test('[AD5] of two, the one that is chosen votes', async () => {
  const [only] = await world.form('a')
  const other = await standby('b')
  if (only === undefined) throw new Error('nobody')
  expect(await ask(only, 'promote', other.id)).toBe('done')
  expect(votersOf(other)).toEqual([ownVote(other.id)])
  await world.until(() => other.replica.status().rung === 'leader')
})

test('[AD6] a wish that would leave nobody, or that is about nobody, changes nothing', async () => {
  const [only] = await world.form('a')
  if (only === undefined) throw new Error('nobody')
  const before = only.replica.status().decidedEnd
  expect(await ask(only, 'demote', only.id)).toBe('lastVoter')
  expect(await ask(only, 'remove', only.id)).toBe('lastVoter')
  for (const act of ['promote', 'demote', 'remove', 'readmit'] as const) {
    expect(await ask(only, act, '0'.repeat(32))).toBe('unknown')
  }
  expect(only.replica.status().decidedEnd).toBe(before)
  const other = await standby('b')
  expect(await ask(only, 'demote', other.id)).toBe('notVoter')
})

test('[AD8] what people decided outlives a restart of all, a stored state and a beginning anew', async () => {
  const nodes = await five()
  const removed = first(othersOf(nodes))
  expect(await ask(leaderOf(nodes), 'remove', removed.id)).toBe('done')
  const rest = nodes.filter((node) => node !== removed)
  const summed = first(rest).replica.requests.summarize({ timeoutMs: 5000 })
  await world.until(() => rest.every(({ replica }) => replica.status().shutOut.length === 1))
  await world.clock.advance(1000)
  expect((await summed)?.head.end).toBeGreaterThan(0)
  for (const { replica } of nodes) replica.closeNow()
  const kept = first(names, nodes.indexOf(first(rest)))
  const back = await world.open(kept)
  expect(back.replica.status().shutOut).toEqual([removed.id])
  back.replica.closeNow()
  await world.refound(kept)
  const anew = await world.open(kept)
  await world.until(() => anew.replica.status().rung === 'leader')
  expect(anew.replica.status().shutOut).toEqual([removed.id])
})

test('[AD10] a snapshot is taken when it is asked for, and a start begins from it', async () => {
  const node = await world.open('a')
  node.replica.found('0123456789abcdef'.repeat(2))
  await world.until(() => node.replica.status().phase === 'ready')
  node.replica.propose(Uint8Array.of(1))
  await world.until(() => node.applied.length === 1)
  const end = node.replica.status().decidedEnd
  const summed = [1, 2].map(() => node.replica.requests.summarize({ timeoutMs: 5000 }))
  await world.clock.advance(100)
  for (const snapshot of await Promise.all(summed)) {
    expect(snapshot?.head.end).toBe(end)
    expect(snapshot?.state).toEqual(Uint8Array.of(1, 0))
  }
  node.replica.closeNow()
  const again = await world.open('a')
  expect(again.restored).toEqual([Uint8Array.of(1, 0)])
  expect(again.applied).toHaveLength(0)
})

test('[AD10] without a group there is nothing to store', async () => {
  const node = await world.open('a')
  const summed = node.replica.requests.summarize({ timeoutMs: 5000 })
  await world.clock.advance(100)
  expect(await summed).toBeUndefined()
})
