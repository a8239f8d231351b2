/** Real links of which some are cut on purpose, as the networks are in which other protocols stop. */
import type { Cluster } from './fixture/cluster.ts'
import { expect, measured, test } from './fixture/test.ts'
import type { Tab } from './fixture/tab.ts'

/** By the places of two tabs: from the first to the second. */
type OneWay = readonly [from: number, to: number]

async function cut(tabs: readonly Tab[], ways: readonly OneWay[]): Promise<void> {
  const ids = await Promise.all(tabs.map((tab) => tab.me()))
  for (const [from, to] of ways) {
    const [tab, peer] = [tabs[from], ids[to]]
    if (tab === undefined || peer === undefined) throw new Error('no such tab')
    await (
      await tab.group()
    ).evaluate((group, id) => {
      group.inspect.faults?.cut(id, { direction: 'out' })
    }, peer)
  }
}

/** All pairs but those of `kept`, both ways. */
function allBut(count: number, kept: readonly OneWay[]): readonly OneWay[] {
  const isKept = (a: number, b: number): boolean =>
    kept.some(([from, to]) => from === a && to === b)
  return Array.from({ length: count }, (_, a) => a).flatMap((a) =>
    Array.from({ length: count }, (_, b) => [a, b] as const).filter(
      ([from, to]) => from !== to && !isKept(from, to) && !isKept(to, from),
    ),
  )
}

/** Each tab proposes by itself, a few times in a row, and all of it is decided. */
async function eachDecides(cluster: Cluster, what: string): Promise<void> {
  const start = Date.now()
  for (let round = 0; round < 3; round += 1) {
    const written = await Promise.all(
      cluster.tabs.map((tab) => tab.write(`${tab.name} ${what} ${round}`)),
    )
    for (const outcomes of written) expect(outcomes).toMatchObject([{ kind: 'committed' }])
  }
  measured(`three rounds of proposals ${what}`, Date.now() - start)
  await cluster.agreed()
}

async function decideOver(
  cluster: Cluster,
  { count, ways }: { readonly count: 3 | 5; readonly ways: readonly OneWay[] },
): Promise<void> {
  const tabs = await cluster.open(count)
  await cluster.ready(count)
  await cut(tabs, ways)
  await eachDecides(cluster, 'over crooked links')
}

test('[UP42] two of three tabs reach each other through the third only, and each goes on deciding', async ({
  cluster,
}) => {
  const links = [
    [0, 1],
    [1, 2],
  ] as const
  await decideOver(cluster, { count: 3, ways: allBut(3, links) })
})

test('[UP43] a direction between two of three tabs is cut, and each goes on deciding', async ({
  cluster,
}) => {
  await decideOver(cluster, { count: 3, ways: [[0, 1]] })
})

test('[UP44] five tabs are a chain, and each goes on deciding', async ({ cluster }) => {
  const links = [
    [0, 1],
    [1, 2],
    [2, 3],
    [3, 4],
  ] as const
  await decideOver(cluster, { count: 5, ways: allBut(5, links) })
})

test('[UP45] four of five tabs have but one link, to the fifth, and each goes on deciding', async ({
  cluster,
}) => {
  const links = [
    [0, 1],
    [0, 2],
    [0, 3],
    [0, 4],
  ] as const
  await decideOver(cluster, { count: 5, ways: allBut(5, links) })
})

test('[UP46] the server stops, a link breaks, and it is built anew through the others', async ({
  cluster,
}) => {
  const tabs = await cluster.open(3)
  await cluster.ready(3)
  for (const tab of tabs) tab.expectComplaint(/WebSocket connection to .* failed/)
  await cluster.signaling.stop()
  await cluster.until('the server gone', tabs, (all) =>
    all.every(({ signaling }) => signaling === 'mesh'),
  )
  const peer = await tabs[1].me()
  const generationOf = ({ links }: Awaited<ReturnType<Tab['status']>>): number =>
    links.find((link) => link.peer === peer && link.state === 'open')?.generation ?? 0
  const before = generationOf(await tabs[0].status())
  const start = Date.now()
  await (await tabs[0].group()).evaluate((group, id) => group.inspect.faults?.breakLink(id), peer)
  await tabs[0].until('another connection', (status) => generationOf(status) > before)
  measured('a broken link was built anew through another tab', Date.now() - start)
  await eachDecides(cluster, 'without a server')
  expect(await tabs[0].status()).toMatchObject({ signaling: 'mesh' })
})

test('[UP47] a follower that is stalled for ten seconds and wakes starts no election', async ({
  cluster,
}) => {
  const tabs = await cluster.open(3)
  await cluster.ready(3)
  const leader = await cluster.leader()
  const rest = await cluster.rest(leader)
  const ballot = (await leader.status()).ballot
  const [stalled, other] = rest
  if (stalled === undefined || other === undefined)
    throw new Error('three tabs are two and a leader')
  const over = (await stalled.group()).evaluate((group) => group.inspect.faults?.stall(10_000))
  expect(await other.write('while one of us is stalled')).toMatchObject([{ kind: 'committed' }])
  await over
  expect(await stalled.write('back again')).toMatchObject([{ kind: 'committed' }])
  await cluster.ready(3)
  for (const status of await Promise.all(tabs.map((tab) => tab.status()))) {
    expect(status.ballot).toEqual(ballot)
  }
  await cluster.agreed()
})
