/** A world written by hand in which a session is forgotten while one of its commands is still on its way. */
import { CallerWatcher } from './checkers/caller-watcher.ts'
import { commandOf } from './checkers/history.ts'
import { grownRoom } from './rooms.ts'
import { demand } from './violation.ts'

const awhileMs = 60_000
/** Longer than a session that nobody uses is kept. */
const longMs = 2 * 3_600_000

/**
 * A tab asks for something, which is decided, and crashes before it hears so. Everybody is away for longer than sessions are
 * kept. Then somebody else asks for something, and last the tab is back: it asks for the same once more, and it must not run
 * again, though nobody remembers that it did.
 */
export function playForgotten(seed: number): boolean {
  const callers = new CallerWatcher()
  // Nobody waits for an heir: the author stays away.
  const membership = { bequest: 'off' } as const
  const { world, tabs } = grownRoom(3, { seed, relays: false, membership }, callers)
  const { network } = world
  const [leader] = world.leaders()
  const [author, other] = tabs.filter((tab) => tab !== leader)
  if (leader === undefined || author === undefined || other === undefined) return false
  for (const { id } of [leader, other]) network.mute(id, author.id)
  const { length } = world.agreement
  author.propose(commandOf('write', 0))
  const decided = world.runUntil(() => world.agreement.length > length, awhileMs, 1)
  const met = decided !== undefined && author.outstanding > 0
  for (const tab of tabs) tab.crash()
  network.healAll()
  world.run(longMs)
  for (const tab of [leader, other]) tab.open()
  other.propose(commandOf('write', 1))
  const goesOn = world.runUntil(() => other.outstanding === 0, awhileMs)
  demand(goesOn !== undefined, 'liveness', () => `${other.name} waits for ever`)
  author.open()
  const isAsked = author.outstanding > 0
  const told = world.runUntil(() => author.outstanding === 0, awhileMs)
  demand(told !== undefined, 'liveness', () => `${author.name} waits for ever`)
  callers.check(world)
  return met && isAsked
}
