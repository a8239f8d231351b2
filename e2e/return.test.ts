import { expect, test } from './fixture/test.ts'
import type { Tab } from './fixture/tab.ts'

const told = (tab: Tab, count: number): Promise<void> =>
  tab.untilTold(`${count} decided lines`, () => tab.decided.length >= count)

test('[UP5] a tab reloads in the middle of its work and has lost nothing that was decided', async ({
  cluster,
}) => {
  const tabs = await cluster.open(3)
  await cluster.ready()
  for (const tab of tabs) await tab.startLoad(`${tab.name} before`)
  const rest = await cluster.rest()
  const [tab, other] = rest
  if (tab === undefined || other === undefined) throw new Error('three tabs are two and a leader')
  await told(tab, 50)

  const [me, incarnation, { commit }] = [
    await tab.me(),
    await tab.incarnation(),
    await tab.status(),
  ]
  const seen = await tab.digest(commit)
  const toldBefore = tab.decided.length
  await tab.page.reload()
  const before = tab.decided.slice(0, toldBefore)

  expect(await tab.digest(seen.end)).toEqual(seen)
  expect(await other.digest(seen.end)).toEqual(seen)
  expect(await tab.me()).toBe(me)
  await tab.startLoad(`${tab.name} after`)
  await told(tab, tab.decided.length + 50)
  expect(await tab.incarnation()).toBeGreaterThan(incarnation)

  for (const each of tabs) expect(await each.stopLoad()).toEqual([])
  await cluster.ready(3)
  await cluster.agreed()
  const { lines } = await tab.state()
  // Whatever the tab was told is decided is there, once.
  for (const { line } of before) {
    expect(lines.filter((each) => each === line)).toHaveLength(1)
  }
})

test('[UP6] all tabs are closed and opened again, and everything decided is still there', async ({
  cluster,
}) => {
  const tabs = await cluster.open(3)
  await cluster.ready()
  await Promise.all(tabs.map((tab) => tab.write(`${tab.name} was here`)))
  const seen = await cluster.agreed()
  const members = await Promise.all(tabs.map((tab) => tab.me()))
  const [status] = await Promise.all(tabs.map((tab) => tab.status()))
  await Promise.all(tabs.map((tab) => tab.close()))

  const again = await cluster.open(3)
  await cluster.ready()
  for (const tab of again) {
    expect(await tab.digest(seen.end)).toEqual(seen)
    expect(await tab.status()).toMatchObject({ group: status?.group })
    expect(await tab.write(`${tab.name} is back`)).toMatchObject([{ kind: 'committed' }])
  }
  const returned = await Promise.all(again.map((tab) => tab.me()))
  expect([...returned].sort()).toEqual([...members].sort())
  await cluster.agreed()
})

test('[UP7] the whole browser quits and starts again, and everything decided is still there', async ({
  cluster,
}) => {
  const first = await cluster.browser('profile')
  const tabs = await cluster.open(3, { context: first })
  await cluster.ready()
  await Promise.all(tabs.map((tab) => tab.write(`${tab.name} was here`)))
  const seen = await cluster.agreed()
  const [status] = await Promise.all(tabs.map((tab) => tab.status()))
  await first.close()

  const again = await cluster.open(3, { context: await cluster.browser('profile') })
  await cluster.ready()
  for (const tab of again) {
    expect(await tab.digest(seen.end)).toEqual(seen)
    expect(await tab.status()).toMatchObject({ group: status?.group })
  }
  expect(await again[0].write('back')).toMatchObject([{ kind: 'committed' }])
  await cluster.agreed()
})

test('[UP8] a duplicated tab is another member', async ({ cluster }) => {
  const [original] = await cluster.open(2)
  const copy = await cluster.duplicate(original)
  await cluster.ready(3)
  const members = await Promise.all(cluster.tabs.map((tab) => tab.me()))
  expect(new Set(members).size).toBe(3)
  const { quorum } = await copy.status()
  expect([...quorum.voters].sort()).toEqual([...members].sort())
  expect(await copy.write('the copy has a vote')).toMatchObject([{ kind: 'committed' }])
  await cluster.agreed()
})
