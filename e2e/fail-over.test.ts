import type { Cluster } from './fixture/cluster.ts'
import { killRenderer, rendererPids } from './fixture/renderer.ts'
import { expect, measured, test } from './fixture/test.ts'
import type { Tab } from './fixture/tab.ts'

/** The others decide without the leader that is gone, and under one of their own. Resolves with what it took. */
async function decideWithout(gone: string, rest: readonly Tab[]): Promise<number> {
  const start = Date.now()
  const outcomes = await Promise.all(rest.map((tab) => tab.write(`${tab.name} goes on`)))
  const ms = Date.now() - start
  const [witness] = rest
  for (const outcome of outcomes.flat()) {
    if (outcome.kind !== 'committed') throw new Error(`not decided: ${outcome.kind}`)
    const entries = (await witness?.entries(50)) ?? []
    const entry = entries.find(({ index }) => index === outcome.index)
    expect(entry?.ballot.node).not.toBe(gone)
  }
  return ms
}

async function expectNewLeader(cluster: Cluster, gone: string): Promise<void> {
  // Two of three are a majority; once the third has been away for long enough, one is a group of its own.
  await cluster.until('another leader', cluster.tabs, (all) =>
    all.every(
      ({ phase, leader, quorum }) =>
        phase === 'ready' &&
        leader !== gone &&
        leader === all[0]?.leader &&
        quorum.have === (quorum.voters.length === 3 ? 2 : 1),
    ),
  )
  await cluster.agreed()
}

test('[UP3] the leader’s tab is closed, and the others decide', async ({ cluster }) => {
  await cluster.open(3)
  await cluster.ready()
  const leader = await cluster.leader()
  const rest = await cluster.rest(leader)
  const gone = await leader.me()
  await rest[0]?.write('before')

  await leader.close()
  measured('decided after the leader’s tab was closed', await decideWithout(gone, rest))
  await expectNewLeader(cluster, gone)
})

/** Its process ends in the middle of a word; `before`: done once the group stands. */
async function killLeader(cluster: Cluster, before: () => Promise<void>): Promise<void> {
  const tabs = await cluster.open(3)
  await cluster.ready()
  const pids = await rendererPids(tabs.map(({ page }) => page))
  expect(new Set(pids).size, 'each tab has a process of its own').toBe(3)
  const leader = await cluster.leader()
  const rest = await cluster.rest(leader)
  const gone = await leader.me()
  await rest[0]?.write('before')
  await before()

  await killRenderer(leader.page, pids[tabs.indexOf(leader)] ?? 0)
  measured('decided after the leader’s process was killed', await decideWithout(gone, rest))
  await expectNewLeader(cluster, gone)
}

test('[UP4] the leader’s process is killed, and the others decide', async ({ cluster }) => {
  await killLeader(cluster, () => Promise.resolve())
})

test('[UP4] the leader’s process is killed while no server can tell, and the others decide', async ({
  cluster,
}) => {
  await killLeader(cluster, async () => {
    // The browser itself writes that it cannot connect.
    for (const tab of cluster.tabs) tab.expectComplaint(/WebSocket connection to .* failed/)
    await cluster.signaling.stop()
    await cluster.until('no server', cluster.tabs, (all) =>
      all.every(({ signaling }) => signaling === 'mesh'),
    )
  })
})
