/**
 * Worlds that are written by hand: each leads straight to the danger that one rule is there for, where chance hardly ever
 * goes. With the rule they end well; without it they do not. Knows what to demand, not how the replicas do it.
 */
import { CallerWatcher } from './checkers/caller-watcher.ts'
import { commandOf } from './checkers/history.ts'
import { playForgotten } from './forgotten-trial.ts'
import { playOtherBase } from './other-base-trial.ts'
import { playOvertaken } from './overtaken-trial.ts'
import { foundedRoom, grownRoom } from './rooms.ts'
import type { Tab } from './tab.ts'
import { demand } from './violation.ts'
import type { World } from './world.ts'

export interface Trial {
  /** For test titles. */
  readonly name: string
  /** True: the danger was met. Throws a Violation if it ended badly. */
  readonly play: (seed: number) => boolean
}

const awhileMs = 60_000

const leads = ({ state }: Tab): boolean => state?.protocol.role.phase === 'leading'

/** Whatever `tab` waits for is answered. */
function demandAnswered(world: World, tab: Tab): void {
  const took = world.runUntil(() => tab.outstanding === 0, awhileMs)
  demand(took !== undefined, 'liveness', () => `${tab.name} waits for ever`)
}

/**
 * A leader hears nobody for a while; the other two choose one of them, who decides something. Then the old leader hears the
 * other one of them again, who follows the new one: it still believes that it leads, and is asked to read.
 */
function playDeposed(seed: number): boolean {
  const callers = new CallerWatcher()
  const { world, tabs } = grownRoom(3, { seed, relays: false }, callers)
  const { network } = world
  const [leader] = world.leaders()
  if (leader === undefined) return false
  leader.propose(commandOf('write', 0))
  demandAnswered(world, leader)
  const others = tabs.filter((tab) => tab !== leader)
  for (const { id } of others) network.block(leader.id, id, true)
  world.runUntil(() => others.some(leads), awhileMs)
  const next = others.find(leads)
  const follower = others.find((tab) => tab !== next)
  if (next === undefined || follower === undefined) return false
  next.propose(commandOf('write', 1))
  demandAnswered(world, next)
  network.unblock(leader.id, follower.id)
  const stillLeads = leads(leader)
  // Of the same register as both writes.
  leader.read(commandOf('read', 16))
  world.run(3000)
  network.healAll()
  demandAnswered(world, leader)
  callers.check(world)
  return stillLeads
}

/**
 * Two of three leave, and the configuration without them is lost on its way to both, for a moment only. Whoever is let go may
 * vanish at once and for ever, and the third must be able to go on.
 */
function playLetGo(seed: number): boolean {
  const { world, tabs } = grownRoom(3, { seed })
  const [leader] = world.leaders()
  if (leader === undefined) return false
  const leavers = tabs.filter((tab) => tab !== leader)
  for (const leaver of leavers) leaver.leave()
  const isConfigured = (): boolean =>
    leader.state?.protocol.log.configurations.at(-1)?.voters.length === 1
  const met = world.runUntil(isConfigured, awhileMs, 1) !== undefined
  for (const { id } of leavers) world.network.mute(leader.id, id)
  world.run(50)
  for (const { id } of leavers) world.network.unmute(leader.id, id)
  const gone = world.runUntil(() => {
    for (const leaver of leavers) if (leaver.removed) leaver.crash()
    return !leavers.some(({ isOpen }) => isOpen)
  }, awhileMs)
  demand(gone !== undefined, 'liveness', () => 'nobody is let go')
  leader.propose(commandOf('write', 0))
  demandAnswered(world, leader)
  return met
}

/**
 * An only voter gives two others a vote, and they hear nothing more of it. As soon as that is decided the first one is gone for
 * ever; the others are the majority then, and must have what it takes.
 */
function playSeated(seed: number): boolean {
  const { world, tabs } = foundedRoom(3, { seed, voters: 3 })
  const { network } = world
  const [founder, ...others] = tabs
  const [heir] = others
  if (founder === undefined || heir === undefined) return false
  const seated = (): number =>
    founder.state?.protocol.log.configurations.find(({ voters }) => voters.length === 3)?.index ??
    Infinity
  world.runUntil(() => seated() < Infinity, awhileMs, 1)
  for (const { id } of others) network.mute(founder.id, id)
  const decided = (): boolean => (founder.state?.protocol.decidedEnd ?? 0) > seated()
  world.runUntil(decided, 2000, 1)
  network.healAll()
  if (world.runUntil(decided, awhileMs, 1) === undefined) return false
  founder.crash()
  heir.propose(commandOf('write', 0))
  demandAnswered(world, heir)
  return true
}

export const trials: readonly Trial[] = [
  { name: 'who gave two others a vote vanishes for ever', play: playSeated },
  { name: 'who was deposed unawares is asked to read', play: playDeposed },
  { name: 'who was let go vanishes for ever', play: playLetGo },
  { name: 'who is long forgotten asks again', play: playForgotten },
  { name: 'who took over a log is brought to another one', play: playOtherBase },
  { name: 'who fetches a snapshot gets late what it is in the place of', play: playOvertaken },
]
