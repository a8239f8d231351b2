/** Many tabs of which most only watch, in real Chromium: what each of them knows, how it reads, and what it costs the others. */
import { expect, test } from './fixture/app-under-test.ts'
import { isLongRun } from './fixture/long-run.ts'

const members = 3
const observers = isLongRun ? 9 : 5
/** Who feeds it, one to turn to, three below it; and who is linked for a moment, or turns to it. */
const linksMax = 9

test('[OB1] [OB9] [OB12] most tabs only observe: they agree, read all that was decided, and keep few links', async ({
  cluster,
  address,
}) => {
  test.setTimeout(240_000)
  const tabs = await cluster.open(members + observers, address, { observers })
  await cluster.ready({ timeoutMs: 60_000 })
  const watching = tabs.filter(({ shown }) => shown?.rung === 'observer')
  expect(watching).toHaveLength(observers)
  expect(new Set(tabs.map(({ shown }) => shown?.quorum.voters.length))).toEqual(new Set([members]))

  const [observer] = watching
  const booked = await observer?.do('book', 'A1')
  expect(booked?.kind).toBe('committed')
  const read = await Promise.all(watching.map((tab) => tab.read()))
  const state = JSON.stringify(await cluster.leader().state())
  expect(read.map((each) => JSON.stringify(each))).toEqual(watching.map(() => state))

  const openLinks = (tab: (typeof tabs)[number]): number =>
    tab.shown?.links.filter((link) => link.state === 'open').length ?? 0
  await cluster.until('few links at each observer', () =>
    watching.every((tab) => openLinks(tab) <= linksMax),
  )
  await cluster.until(
    'no link of the leader to everybody',
    () => openLinks(cluster.leader()) < tabs.length - 1,
  )
  for (const { shown } of watching) expect(shown?.lagMs).toBeLessThan(30_000)
  await expect(cluster).toAgree()
  await expect(cluster).toBeLinearizable()
})
