/** Tabs with the bundle of another day: who has to reload says so, and what was decided before outlives the change. */
import { expect, test } from './fixture/test.ts'

test('[UP75] a tab of a version whose wire is older says that it must reload, and has lost nothing when it does', async ({
  cluster,
}) => {
  const old = await cluster.open(2, { frozen: true })
  await Promise.all(old.map((tab) => tab.until('a group', ({ phase }) => phase === 'ready')))
  const [one, other] = old
  await one.write('written before')
  const seen = await one.digest((await one.status()).commit)

  await other.page.goto(cluster.address())
  const { outdated } = await other.until('somebody who is older', ({ why }) =>
    /Another tab in this room runs an older version: reload that one|Reload the older one/.test(
      why ?? '',
    ),
  )
  expect(outdated).toBe(false)
  await one.until('somebody who is newer', ({ links }) =>
    links.some(({ refused }) => refused?.includes('Reload the older one')),
  )

  await one.page.goto(cluster.address())
  await cluster.until('one group', old, (all) =>
    all.every(({ phase, members }) => phase === 'ready' && members.length === 2),
  )
  expect((await other.state()).lines).toEqual(['written before'])
  expect(await other.write('written after')).toMatchObject([{ kind: 'committed' }])
  expect(await one.digest(seen.end)).toEqual(seen)
})
