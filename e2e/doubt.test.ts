import { expect, test } from './fixture/test.ts'

test('[XO6] a tab reloads while its commands are on their way: each runs once, and what came of it is told', async ({
  cluster,
}) => {
  const tabs = await cluster.open(3)
  await cluster.ready()
  const [tab, other] = await cluster.rest()
  if (tab === undefined || other === undefined) throw new Error('three tabs are two and a leader')
  // Ten are decided and the tab does not hear it; ten more do not get through. The tab believes that its leader got all of them.
  await (
    await tab.group()
  ).evaluate(async (group) => {
    const handed = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20))
    group.inspect.faults?.drop({ direction: 'in', share: 1 })
    for (let at = 0; at < 10; at += 1) void group.do.write(`heard ${at}`).outcome
    await handed()
    group.inspect.faults?.drop({ direction: 'out', share: 1 })
    for (let at = 0; at < 10; at += 1) void group.do.write(`lost ${at}`).outcome
    await handed()
  })
  await expect
    .poll(async () => (await other.state()).lines.filter((line) => line.startsWith('heard')).length)
    .toBe(10)
  await tab.page.reload()

  const resumed = await (
    await tab.group()
  ).evaluate((group) =>
    Promise.all(
      group.resumed.map(async ({ command, args, outcome }) => {
        const { kind } = await outcome
        return { command, args, kind }
      }),
    ),
  )
  const asked = ['heard', 'lost'].flatMap((word) =>
    Array.from({ length: 10 }, (_, at) => `${word} ${at}`),
  )
  expect(resumed).toEqual(asked.map((args) => ({ command: 'write', args, kind: 'committed' })))
  await cluster.agreed()
  for (const each of tabs) {
    const { lines } = await each.state()
    expect([...lines].sort()).toEqual([...asked].sort())
  }

  // What was told is in doubt no more.
  await tab.page.reload()
  expect(await (await tab.group()).evaluate((group) => group.resumed.length)).toBe(0)
})
