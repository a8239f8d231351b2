/** A group of tabs with a peer in Node, which stays when they go. */
import { join, resolve } from 'node:path'
import { NodePeer } from './fixture/node-peer.ts'
import type { Tab } from './fixture/tab.ts'
import { expect, test } from './fixture/test.ts'

const machine = resolve(import.meta.dirname, 'app/ledger.ts')

/** One after the other, each when it says that this stops nobody. */
async function closeAll(tabs: readonly Tab[], peers = 1): Promise<void> {
  for (const [at, tab] of tabs.entries()) {
    const others = peers + tabs.length - at - 1
    await tab.until(
      'leave to close',
      ({ bequest, members }) => bequest.mayClose && members.length === others + 1,
    )
    await tab.close()
  }
}

test('[NP8] [NP13] two tabs and a peer decide together, and what they decided outlives all tabs; two more stand by and observe', async ({
  cluster,
}, testInfo) => {
  const tabs = await cluster.open(2, { secret: 'hush' })
  const [first] = tabs
  await first.until('a group', ({ phase }) => phase === 'ready')
  const invite = await first.invite()
  const peer = await NodePeer.start(invite, join(testInfo.outputPath(), 'peer'))
  await cluster.ready(3)
  await Promise.all(tabs.map((tab) => tab.write(`${tab.name} was here`)))
  const seen = await cluster.agreed()
  const more = await Promise.all(
    (['standby', 'observer'] as const).map(async (role) => {
      const one = await NodePeer.start(invite, join(testInfo.outputPath(), role), '--role', role)
      await one.until(role, ({ rung, commit }) => rung === role && commit >= seen.end)
      return { one, role }
    }),
  )
  await closeAll(tabs, 3)
  // One of the two could have had the place of a tab that went.
  await peer.until(
    'the only vote',
    ({ phase, voters, members }) => [phase, voters, members].join() === 'ready,1,3',
  )
  for (const { one, role } of more) {
    await one.until(`${role} still`, ({ rung, members }) => rung === role && members >= 2)
    expect(await one.stop()).toBe(0)
  }

  // Strangers, with empty disks: what they see comes from the peer.
  const stranger = await cluster.openInvite(invite, { context: await cluster.context() })
  await stranger.until('the group', ({ phase }) => phase === 'ready')
  expect(await stranger.digest(seen.end)).toEqual(seen)
  expect((await stranger.state()).lines.slice().sort()).toEqual(['A was here', 'B was here'])
  expect(await stranger.write('a stranger')).toMatchObject([{ kind: 'committed' }])
  expect(await peer.stop()).toBe(0)
})

test('[NP9] a peer is killed under load and started again, and nothing that was decided is missing', async ({
  cluster,
}, testInfo) => {
  const tabs = await cluster.open(2)
  const [first] = tabs
  await first.until('a group', ({ phase }) => phase === 'ready')
  const invite = await first.invite()
  const folder = join(testInfo.outputPath(), 'peer')
  const peer = await NodePeer.start(invite, folder, '--machine', machine)
  await cluster.ready(3)
  for (const tab of tabs) await tab.startLoad(tab.name)
  const told = (count: number): Promise<unknown> =>
    Promise.all(
      tabs.map((tab) => tab.untilTold('decided lines', () => tab.decided.length >= count)),
    )
  await told(20)
  await peer.kill()
  await told(40)
  for (const tab of tabs) expect(await tab.stopLoad()).toEqual([])
  const again = await NodePeer.start(invite, folder, '--machine', machine)
  expect(again.me).toBe(peer.me)
  await cluster.ready(3)
  const { end } = await cluster.agreed()
  await again.until('all of it', ({ commit }) => commit >= end)
  await closeAll(tabs)
  const stranger = await cluster.openInvite(invite, { context: await cluster.context() })
  await stranger.until('the group', ({ phase }) => phase === 'ready')
  const { lines } = await stranger.state()
  for (const { line } of tabs.flatMap(({ decided }) => decided)) {
    expect(lines.filter((each) => each === line)).toHaveLength(1)
  }
  await again.kill()
})
