import { expect, measured, test } from './fixture/test.ts'

test('[UP9] the signaling server stops: who is in goes on, and a newcomer joins once it is back', async ({
  cluster,
}) => {
  const tabs = await cluster.open(3)
  await cluster.ready()
  // The browser itself writes that it cannot connect.
  for (const tab of tabs) tab.expectComplaint(/WebSocket connection to .* failed/)
  const invite = await tabs[0].invite()
  await cluster.signaling.stop()
  await cluster.until('the server gone', tabs, (all) =>
    all.every(({ signaling }) => signaling === 'mesh'),
  )
  for (const tab of tabs) {
    expect(await tab.write(`${tab.name} without a server`)).toMatchObject([{ kind: 'committed' }])
  }
  await cluster.ready(3)

  // Who comes back before the members do would be the first in an empty room: an invite says that there is a group.
  await cluster.signaling.start()
  const start = Date.now()
  const newcomer = await cluster.openInvite(invite)
  await newcomer.until('a place beside the voters', ({ rung }) => rung === 'standby')
  measured('a newcomer joined after the server’s return', Date.now() - start)
  expect(await newcomer.write('the newcomer')).toMatchObject([{ kind: 'committed' }])
  await cluster.agreed()
})

test('[UP10] two browsers, each with processes and a profile of its own, are one group', async ({
  cluster,
}) => {
  const [here, there] = await Promise.all([cluster.browser('here'), cluster.browser('there')])
  const [first] = await cluster.open(1, { context: here })
  const [second, third] = await cluster.open(2, { context: there })
  await cluster.ready(3)
  for (const tab of [first, second, third]) {
    expect(await tab.write(`from ${tab.name}`)).toMatchObject([{ kind: 'committed' }])
  }
  await cluster.agreed()
})
