/** Tabs with the bundle of another day: who has to reload says so, and what was decided before outlives the change. */
import type { Outcome } from 'unanimous'
import { expect, test } from './fixture/test.ts'
import type { Tab } from './fixture/tab.ts'

test('[UP75] a tab of a version whose wire is older says that it must reload, and has lost nothing when it does', async ({
  cluster,
}) => {
  const old = await cluster.open(2, { frozen: true })
  await Promise.all(old.map((tab) => tab.until('a group', ({ phase }) => phase === 'ready')))
  const [one, other] = old
  await one.write('written before')
  const seen = await one.digest((await one.status()).commit)

  await other.page.goto(cluster.address())
  const { outdated } = await other.until('somebody who is older', ({ why }) =>
    /Another tab in this room runs an older version: reload that one|Reload the older one/.test(
      why ?? '',
    ),
  )
  expect(outdated).toBe(false)
  await one.until('somebody who is newer', ({ links }) =>
    links.some(({ refused }) => refused?.includes('Reload the older one')),
  )

  await one.page.goto(cluster.address())
  await cluster.until('one group', old, (all) =>
    all.every(({ phase, members }) => phase === 'ready' && members.length === 2),
  )
  // A tab that closed before it heard that the line is decided hears it from the new leader.
  await cluster.agreed()
  expect((await other.state()).lines).toEqual(['written before'])
  expect(await other.write('written after')).toMatchObject([{ kind: 'committed' }])
  expect(await one.digest(seen.end)).toEqual(seen)
})

const entitle = (tab: Tab, title: string): Promise<Outcome<unknown> | undefined> =>
  tab.page.evaluate((text) => window.entitle?.(text), title)

test('[MV12] the group goes over to a new version of its machine when the last tab has reloaded an older page', async ({
  cluster,
}) => {
  const tabs = await cluster.open(3)
  const [one, two, three] = tabs
  await cluster.ready()
  await one.write('by yesterday’s page')
  const today = cluster.address({ titled: true })
  for (const tab of [two, three]) {
    // A group that shrinks for a moment keeps its leader's vote: so the older page has one all the time.
    await (await one.group()).evaluate((group) => group.admin.transferLeadership(group.me))
    await tab.page.goto(today)
    await cluster.ready(3)
  }
  await two.until('somebody with an older page', ({ why }) =>
    /goes over to version 2 of its machine once another tab has reloaded/.test(why ?? ''),
  )
  expect(await entitle(two, 'too early')).toMatchObject({ kind: 'not-sent', why: 'version' })
  expect(await two.write('by today’s page')).toMatchObject([{ kind: 'committed' }])
  await one.until('what both decided', ({ machine }) => machine.version === 1)
  // It shows what its state will be.
  expect(await two.state()).toMatchObject({ title: 'an old one' })

  await one.page.goto(today)
  await cluster.until('version 2', tabs, (all) => all.every(({ machine }) => machine.version === 2))
  expect(await entitle(one, 'the title')).toMatchObject({ kind: 'committed' })
  await cluster.agreed()
  for (const tab of tabs) {
    const { lines, title } = await tab.state()
    expect([lines, title]).toEqual([['by yesterday’s page', 'by today’s page'], 'the title'])
  }
})

test('[MV12] a tab with an older page than the group says that it has to be reloaded, holds the log, and loses nothing', async ({
  cluster,
}) => {
  const [one] = await cluster.open(3, { titled: true })
  await cluster.ready()
  await one.write('without it')
  const [old] = await cluster.open(1)
  const { why, machine } = await old.until('that it is outdated', ({ outdated }) => outdated)
  expect(why).toContain('which this page does not know yet: reload it')
  expect(machine).toMatchObject({ version: 2, carried: [1], runs: false })
  expect(await old.write('by it')).toMatchObject([{ kind: 'not-sent', why: 'version' }])
  expect(await one.write('meanwhile')).toMatchObject([{ kind: 'committed' }])
  await cluster.agreed()
  expect((await old.status()).phase).toBe('ready')
  expect((await old.state()).lines).toEqual([])

  await old.page.goto(cluster.address({ titled: true }))
  await old.until('what the others have', ({ machine: now, outdated }) => now.runs && !outdated)
  expect(await old.write('by it')).toMatchObject([{ kind: 'committed' }])
  expect((await old.state()).lines).toEqual(['without it', 'meanwhile', 'by it'])
})
