/** A group that decides for a long time: what its disks hold in the end, as its records weigh and as the browser counts. */
import { isLongRun } from './fixture/long-run.ts'
import { weighStores } from './fixture/stores.ts'
import { expect, test } from './fixture/test.ts'
import type { Tab } from './fixture/tab.ts'

const entries = isLongRun ? 100_000 : 10_000
/** So long that a tenth of them is several logs, too. */
const seatLength = 400
/** How many are on their way at a time. */
const batch = 1000
const mebibyte = 1024 * 1024
/** Two snapshots of this small a state weigh nothing beside it. */
const bytesMax = 2 * mebibyte

/** Asks for so many seats, all of which but a few are taken by then: the state stays small, and the log would not. */
async function decide(tab: Tab, count: number): Promise<void> {
  await (
    await tab.group()
  ).evaluate(
    async (group, [total, together, length]) => {
      for (let done = 0; done < total; done += together) {
        const seats = Array.from({ length: together }, (_, at) => `S${at % 5}`.padEnd(length, '-'))
        await Promise.all(seats.map((seat) => group.do.book(seat).outcome))
      }
    },
    [count, batch, seatLength] as const,
  )
}

test('[SN12] tabs that decided a hundred thousand commands keep less than two snapshots and 2 MiB each', async ({
  cluster,
}) => {
  test.setTimeout(isLongRun ? 900_000 : 120_000)
  // A profile on the disk: what a browser counts in memory would say little.
  const tabs = await cluster.open(3, { context: await cluster.browser('profile') })
  await cluster.ready()
  const begun = Date.now()
  await decide(tabs[0], entries)
  const tookMs = Date.now() - begun
  const { end, commands } = await cluster.agreed()
  expect(commands).toBe(entries)
  const weights = await tabs[0].page.evaluate(weighStores)
  const { usage } = await tabs[0].page.evaluate(() => navigator.storage.estimate())
  // The browser packs records, and throws away what is deleted when it likes: its count is a figure, the weights are a promise.
  const description =
    `${entries} commands of ${seatLength} bytes in ${tookMs} ms, ${end} entries: ` +
    `stores of ${weights.join(', ')} bytes; the browser counts ${usage}`
  test.info().annotations.push({ type: 'storage', description })
  console.log(description)
  expect(weights).toHaveLength(3)
  for (const weight of weights) expect(weight).toBeLessThan(bytesMax)
})
