import type { Cluster } from './fixture/cluster.ts'
import type { Tab } from './fixture/tab.ts'
import type { GroupStatus } from 'unanimous'
import { expect, test } from './fixture/test.ts'

/** Four people, each in a browser of their own. */
async function people(cluster: Cluster): Promise<readonly [Tab, Tab, Tab, Tab]> {
  const [first] = await cluster.open(1, { secret: 'the first secret' })
  await cluster.ready(1)
  const invite = await first.invite()
  const join = async (): Promise<Tab> =>
    cluster.openInvite(invite, { context: await cluster.context() })
  const tabs = [first, await join(), await join(), await join()] as const
  await cluster.until('all four are in', [...tabs], (all) =>
    all.every(
      ({ phase, members, quorum }) =>
        phase === 'ready' && members.length === 4 && quorum.voters.length === 3,
    ),
  )
  return tabs
}

const secretOf = (link: string): string | null =>
  new URLSearchParams(new URL(link).hash.slice(1)).get('secret')

const rotate = async (tab: Tab): Promise<void> =>
  (await tab.group()).evaluate((group) => group.admin.rotate())

test('[RS9] who was removed stays out with the old link, who was away comes back with it, and the group goes on', async ({
  cluster,
}) => {
  const [keeper, other, away, mallory] = await people(cluster)
  const oldInvite = await keeper.invite()
  const me = await mallory.me()
  await (await keeper.group()).evaluate((group, id) => group.admin.remove(id), me)
  const members = [await keeper.me(), await other.me()]
  // Those who are left with the old secret may talk to each other.
  const isShutOff = (links: GroupStatus['links']): boolean =>
    members.every((id) => !links.some(({ peer, state }) => peer === id && state === 'open'))
  const awayUrl = away.page.url()
  const awayId = await away.me()
  const awayContext = away.page.context()
  await away.close()

  await rotate(keeper)
  // Once more: who is away has missed two secrets then.
  await rotate(other)
  const invite = await other.invite()
  expect(secretOf(oldInvite)).toBe('the first secret')
  expect(secretOf(invite)).toMatch(/^[0-9a-f]{32}$/)
  await keeper.until('the new secret', ({ rotations }) => rotations === 2)
  expect(secretOf(await keeper.invite())).toBe(secretOf(invite))
  expect(await keeper.write('after')).toMatchObject([{ kind: 'committed' }])
  await mallory.until('all links closed', ({ links, why }) => {
    return links.every(({ state }) => state !== 'open') && why?.includes('new invite') === true
  })

  // With the old link and the old store, and with the old link as somebody new.
  await mallory.page.reload()
  const renamed = await cluster.openInvite(oldInvite, { context: await cluster.context() })
  for (const outside of [mallory, renamed]) {
    await outside.until('it is told to ask', ({ links, why }) => {
      return isShutOff(links) && why?.includes('new invite') === true
    })
  }

  const back = await cluster.openInvite(awayUrl, { context: awayContext })
  await back.until('a member again', ({ phase, rotations }) => phase === 'ready' && rotations === 2)
  expect(await back.me()).toBe(awayId)
  expect(secretOf(await back.invite())).toBe(secretOf(invite))
  expect(await back.write('I am back')).toMatchObject([{ kind: 'committed' }])

  // A page that is reloaded with the old link still opens the group with the new secret.
  await keeper.page.reload()
  await keeper.until('back', ({ phase, rotations }) => phase === 'ready' && rotations === 2)
  expect(await keeper.write('so am I')).toMatchObject([{ kind: 'committed' }])
  const guest = await cluster.openInvite(invite, { context: await cluster.context() })
  await guest.until('let in', ({ phase }) => phase === 'ready')
  for (const outside of [mallory, renamed]) {
    expect(isShutOff((await outside.status()).links)).toBe(true)
  }
})
