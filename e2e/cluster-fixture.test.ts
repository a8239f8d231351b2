/** `@unanimous/playwright` over the page under test: an app that knows nothing of it. */
import { expect, test } from './fixture/app-under-test.ts'

test('[PW3] a seat is sold once, even across a partition', async ({ cluster, address }) => {
  const tabs = await cluster.open(3, address)
  await cluster.ready()
  const race = await cluster.race(tabs.map((tab) => tab.do('book', 'A1')))
  expect(race.committed).toHaveLength(1)
  expect(race.refused.map(({ code }) => code)).toEqual(['TAKEN', 'TAKEN'])

  const old = cluster.leader()
  const rest = cluster.rest()
  await cluster.partition([old], rest)
  await expect(rest).toElectLeader()
  const [another] = await Promise.all(rest.map((tab) => tab.do('book', 'B1')))
  expect(another?.kind).toMatch(/committed|refused/)
  await cluster.heal()
  await expect(cluster).toAgree()
  await expect(cluster).toBeLinearizable()
  const states = await Promise.all(tabs.map((tab) => tab.state()))
  expect(new Set(states.map((state) => JSON.stringify(state))).size).toBe(1)
})

test('[PW3] tabs are stalled, hidden, killed, reloaded, duplicated and wiped, and agree', async ({
  cluster,
  address,
}) => {
  await cluster.open(3, address)
  await cluster.ready()
  const [follower, other] = cluster.rest()
  if (follower === undefined || other === undefined) throw new Error('three tabs were opened')
  await cluster.lossy({ drop: 0.02, delayMs: [1, 20], duplicate: 0.02, reorder: true })
  await Promise.all([cluster.stall(follower, 500), other.do('write', 'meanwhile')])
  await cluster.heal()
  await cluster.hide(follower)
  await cluster.until('a hidden tab', () => follower.shown?.clock.hidden === true)
  await cluster.show(follower)

  await cluster.reload(follower)
  // A page that has no link yet needs the server for its first.
  await cluster.ready()
  await cluster.signalingDown()
  await follower.do('write', 'after a reload')
  await cluster.signalingUp()
  const copy = await cluster.duplicate(other)
  expect((await copy.identity()).me).not.toBe((await other.identity()).me)
  await cluster.ready()
  const before = await copy.identity()
  await cluster.wipeStorage(copy)
  expect((await copy.identity()).me).not.toBe(before.me)
  // The copy shares its process with the original.
  await cluster.killTab(follower)
  expect(cluster.tabs()).toHaveLength(3)
  await other.do('write', 'at the end')
  await expect(cluster).toAgree()
  await expect(cluster).toBeLinearizable()
})

test('[PW4] a failing assertion says what each tab shows, and nothing seen is no proof', async ({
  cluster,
  address,
}) => {
  expect(await wordsOf(() => expect(cluster).toBeLinearizable())).toContain('No command was seen')
  const [alone] = await cluster.open(1, address)
  await cluster.ready()
  const words = await wordsOf(() => expect([alone, alone]).toElectLeader({ timeoutMs: 300 }))
  expect(words).toMatch(/A \(.{4}\): ready, leader, follows/)
  const late = await wordsOf(() => cluster.until('two tabs', () => false, { timeoutMs: 300 }))
  expect(late).toContain('In 300 ms the tabs never had two tabs.\nA (')
})

async function wordsOf(act: () => Promise<unknown>): Promise<string> {
  try {
    await act()
  } catch (error) {
    return String(error)
  }
  throw new Error('nothing failed')
}
