/** Three tabs that are one group, and the check that they agree. Knows when they are ready; measures nothing. */
import { setTimeout as sleep } from 'node:timers/promises'
import { BenchError } from './bench-error.ts'
import type { GroupView } from './page/bench-page.ts'
import type { Stand, Tab, Tabs } from './stand.ts'
import { ask, askAll } from './stand.ts'

export const tabCount = 3

export interface Trio {
  readonly tabs: readonly Tab[]
  readonly leader: Tab
  readonly voters: readonly Tab[]
  readonly close: () => Promise<void>
}

const patienceMs = 60_000
const lookEveryMs = 100
/** After it grew to three voters a group still tells all of it; what is measured begins after that. */
const calmMs = 1000

async function viewsWhen(
  tabs: readonly Tab[],
  what: string,
  isSo: (views: readonly GroupView[]) => boolean,
): Promise<readonly GroupView[]> {
  const until = performance.now() + patienceMs
  for (;;) {
    const views = await askAll(tabs, 'view', () => [])
    if (isSo(views)) return views
    if (performance.now() > until) {
      throw new BenchError(`After ${patienceMs / 1000} s ${what}: ${JSON.stringify(views)}`)
    }
    await sleep(lookEveryMs)
  }
}

const isTrio = (views: readonly GroupView[]): boolean =>
  views.every(
    ({ isReady, voters, members }) => isReady && voters === tabCount && members === tabCount,
  ) &&
  views.filter(({ rung }) => rung === 'leader').length === 1 &&
  new Set(views.map(({ decidedEnd }) => decidedEnd)).size === 1

/** With `raw`, there are bare channels between the tabs as well. */
export async function openTrio(stand: Stand, raw?: 'raw'): Promise<Trio> {
  const opened: Tabs = await stand.openTabs(tabCount)
  const { all: tabs, close } = opened
  const room = stand.room()
  // One after the other: the first founds the group, and the others find it.
  for (const tab of tabs) {
    await ask(tab, 'openGroup', { room, signal: stand.signalUrl, tab: tab.number })
  }
  if (raw !== undefined) {
    await askAll(tabs, 'connectRaw', ({ number }) => [{ room, tab: number, tabs: tabCount }])
  }
  const views = await viewsWhen(tabs, 'the three tabs are no group of three voters', isTrio)
  await sleep(calmMs)
  const leader = tabs[views.findIndex(({ rung }) => rung === 'leader')]
  if (leader === undefined) throw new BenchError('No tab leads.')
  return { tabs, leader, voters: tabs.filter((tab) => tab !== leader), close }
}

/** Throws BenchError unless all tabs hold the same `commands` commands in the same order. */
export async function checkAgreement({ tabs }: Trio, commands: number): Promise<void> {
  const [first] = await viewsWhen(
    tabs,
    'the tabs do not know the same prefix to be decided',
    (views) => new Set(views.map(({ decidedEnd }) => decidedEnd)).size === 1,
  )
  const end = first?.decidedEnd ?? 0
  const digests = await askAll(tabs, 'digest', () => [end])
  if (new Set(digests.map(({ hash }) => hash)).size !== 1) {
    throw new BenchError(`The tabs disagree: ${JSON.stringify(digests)}`)
  }
  const [digest] = digests
  if (digest?.commands !== commands) {
    throw new BenchError(`${commands} commands were decided, but the log has ${digest?.commands}.`)
  }
}
