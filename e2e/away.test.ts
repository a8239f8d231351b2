import type { Cluster } from './fixture/cluster.ts'
import type { DrivenTab } from './fixture/driven-browser.ts'
import { DrivenBrowser } from './fixture/driven-browser.ts'
import type { Tab } from './fixture/tab.ts'
import { expect, test } from './fixture/test.ts'

/** Three tabs, led by the one that a test sends away: it has a browser of its own. */
async function threeWith(
  browser: DrivenBrowser,
  cluster: Cluster,
): Promise<readonly [DrivenTab, Tab, Tab]> {
  const leader = await browser.open(cluster.address())
  expect((await leader.write('first')).map(({ kind }) => kind)).toEqual(['committed'])
  const [a, b] = await cluster.open(2)
  await cluster.until('three voters', [a, b], (statuses) =>
    statuses.every(({ phase, quorum }) => phase === 'ready' && quorum.have === 3),
  )
  return [leader, a, b]
}

const originOf = (cluster: Cluster): string => new URL(cluster.address()).origin

test('[PL3] a page that the browser keeps while its tab shows another one comes back as the member that it was', async ({
  cluster,
}, testInfo) => {
  const browser = await DrivenBrowser.chromium(testInfo.outputPath('profile'), originOf(cluster))
  const [traveller, a, b] = await threeWith(browser, cluster)
  const me = await traveller.me()
  for (const round of [1, 2]) {
    await traveller.leaveFor(`${originOf(cluster)}/blank`)
    await a.until(
      'another leader',
      ({ phase, leader }) => phase === 'ready' && leader !== undefined && leader !== me,
    )
    await a.write(`while it was away, ${round}`)
    expect(await traveller.goBack()).toBe(true)
    await traveller.ready()
    const [back] = await traveller.write(`back again, ${round}`)
    expect(back?.kind).toBe('committed')
    expect(await traveller.me()).toBe(me)
    await cluster.until('three voters', [a, b], (statuses) =>
      statuses.every(({ phase, quorum }) => phase === 'ready' && quorum.have === 3),
    )
  }
  const { commit } = await a.status()
  expect(await traveller.digest(commit)).toEqual(await a.digest(commit))
  await cluster.agreed([a, b])
  await browser.close()
})

test('[PL5] a tab that the browser freezes is done without, and goes on where it stood', async ({
  cluster,
}, testInfo) => {
  const browser = await DrivenBrowser.chromium(testInfo.outputPath('profile'), originOf(cluster))
  const [sleeper, a, b] = await threeWith(browser, cluster)
  const me = await sleeper.me()
  await sleeper.hide()
  await sleeper.freeze()
  await a.until(
    'a leader that is not frozen, and the frozen one missing',
    ({ phase, leader, members }) =>
      phase === 'ready' &&
      leader !== me &&
      members.some(({ id, reached }) => id === me && !reached),
  )
  expect((await a.write('while it stood still')).map(({ kind }) => kind)).toEqual(['committed'])
  await sleeper.resume()
  await sleeper.show()
  expect((await sleeper.write('awake')).map(({ kind }) => kind)).toEqual(['committed'])
  await cluster.agreed([a, b])
  await browser.close()
})
