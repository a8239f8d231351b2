/** All processes of a whole browser are killed under load, again and again: what its disk says then. */
import { isLongRun } from './fixture/long-run.ts'
import { expect, test } from './fixture/test.ts'
import type { Tab } from './fixture/tab.ts'

const rounds = isLongRun ? 20 : 2
/** Lines that each tab was told are decided when the end comes; another number each time. */
const linesUntil = (round: number): number => 20 + ((round * 37) % 60)

/** Each tab has all that was acknowledged, and nothing twice. */
async function demandKept(tabs: readonly Tab[], acknowledged: readonly string[]): Promise<void> {
  for (const tab of tabs) {
    const { lines } = await tab.state()
    const kept = new Set(lines)
    expect(kept.size, 'some line ran twice').toBe(lines.length)
    expect(acknowledged.filter((line) => !kept.has(line))).toEqual([])
  }
}

test('[UP76] a whole browser is killed under load, again and again: nothing that was acknowledged is missing, and nothing ran twice', async ({
  cluster,
}) => {
  test.setTimeout(60_000 + rounds * 60_000)
  const acknowledged: string[] = []
  let members: readonly string[] | undefined
  for (let round = 0; ; round += 1) {
    const browser = await cluster.killable('profile')
    const tabs = await cluster.open(3, { context: browser.context })
    await cluster.ready(3)
    await cluster.agreed()
    await demandKept(tabs, acknowledged)
    const names = (await Promise.all(tabs.map((tab) => tab.me()))).sort()
    expect(names).toEqual(members ?? names)
    members = names
    if (round === rounds) break
    await Promise.all(tabs.map((tab) => tab.startLoad(`${round} ${tab.name}`)))
    await Promise.all(
      tabs.map((tab) =>
        tab.untilTold('decided lines', () => tab.decided.length >= linesUntil(round)),
      ),
    )
    await browser.kill()
    acknowledged.push(...tabs.flatMap(({ decided }) => decided.map(({ line }) => line)))
  }
  const description = `killed ${rounds} times, ${acknowledged.length} lines were acknowledged`
  test.info().annotations.push({ type: 'kill', description })
  console.log(description)
})
