import { expect, test } from './fixture/test.ts'

for (const { tabs: count, rooms } of [
  { tabs: 2, rooms: 5 },
  { tabs: 5, rooms: 3 },
] as const) {
  test(`[UP11] ${count} tabs that open a new room at the same moment end in one group`, async ({
    cluster,
  }) => {
    const tabs = await cluster.open(count, { room: 'new 0' })
    for (let room = 0; room < rooms; room += 1) {
      if (room > 0) {
        const address = cluster.address({ room: `new ${room}` })
        await Promise.all(tabs.map(({ page }) => page.goto(address)))
      }
      const statuses = await cluster.until('a place in a group', tabs, (all) =>
        all.every(({ phase, rung }) => phase === 'ready' && rung !== 'observer'),
      )
      expect(new Set(statuses.map(({ group }) => group)).size).toBe(1)
      expect(statuses.map(({ conflict }) => conflict)).toEqual(tabs.map(() => undefined))
      const written = await Promise.all(tabs.map((tab) => tab.write(`${tab.name} in ${room}`)))
      for (const outcomes of written) expect(outcomes).toMatchObject([{ kind: 'committed' }])
      expect((await cluster.agreed()).commands).toBe(count)
    }
  })
}

test('[UP12] two groups that meet in one room are told of each other, and are not mixed', async ({
  cluster,
}) => {
  const ours = await cluster.open(3)
  await cluster.ready()
  await ours[0].write('ours')
  const before = await cluster.agreed(ours)
  const [ourStatus] = await Promise.all(ours.map((tab) => tab.status()))

  const start = Date.now()
  const [stranger] = await cluster.open(1, { found: 'always', context: await cluster.context() })
  await stranger.write('theirs')
  const theirStatus = await stranger.status()
  expect(theirStatus.group).not.toBe(ourStatus?.group)

  for (const tab of [...ours, stranger]) {
    await tab.untilTold('word of the other group', () => tab.conflicts.length > 0)
    await tab.until('a conflict', ({ conflict }) => conflict !== undefined)
  }
  for (const { conflicts } of ours) {
    expect(conflicts[0]).toMatchObject({ group: theirStatus.group, voters: 1 })
  }
  expect(stranger.conflicts[0]).toMatchObject({ group: ourStatus?.group, voters: 3 })
  const [theirs, oursAgain] = [ours[0].conflicts[0], stranger.conflicts[0]]
  expect(theirs?.founded.getTime()).toBeGreaterThanOrEqual(start)
  expect(oursAgain?.founded.getTime()).toBeLessThan(start)

  await ours[1].write('ours again')
  const after = await cluster.agreed(ours)
  expect(after.commands).toBe(before.commands + 1)
  expect(await stranger.state()).toMatchObject({ lines: ['theirs'] })
  expect(await ours[2].state()).toMatchObject({ lines: ['ours', 'ours again'] })
  for (const tab of ours) expect((await tab.status()).quorum.voters).toHaveLength(3)
})

test('[UP13] an invite leads into the group that it names, and into no other', async ({
  cluster,
}) => {
  const [host] = await cluster.open(1)
  await host.until('a group', ({ phase }) => phase === 'ready')
  const invite = await host.invite()
  const { group } = await host.status()
  await host.write('before the guest')
  await host.close()

  // The room is empty, then another group is in it: the guest neither founds nor takes what is there.
  const guest = await cluster.openInvite(invite, { context: await cluster.context() })
  const alone = await guest.until('an empty room', ({ why }) => why?.startsWith('Waiting') === true)
  expect(alone).toMatchObject({ phase: 'joining', group: undefined, signaling: 'online' })
  const [other] = await cluster.open(1, { found: 'always', context: await cluster.context() })
  await other.write('another group')
  await guest.untilFigures('a welcome that is not meant for it', ({ ignored }) =>
    Object.hasOwn(ignored, 'welcome otherGroup'),
  )
  expect(await guest.status()).toMatchObject({ phase: 'joining', group: undefined })
  await other.close()

  // The host comes back, in the browser that holds its store.
  await cluster.open(1)
  await guest.until('the host’s group', ({ phase }) => phase === 'ready')
  expect(await guest.status()).toMatchObject({ group })
  expect(await guest.state()).toMatchObject({ lines: ['before the guest'] })
})

test('[UP14] a tab that must not found waits for a member', async ({ cluster }) => {
  const [waiting] = await cluster.open(1, { found: 'never' })
  const alone = await waiting.until('an empty room', ({ signaling }) => signaling === 'online')
  expect(alone).toMatchObject({ phase: 'joining', group: undefined })
  expect(alone.why).toContain('Waiting for a member')

  const [founder] = await cluster.open(1, { found: 'always' })
  await waiting.until('the founder’s group', ({ phase }) => phase === 'ready')
  expect(await waiting.status()).toMatchObject({ group: (await founder.status()).group })
})
