/** Rooms to begin a test or a scenario with: tabs that found a group and have grown it. Knows no faults. */
import type { Tab } from './tab.ts'
import { demand } from './violation.ts'
import type { Watcher } from './watcher.ts'
import type { WorldOptions } from './world-options.ts'
import { calm } from './world-options.ts'
import { World } from './world.ts'

export interface Room {
  readonly world: World
  /** The first one founded the group. */
  readonly tabs: readonly Tab[]
}

/** Open tabs, linked to each other, and a group that the first of them founds just now. */
export function foundedRoom(
  count: number,
  options: Partial<WorldOptions> = {},
  ...watchers: readonly Watcher[]
): Room {
  const world = new World({ ...calm, seed: 1, ...options }, ...watchers)
  const tabs = Array.from({ length: count }, (_none, at) => world.addTab(`t${at}`))
  for (const tab of tabs) tab.open()
  world.run(200)
  tabs[0]?.found()
  return { world, tabs }
}

/** As many voters as the tabs and the target allow, and everybody ready. */
export function grownRoom(
  count: number,
  options: Partial<WorldOptions> = {},
  ...watchers: readonly Watcher[]
): Room {
  const room = foundedRoom(count, options, ...watchers)
  const { world } = room
  const able = count % 2 === 1 ? count : count - 1
  const voters = Math.min(able, world.options.voters)
  const grown = world.runUntil(() => votersOf(world) === voters && isReady(world), 60_000)
  demand(grown !== undefined, 'world', () => `the room does not grow to ${voters} voters`)
  return room
}

/** Everybody who is open follows a happy leader. */
export const isReady = (world: World): boolean =>
  world.open().every((tab) => tab.status()?.phase === 'ready')

/** By the newest configuration that all open tabs agree on; 0 while they differ. */
export function votersOf(world: World): number {
  const lists = new Set(world.open().map((tab) => tab.status()?.voters.join()))
  const [only] = lists
  if (lists.size !== 1 || only === undefined || only === '') return 0
  return only.split(',').length
}

/** Each open tab keeps one proposal under way. Returns how to stop. */
export function keepProposing(world: World): () => void {
  let going = true
  let count = 0
  const propose = (): void => {
    if (!going) return
    for (const tab of world.open()) {
      if (tab.outstanding > 0) continue
      tab.propose(Uint8Array.of(count & 0xff, (count >> 8) & 0xff))
      count += 1
    }
    world.agenda.after(5, propose)
  }
  propose()
  return () => {
    going = false
  }
}

/** Runs until a command that a new leader appended is decided: how long the group was without one, in milliseconds. */
export function failOverMs(world: World, limitMs: number): number | undefined {
  const before = world.agreement.entries.at(-1)?.ballot.num ?? 0
  const isBack = (): boolean => {
    const last = world.agreement.last
    return last !== undefined && last.kind === 'command' && last.ballot.num > before
  }
  return world.runUntil(isBack, limitMs, 1)
}
