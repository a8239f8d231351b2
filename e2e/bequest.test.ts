import type { Cluster } from './fixture/cluster.ts'
import { expect, measured, test } from './fixture/test.ts'
import type { Tab } from './fixture/tab.ts'

/** Whoever is left decides. */
async function decides(tab: Tab, line: string): Promise<void> {
  const start = Date.now()
  expect(await tab.write(line)).toMatchObject([{ kind: 'committed' }])
  measured('the rest decided after a tab was closed', Date.now() - start)
}

/** As many tabs as there were come back with the stores that are there, and know all that was decided meanwhile. */
async function comeBack(cluster: Cluster, count: number): Promise<void> {
  const returned = await cluster.open(count)
  await cluster.until('everybody follows one leader', cluster.tabs, (all) =>
    all.every(({ phase }) => phase === 'ready'),
  )
  for (const tab of returned) await decides(tab, `${tab.name} is back`)
  await cluster.agreed()
}

test('[UP60] five tabs are closed one by one, and whoever is left goes on, down to the last', async ({
  cluster,
}) => {
  const tabs = await cluster.open(5)
  await cluster.ready(5)
  const leader = await cluster.leader()
  const order = [leader, ...(await cluster.rest(leader))]
  expect(order).toHaveLength(tabs.length)
  for (let left = 4; left > 0; left -= 1) {
    const next = order[4 - left]
    // Where the others cannot decide without it, its disk has to say first who gets its vote.
    await next?.until('a tab that may close', ({ bequest }) => bequest.mayClose)
    await next?.close()
    const [tab] = cluster.tabs
    if (tab === undefined) throw new Error('one is left')
    await decides(tab, `${left} are left`)
  }
  await comeBack(cluster, 4)
})

test('[UP61] the founder of a group of two is closed, and the other one goes on', async ({
  cluster,
}) => {
  const [founder] = await cluster.open(1)
  await cluster.ready(1)
  const [other] = await cluster.open(1)
  await other.until('a place beside the voter', ({ rung }) => rung === 'standby')
  await decides(other, 'together')
  // Until the founder has named its heir on its disk, it has nobody to leave its vote to.
  await founder.until('an heir', ({ bequest }) => bequest.heir !== undefined)
  await founder.close()
  await decides(other, 'alone')
  expect((await other.status()).rung).toBe('leader')
  await comeBack(cluster, 1)
})

for (const [first, second] of [
  [0, 1],
  [0, 2],
  [1, 2],
] as const) {
  test(`[UP62] with margin2, tabs ${first} and ${second} of three are closed at the same moment, and the third goes on`, async ({
    cluster,
  }) => {
    const tabs = await cluster.open(3, { bequest: 'margin2' })
    await cluster.ready(3)
    for (const tab of tabs) {
      await tab.until('an heir', ({ bequest }) => bequest.heir !== undefined)
    }
    await Promise.all([tabs[first].close(), tabs[second].close()])
    const [rest] = cluster.tabs
    if (rest === undefined) throw new Error('one is left')
    await decides(rest, 'alone')
    await comeBack(cluster, 2)
  })
}
