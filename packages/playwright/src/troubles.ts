/** Troubles in one tab, through the faults that its group offers. Knows tabs; which of them suffer is for cluster.ts to say. */
import type { Faults } from 'unanimous'
import type { Lossiness } from './lossiness.ts'
import type { Tab } from './tab.ts'

/** `act` runs in the page: it can use nothing from outside itself. */
async function withFaults<A>(
  tab: Tab,
  act: (faults: Faults, argument: A) => void,
  argument: A,
): Promise<void> {
  await tab.group()
  const faults = await tab.page.evaluateHandle(() => window.unanimousTest.faults())
  await faults.evaluate(act as (faults: Faults, argument: unknown) => void, argument)
}

/** Nothing of `from` reaches `to` any more. */
export async function cutTowards(from: Tab, to: Tab): Promise<void> {
  const { me } = await from.identity()
  await withFaults(to, (faults, peer) => faults.cut(peer, { direction: 'in' }), me)
}

export async function healTab(tab: Tab): Promise<void> {
  await withFaults(tab, (faults) => faults.heal(), undefined)
}

export async function makeLossy(tab: Tab, lossiness: Lossiness): Promise<void> {
  await withFaults(
    tab,
    (faults, { name, drop, delayMs, duplicate, reorder }) => {
      faults.seed(name)
      if (drop !== undefined) faults.drop({ share: drop })
      if (delayMs !== undefined) faults.delay({ ms: delayMs })
      if (duplicate !== undefined) faults.duplicate({ share: duplicate })
      if (reorder !== undefined) faults.reorder({ share: reorder ? 0.1 : 0 })
    },
    { name: tab.name, ...lossiness },
  )
}

export async function stallTab(tab: Tab, ms: number): Promise<void> {
  await withFaults(tab, (faults, stallMs) => faults.stall(stallMs), ms)
}

export async function stopSignaling(tab: Tab): Promise<void> {
  await withFaults(tab, (faults) => faults.stopSignaling(), undefined)
}

export async function startSignaling(tab: Tab): Promise<void> {
  await withFaults(tab, (faults) => faults.startSignaling(), undefined)
}
