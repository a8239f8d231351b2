import type { Cluster } from './fixture/cluster.ts'
import { expect, measured, test } from './fixture/test.ts'
import type { Tab } from './fixture/tab.ts'

async function threeTabs(cluster: Cluster): Promise<readonly [Tab, Tab, Tab]> {
  await cluster.open(3)
  await cluster.ready(3)
  const leader = await cluster.leader()
  const [one, two] = await cluster.rest(leader)
  if (one === undefined || two === undefined) throw new Error('two of three do not lead')
  return [leader, one, two]
}

test('[AD1] [AD2] a tab is told to lead, by itself and by another one, and nothing is lost', async ({
  cluster,
}) => {
  const [leader, one, two] = await threeTabs(cluster)
  expect(await leader.write('before')).toMatchObject([{ kind: 'committed' }])
  const start = Date.now()
  await (await one.group()).evaluate((group) => group.admin.transferLeadership(group.me))
  measured('a tab took the lead', Date.now() - start)
  expect((await one.status()).rung).toBe('leader')
  const named = await two.me()
  await (await leader.group()).evaluate((group, id) => group.admin.transferLeadership(id), named)
  await two.until('the lead', ({ rung }) => rung === 'leader')
  await (await two.group()).evaluate((group) => group.admin.transferLeadership())
  await two.until('another leader', ({ rung }) => rung === 'voter')
  const refusal = await (
    await one.group()
  ).evaluate((group) =>
    group.admin.transferLeadership('0'.repeat(32) as typeof group.me).then(
      () => undefined,
      (error: unknown) => (error as { readonly why: string }).why,
    ),
  )
  expect(refusal).toBe('unknown-member')
  expect(await two.write('after')).toMatchObject([{ kind: 'committed' }])
  await cluster.agreed()
})

test('[AD3] [AD4] [AD5] a tab loses its vote, is removed, reloads, and is let in again', async ({
  cluster,
}) => {
  const [leader, one] = await threeTabs(cluster)
  const id = await one.me()
  await (await leader.group()).evaluate((group, about) => group.admin.demote(about), id)
  await one.until('no vote', ({ rung, why }) => rung === 'standby' && why !== undefined)
  await (await one.group()).evaluate((group) => group.admin.promote(group.me))
  // Where no other standby is ready yet it gets the only vote, and leads; then the group grows.
  await one.until('a vote, and two others', ({ rung, why, quorum }) => {
    return rung !== 'standby' && why === undefined && quorum.voters.length === 3
  })
  await (await leader.group()).evaluate((group, about) => group.admin.remove(about), id)
  await one.until('only a look', ({ rung }) => rung === 'observer')
  expect((await one.status()).why).toContain('removed this tab')
  await one.page.reload()
  await one.until('only a look, still', ({ rung, removed }) => {
    return rung === 'observer' && removed.length === 1
  })
  expect(await leader.write('meanwhile')).toMatchObject([{ kind: 'committed' }])
  expect(await one.write('from outside')).toMatchObject([{ kind: 'committed' }])
  await (await one.group()).evaluate((group) => group.admin.readmit(group.me))
  await one.until('a place', ({ rung }) => rung !== 'observer')
  await cluster.ready(3)
  await cluster.agreed()
})

test('[AR1] [AR3] [AR4] a backup becomes a new group, with the state as it was', async ({
  cluster,
}) => {
  const [leader, one, two] = await threeTabs(cluster)
  expect(await leader.write('kept', 'too')).toMatchObject([
    { kind: 'committed' },
    { kind: 'committed' },
  ])
  const before = await leader.state()
  const file = await (
    await leader.group()
  ).evaluate(async (group) => {
    const { index } = await group.admin.snapshot()
    return { index, text: await (await group.admin.exportArchive()).text() }
  })
  expect(JSON.parse(file.text)).toMatchObject({ index: file.index, machine: { name: 'ledger' } })
  const restored = await one.page.evaluate(async (text) => {
    const room = `restored ${Math.random()}`
    const group = await window.begin({ room, archive: new Blob([text]) })
    while (group.status.rung !== 'leader') await new Promise((done) => setTimeout(done, 50))
    await group.do.write('after')
    return { invite: group.invite.href, lines: group.state.lines, me: group.me }
  }, file.text)
  expect(restored.lines).toEqual([...before.lines, 'after'])
  const bad = await two.page.evaluate(
    (text) =>
      window.begin({ room: 'never', archive: new Blob([text]) }).then(
        () => undefined,
        (error: unknown) => (error as { readonly why: string }).why,
      ),
    file.text.replace('kept', 'lost'),
  )
  expect(bad).toBe('damaged')
  // Somebody joins the new group by its invite, and gets what was kept.
  const joined = await two.page.evaluate(async (invite) => {
    const group = await window.begin({
      room: new URL(invite).searchParams.get('room') ?? '',
      invite,
    })
    while (group.state.lines.length < 3) await new Promise((done) => setTimeout(done, 50))
    return group.state.lines
  }, restored.invite)
  expect(joined).toEqual(restored.lines)
  await cluster.agreed()
})
