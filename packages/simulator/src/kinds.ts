/**
 * Tabs in a world that are not like the others: some would rather have no vote, one from its beginning, and the founder, which has
 * one, from a restart on; some have no machine, so that they make no snapshots. Draws everything from its own seed, so that a
 * world without them is the same as before there were any.
 */
import type { ReplicaId } from '@unanimous/core/internal'
import { Rng } from './rng.ts'
import type { World } from './world.ts'

/** Worlds below this seed are what they were before: the fixed ones of tests, and those that controls are found in. */
const firstSeed = 100_000

/** Milliseconds until the founder starts again. */
const changeMs = [2000, 20_000] as const
const awayMs = [10, 2000] as const

/** Called when the tabs are there, before they open. `gone`: who does not come back. */
export function letSomeDiffer(world: World, seed: number, gone: ReadonlySet<ReplicaId>): void {
  if (seed < firstSeed) return
  letSomeStandBy(world, seed, gone)
  const rng = new Rng(seed ^ 0x0e1d)
  if (rng.chance(1, 2)) return
  for (const tab of world.tabs.values()) tab.unread = rng.chance(1, 3)
}

function letSomeStandBy(world: World, seed: number, gone: ReadonlySet<ReplicaId>): void {
  const rng = new Rng(seed ^ 0x57a2)
  if (rng.chance(2, 3)) return
  const [founder, ...others] = [...world.tabs.values()].filter(({ role }) => role === 'member')
  const [one] = rng.shuffled(others)
  if (one !== undefined && rng.chance(2, 3)) one.role = 'standby'
  if (founder === undefined || rng.chance(1, 2)) return
  world.agenda.after(rng.between(changeMs), () => {
    founder.role = 'standby'
    if (!founder.isOpen) return
    founder.crash()
    world.struck(`${founder.name} starts again, to stand by`)
    world.agenda.after(rng.between(awayMs), () => {
      if (!gone.has(founder.id)) founder.open()
    })
  })
}
