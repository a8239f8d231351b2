import { afterEach, expect, test } from 'vitest'
import { NotGranted, NotStored } from './errors.ts'
import type { MemberId } from './machine.ts'
import { createTestCluster } from './testing.ts'
import type { NotesCluster, NotesTab } from './testing/notes.ts'
import { notes } from './testing/notes.ts'

let cluster: NotesCluster

async function three(): Promise<{
  readonly leader: NotesTab
  readonly others: readonly [NotesTab, NotesTab]
}> {
  cluster = createTestCluster({ machine: notes })
  await cluster.form(3)
  const leader = cluster.leader()
  const [b, c] = cluster.tabs.filter((tab) => tab !== leader)
  if (leader === undefined || b === undefined || c === undefined) throw new Error('nobody')
  return { leader, others: [b, c] }
}

afterEach(() => cluster.close())

test('[AD1] a tab takes the lead, or gives it to another one, and the group goes on', async () => {
  const { leader, others } = await three()
  const [b, c] = others
  await b.admin.transferLeadership(b.me)
  expect(b.status.rung).toBe('leader')
  await leader.admin.transferLeadership(c.me)
  expect(c.status.rung).toBe('leader')
  await b.do.add('after')
  expect(b.state).toEqual(['after'])
})

test('[AD2] without a name somebody else leads', async () => {
  const { leader, others } = await three()
  await others[0].admin.transferLeadership()
  await cluster.until(() => cluster.leader() !== leader && cluster.leader() !== undefined)
})

test('[AD1] a wish that cannot be granted says why and what to do, and an abort ends the wait', async () => {
  const { leader, others } = await three()
  const nobody = '0'.repeat(32) as MemberId
  const refusal = await leader.admin.transferLeadership(nobody).catch((error: unknown) => error)
  expect(refusal).toBeInstanceOf(NotGranted)
  expect(refusal).toMatchObject({ code: 'not-granted', why: 'unknown-member', member: nobody })
  cluster.isolate(leader)
  await cluster.until(() => leader.status.phase === 'no-quorum')
  const abort = new AbortController()
  const asked = leader.admin.promote(others[0].me, { abort: abort.signal })
  abort.abort(new Error('enough'))
  await expect(asked).rejects.toThrow('enough')
  cluster.heal()
  leader.close()
  await expect(leader.admin.transferLeadership()).rejects.toMatchObject({ why: 'closed' })
  await expect(leader.admin.snapshot()).rejects.toBeInstanceOf(NotStored)
})

test('[AD3] [AD4] [AD5] a tab loses its vote, is removed, is let in again, and gets its vote back', async () => {
  const { leader, others } = await three()
  const [b, c] = others
  await c.admin.demote(b.me)
  await cluster.until(() => b.status.rung === 'standby' && b.status.demoted.includes(b.me))
  expect(b.status.why).toContain('took this tab’s vote')
  await b.admin.promote(b.me)
  // Where no other standby is ready yet it gets the only vote, and leads; then the group grows.
  await cluster.until(() => b.status.rung !== 'standby' && b.status.quorum.voters.length === 3)
  expect(b.status.why).toBeUndefined()
  await c.admin.remove(b.me)
  await cluster.until(() => b.status.rung === 'observer')
  expect(b.status.why).toContain('removed this tab')
  expect(b.status.removed).toEqual([b.me])
  await expect(leader.admin.promote(b.me)).rejects.toMatchObject({ why: 'removed' })
  await leader.do.add('meanwhile')
  await cluster.until(() => b.state.length === 1)
  await leader.admin.readmit(b.me)
  await cluster.until(() => b.status.rung !== 'observer')
  expect(b.status.removed).toEqual([])
})

test('[AD10] a snapshot stands for all that is decided', async () => {
  const { leader } = await three()
  await leader.do.add('one')
  const { index, bytes } = await leader.admin.snapshot()
  expect(index).toBe(leader.status.commit)
  expect(bytes).toBe('[["one"]]'.length)
})

test('[RS7] all tabs go over to another secret, show it in their invites, and say so', async () => {
  const { leader, others } = await three()
  const [b, c] = others
  const told: string[] = []
  c.on('invite', ({ invite }) => told.push(invite.href))
  const before = b.invite
  await b.admin.rotate()
  expect(b.status).toMatchObject({ rotations: 1, access: 'secret' })
  expect(b.invite.hash).toMatch(/secret=[0-9a-f]{32}/)
  expect(b.invite.href).not.toBe(before.href)
  await cluster.until(() => told.length === 1 && leader.status.rotations === 1)
  expect(told).toEqual([b.invite.href])
  expect(leader.invite.href).toBe(b.invite.href)
  await b.do.add('after')
  await cluster.until(() => c.state.length === 1)
  cluster.putAway(c)
  await leader.admin.rotate()
  cluster.bringBack(c)
  await cluster.until(() => c.status.rotations === 2)
  expect(c.invite.href).toBe(leader.invite.href)
})

test('[RS8] who was removed changes no secret; where nobody leads nothing is changed', async () => {
  const { leader, others } = await three()
  const [b, c] = others
  await leader.admin.remove(b.me)
  await cluster.until(() => b.status.removed.length === 1)
  await expect(b.admin.rotate()).rejects.toMatchObject({ code: 'not-granted', why: 'removed' })
  cluster.isolate(c)
  const abort = new AbortController()
  const asked = c.admin.rotate({ abort: abort.signal })
  abort.abort(new Error('enough'))
  await expect(asked).rejects.toThrow('enough')
  c.close()
  await expect(c.admin.rotate()).rejects.toMatchObject({ why: 'closed' })
  expect(leader.status.rotations).toBe(0)
})
