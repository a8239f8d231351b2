import type { Cluster } from './fixture/cluster.ts'
import { expect, measured, test } from './fixture/test.ts'
import type { Tab } from './fixture/tab.ts'

async function leave(tab: Tab): Promise<void> {
  await (await tab.group()).evaluate((group) => group.leave())
  expect(await tab.status()).toMatchObject({ phase: 'stopped', why: expect.any(String) })
}

/** Two are left of three: one has the vote, the other stands by. */
async function areTwo(cluster: Cluster, rest: readonly Tab[]): Promise<void> {
  const statuses = await cluster.until('one vote and a standby', rest, (all) =>
    all.every(({ phase, quorum }) => phase === 'ready' && quorum.voters.length === 1),
  )
  expect(statuses.map(({ rung }) => rung).sort()).toEqual(['leader', 'standby'])
  for (const tab of rest) {
    expect(await tab.write(`${tab.name} goes on`)).toMatchObject([{ kind: 'committed' }])
  }
  await cluster.agreed(rest)
}

test('[UP22] a voter leaves, one vote remains of three, and the rest goes on', async ({
  cluster,
}) => {
  await cluster.open(3)
  await cluster.ready()
  const [leaver, other] = await cluster.rest()
  if (leaver === undefined || other === undefined) throw new Error('two of three do not lead')
  const leader = await cluster.leader()
  const me = await leaver.me()
  const start = Date.now()
  await leave(leaver)
  measured('a voter left', Date.now() - start)
  await areTwo(cluster, [leader, other])
  expect((await leader.status()).quorum.voters).not.toContain(me)
})

test('[UP23] the leader leaves, the rest goes on, and it may come back as the same member', async ({
  cluster,
}) => {
  await cluster.open(3)
  await cluster.ready()
  const leader = await cluster.leader()
  const rest = await cluster.rest(leader)
  const me = await leader.me()
  const start = Date.now()
  await leave(leader)
  measured('the leader left', Date.now() - start)
  await areTwo(cluster, rest)

  await leader.page.reload()
  await cluster.ready(3)
  expect(await leader.me()).toBe(me)
  expect(await leader.write('back again')).toMatchObject([{ kind: 'committed' }])
  await cluster.agreed()
})

test('[UP24] a fourth tab stands by, a fifth makes five voters', async ({ cluster }) => {
  await cluster.open(3)
  await cluster.ready(3)
  const [fourth] = await cluster.open(1)
  await fourth.until('a place beside the voters', ({ rung }) => rung === 'standby')
  expect((await fourth.status()).quorum.voters).toHaveLength(3)
  expect(await fourth.write('I have no vote')).toMatchObject([{ kind: 'committed' }])

  const start = Date.now()
  await cluster.open(1)
  await cluster.ready(5)
  measured('five voters after the fifth tab was opened', Date.now() - start)
  for (const { rung } of await Promise.all(cluster.tabs.map((tab) => tab.status()))) {
    expect(['leader', 'voter']).toContain(rung)
  }
  await cluster.agreed()
})
