import { expect, test } from 'vitest'
import { storeOfVote } from '../protocol/ids.ts'
import type { ReplicaId } from '../protocol/ids.ts'
import type { MemoryNode } from '../testing/memory-world.ts'
import { createMemoryWorld } from '../testing/memory-world.ts'

const nonce = '1'.repeat(32)
const standby = { role: 'standby' } as const

const votersFor = ({ replica }: MemoryNode): readonly ReplicaId[] =>
  replica.status().voters.map(storeOfVote)

const rungOf = ({ replica }: MemoryNode): string => replica.status().rung

test('[SB1] who stands by is given no vote, not by a person either, and is nobody’s heir', async () => {
  const world = createMemoryWorld()
  const voter = await world.open('a')
  voter.replica.found(nonce)
  const [b, c] = [await world.open('b', standby), await world.open('c', standby)]
  await world.until(() => rungOf(b) === 'standby' && rungOf(c) === 'standby')
  await world.clock.advance(30_000)
  expect(votersFor(voter)).toEqual([voter.id])
  expect(voter.replica.status().heir).toBeUndefined()
  const asked = b.replica.requests.ask('promote', c.id, { timeoutMs: 5000, isWanted: () => true })
  await world.clock.advance(2000)
  expect(await asked).toBe('standsBy')
  voter.replica.propose(Uint8Array.of(1))
  await world.until(() => [b, c].every(({ applied }) => applied.length === 1))
  expect((await c.disk.load()).length).toBeGreaterThan(1)
})

test('[SB2] a voter that starts again to stand by votes until another one takes its place', async () => {
  const world = createMemoryWorld()
  const [a, b, c] = await world.form('a', 'b', 'c')
  const d = await world.open('d')
  await world.until(() => rungOf(d) === 'standby')
  a?.replica.closeNow()
  const again = await world.open('a', standby)
  await world.until(() => rungOf(again) === 'standby')
  await world.until(() => votersFor(again).length === 3)
  expect(new Set(votersFor(again))).toEqual(new Set([b?.id, c?.id, d.id]))
  again.replica.propose(Uint8Array.of(1))
  await world.until(() => d.applied.length === 1 && again.applied.length === 1)
  expect(again.replica.status().why).toBeUndefined()
})

test('[SB2] the only voter keeps its vote, says so, and gives it to the first member that comes', async () => {
  const world = createMemoryWorld()
  const [alone] = await world.form('a')
  alone?.replica.closeNow()
  const again = await world.open('a', standby)
  await world.until(() => again.replica.status().phase === 'ready')
  expect(again.replica.status().why).toContain('until another')
  again.replica.propose(Uint8Array.of(1))
  await world.until(() => again.applied.length === 1)
  const other = await world.open('b')
  await world.until(() => votersFor(other).join() === other.id && rungOf(again) === 'standby')
  expect(other.applied).toHaveLength(1)
})

test('[SB1] the last tab that closes leaves its vote to nobody who stands by, and goes on when it is back', async () => {
  const world = createMemoryWorld()
  const [voter] = await world.form('a')
  const idle = await world.open('b', standby)
  await world.until(() => rungOf(idle) === 'standby')
  voter?.replica.closeNow()
  await world.clock.advance(20_000)
  expect(idle.replica.status()).toMatchObject({ phase: 'noLeader', rung: 'standby' })
  const back = await world.open('a')
  await world.until(() => back.replica.status().phase === 'ready')
  expect(votersFor(back)).toEqual([back.id])
})
