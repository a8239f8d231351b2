/** A long day of five tabs in a minute, or in as many as asked for: whatever happens to them, one order explains all. */
import type { Cluster, Tab } from './fixture/app-under-test.ts'
import { expect, test } from './fixture/app-under-test.ts'
import { minutes, seed } from './fixture/long-run.ts'

/** The same for the same seed (Park and Miller's generator). */
function diceOf(start: number): (sides: number) => number {
  let state = (start % 2_147_483_646) + 1
  return (sides) => {
    state = (state * 48_271) % 2_147_483_647
    return state % sides
  }
}

interface Trouble {
  readonly name: string
  readonly make: (cluster: Cluster, tab: Tab, other: Tab) => Promise<void>
}

const troubles: readonly Trouble[] = [
  { name: 'reload', make: (cluster, tab) => cluster.reload(tab) },
  { name: 'stall', make: (cluster, tab) => cluster.stall(tab, 3000) },
  { name: 'hide', make: (cluster, tab) => cluster.hide(tab) },
  { name: 'show', make: (cluster, tab) => cluster.show(tab) },
  { name: 'cut', make: (cluster, tab, other) => cluster.cut(tab, other) },
  { name: 'cut one way', make: (cluster, tab, other) => cluster.cut(tab, other, { oneWay: true }) },
  { name: 'heal', make: (cluster) => cluster.heal() },
  { name: 'no server', make: (cluster) => cluster.signalingDown() },
  { name: 'a server', make: (cluster) => cluster.signalingUp() },
]

/** Commands under way at a time: whatever a trouble does to them, their outcomes come or their tabs go. */
const underWayMax = 20

test('[UP48] five tabs in all sorts of trouble break no invariant, and one order explains what they decided', async ({
  cluster,
  address,
}) => {
  test.setTimeout((minutes + 4) * 60_000)
  const tabs = await cluster.open(5, address)
  await cluster.ready({ timeoutMs: 120_000 })
  const dice = diceOf(seed)
  const until = Date.now() + minutes * 60_000
  let [made, told] = [0, 0]
  const underWay = new Set<Promise<unknown>>()
  const propose = (tab: Tab): void => {
    if (underWay.size >= underWayMax) return
    const line = `line ${(told += 1)}`
    // A page that reloads takes its answer along; what it was told before is in the history.
    const ended = tab.do('write', line).catch(() => undefined)
    underWay.add(ended)
    void ended.then(() => underWay.delete(ended))
  }
  while (Date.now() < until) {
    const [tab, other, trouble] = [
      tabs[dice(tabs.length)],
      tabs[dice(tabs.length)],
      troubles[dice(troubles.length)],
    ]
    if (tab === undefined || other === undefined || trouble === undefined || tab === other) continue
    for (const each of tabs) if (each !== tab) propose(each)
    await trouble.make(cluster, tab, other)
    made += 1
    if (made % 25 === 0) console.log(`soak, seed ${seed}: ${made} troubles, ${told} commands`)
  }
  await cluster.signalingUp()
  await cluster.heal()
  for (const tab of tabs) await cluster.show(tab)
  await cluster.ready({ timeoutMs: 120_000 })
  for (const tab of tabs) expect((await tab.do('write', 'it is over')).kind).toBe('committed')
  await expect(cluster).toAgree({ timeoutMs: 60_000 })
  await expect(cluster).toBeLinearizable()
  for (const tab of tabs) {
    const violated = await tab.page.evaluate(async () =>
      (await window.unanimous).inspect.invariants().filter(({ violated: count }) => count > 0),
    )
    expect(violated).toEqual([])
  }
  test.info().annotations.push({
    type: 'soak',
    description: `seed ${seed}: ${made} troubles, ${told} commands`,
  })
})
