/** A group that has decided thousands of commands: what its disks hold, and how soon a newcomer takes part. */
import { weighStores } from './fixture/stores.ts'
import { expect, test } from './fixture/test.ts'
import type { Tab } from './fixture/tab.ts'

/** As many as a busy room decides in a day take `SNAPSHOT_ENTRIES=50000` and half a minute. */
const entries = Number(process.env['SNAPSHOT_ENTRIES'] ?? 4000)
/** The product keeps sixty times as much: there are as many snapshots here as with 60 times the entries. */
const logBytes = 16 * 1024

/** Asks for so many seats, all of which but one are taken by then: the state stays small. */
async function decide(tab: Tab, count: number): Promise<void> {
  await (
    await tab.group()
  ).evaluate(async (group, total) => {
    for (let done = 0; done < total; done += 1000) {
      const batch = Array.from({ length: Math.min(1000, total - done) }, (_, at) => `S${at % 50}`)
      await Promise.all(batch.map((seat) => group.do.book(seat).outcome))
    }
  }, count)
}

test('[SN4] [SN12] a tab joins a group that has decided thousands of commands by its snapshot, and no disk grows with them', async ({
  cluster,
}) => {
  const [first] = await cluster.open(1, { logBytes })
  await first.until('a group', ({ phase }) => phase === 'ready')
  await decide(first, entries)
  const begun = Date.now()
  const [other] = await cluster.open(1, { logBytes, context: await cluster.context() })
  await other.until('the group', ({ phase, commit }) => phase === 'ready' && commit > 0)
  const line = `written by the newcomer after ${Date.now() - begun} ms`
  expect(await other.write(line)).toMatchObject([{ kind: 'committed' }])
  const joinMs = Date.now() - begun
  expect((await other.state()).seats).toEqual((await first.state()).seats)
  expect((await other.figures()).journalBytes).toBeLessThan(entries * 20)
  const weights = [
    ...(await first.page.evaluate(weighStores)),
    ...(await other.page.evaluate(weighStores)),
  ]
  console.log(`${entries} entries: joined in ${joinMs} ms, disks of ${weights.join(' and ')} bytes`)
  expect(weights).toHaveLength(2)
  for (const weight of weights) expect(weight).toBeLessThan(2 * logBytes + 8 * 1024)

  await first.page.reload()
  await first.until('the group again', ({ phase }) => phase === 'ready')
  await first.until('all of it', ({ commit }) => commit > entries)
  const { commit: end } = await first.status()
  expect(await other.digest(end)).toEqual(await first.digest(end))
  expect((await first.state()).lines).toEqual([line])
})
