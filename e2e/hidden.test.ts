import { DrivenBrowser } from './fixture/driven-browser.ts'
import { expect, measured, test } from './fixture/test.ts'

/** How long the leader is away, and what no gap between decisions may reach: far above what is meant, see the measurement. */
const hiddenMs = 30_000
const gapMsMax = 15_000

test('[UP50] the leader’s tab is really hidden for half a minute: decisions go on, and a tab that is seen leads', async ({
  cluster,
}, testInfo) => {
  const origin = new URL(cluster.address()).origin
  const browser = await DrivenBrowser.chromium(testInfo.outputPath('profile'), origin)
  const leader = await browser.open(cluster.address())
  expect((await leader.write('first')).map(({ kind }) => kind)).toEqual(['committed'])
  const [a, b] = await cluster.open(2)
  await cluster.until('three voters', [a, b], (statuses) =>
    statuses.every(({ phase, quorum }) => phase === 'ready' && quorum.have === 3),
  )
  const before = await leader.status()
  expect(before.rung).toBe('leader')

  const gaps = a.longestGap(hiddenMs)
  await leader.hide()
  const gapMs = await gaps
  measured('longest time without a decision while the leader was hidden', gapMs)
  expect(gapMs).toBeLessThan(gapMsMax)
  const now = await a.until(
    'a leader that is seen',
    ({ phase, leader: id }) => phase === 'ready' && id !== undefined && id !== before.leader,
  )
  expect(now.ballot.num).toBeGreaterThan(before.ballot.num)

  await leader.show()
  expect((await leader.write('seen again')).map(({ kind }) => kind)).toEqual(['committed'])
  await cluster.agreed([a, b])
  await browser.close()
})
