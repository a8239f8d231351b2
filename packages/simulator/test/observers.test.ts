import type { ReplicaId } from '@unanimous/core/internal'
import { expect, test } from 'vitest'
import { CallerWatcher } from '../src/checkers/caller-watcher.ts'
import { commandOf } from '../src/checkers/history.ts'
import { grownRoom, keepProposing, votersOf } from '../src/rooms.ts'
import type { Room } from '../src/rooms.ts'
import type { Tab } from '../src/tab.ts'
import type { Watcher } from '../src/watcher.ts'
import type { World } from '../src/world.ts'
import type { WorldOptions } from '../src/world-options.ts'

const fanOut = 3

/** Three voters, and so many who only watch, who come one after the other. */
function watched(
  count: number,
  options: Partial<WorldOptions> = {},
  ...watchers: readonly Watcher[]
): Room & { readonly observers: readonly Tab[] } {
  const room = grownRoom(3, { seed: 3, voters: 3, ...options }, ...watchers)
  const observers = Array.from({ length: count }, (_none, at) => addTab(room.world, `o${at}`))
  observers.forEach((tab, at) => room.world.agenda.after(at * 5, () => tab.open()))
  follow(room.world, observers)
  return { ...room, observers }
}

function addTab(world: World, name: string, role: Tab['role'] = 'observer'): Tab {
  const tab = world.addTab(name)
  tab.role = role
  return tab
}

/** Runs until all of these know all that is decided, and know that they do. */
function follow(world: World, tabs: readonly Tab[]): void {
  const all = (): boolean =>
    tabs.every(
      (tab) =>
        tab.state?.protocol.decidedEnd === world.agreement.length &&
        tab.status()?.phase === 'ready',
    )
  expect(world.runUntil(all, 60_000)).toBeDefined()
}

function leaderOf(world: World): Tab {
  const [leader] = world.leaders()
  if (leader === undefined) throw new Error('nobody leads')
  return leader
}

const rungsOf = (tabs: readonly Tab[]): readonly (string | undefined)[] =>
  tabs.map((tab) => tab.status()?.rung)

const feederOf = (tab: Tab): ReplicaId | undefined => tab.state?.tree.feeder

const proposeFrom = (tab: Tab, at: number): void => tab.propose(commandOf('write', at, 8))

test('[OB1] observers know all that is decided, have nothing of it on their disks, and are in no configuration', () => {
  const { world, tabs, observers } = watched(6)
  for (let at = 0; at < 20; at += 1) {
    const tab = tabs[at % 3]
    if (tab !== undefined) proposeFrom(tab, at)
    world.run(20)
  }
  follow(world, observers)
  expect(votersOf(world)).toBe(3)
  expect(rungsOf(observers)).toEqual(observers.map(() => 'observer'))
  expect(observers.map(({ disk }) => disk.logEnd)).toEqual(observers.map(() => 0))
})

test('[OB2] who would be one standby too many observes by itself, and takes the place of one that goes', () => {
  const { world, tabs } = grownRoom(9, { seed: 4, voters: 3, membership: { standbys: 3 } })
  const withRung = (rung: string): readonly Tab[] =>
    tabs.filter((tab) => tab.status()?.rung === rung)
  expect(world.runUntil(() => withRung('observer').length === 3, 60_000)).toBeDefined()
  expect(withRung('standby')).toHaveLength(3)
  follow(world, withRung('observer'))
  withRung('standby')[0]?.crash()
  expect(world.runUntil(() => withRung('observer').length === 2, 60_000)).toBeDefined()
  expect(withRung('standby')).toHaveLength(3)
  world.run(1000)
  const lengths = withRung('standby').map(({ disk }) => disk.logEnd)
  expect(lengths).toEqual(lengths.map(() => world.agreement.length))
})

test('[OB3] observers are no majority, and hold up nobody who is one', () => {
  const { world, tabs, observers } = watched(6)
  const [a, b] = tabs
  a?.crash()
  b?.crash()
  world.run(5000)
  const { length } = world.agreement
  for (const tab of world.open()) proposeFrom(tab, 1)
  world.run(20_000)
  expect(world.agreement.length).toBe(length)
  expect(observers.map((tab) => tab.status()?.phase)).toEqual(observers.map(() => 'noLeader'))
  a?.open()
  expect(world.runUntil(() => world.agreement.length > length, 10_000)).toBeDefined()
  follow(world, observers)
})

test('[OB5] nobody feeds more than three, the leader nobody at all while there are others', () => {
  const { world } = watched(40)
  const leader = leaderOf(world)
  const counts = world.open().map(({ state }) => state?.tree.children.size ?? 0)
  expect(Math.max(...counts)).toBe(fanOut)
  expect(leader.state?.tree.children.size).toBe(0)
})

test('[OB14] each observer says through whom it is fed, and whoever that is says so too', () => {
  const { world, tabs, observers } = watched(12)
  world.run(3000)
  const everybody = [...tabs, ...observers]
  const feedingOf = (id: ReplicaId) => everybody.find((tab) => tab.id === id)?.status()?.feeding
  for (const { id } of observers) {
    const feeder = feedingOf(id)?.path.at(-1)
    expect(feeder).toBeDefined()
    if (feeder === undefined) continue
    expect(feedingOf(feeder)?.fed.map((child) => child.id)).toContain(id)
  }
  const fed = everybody.flatMap(({ id }) => feedingOf(id)?.fed ?? [])
  expect(fed).toHaveLength(observers.length)
  const below = tabs.flatMap(({ id }) => feedingOf(id)?.fed ?? []).map((child) => 1 + child.below)
  expect(below.reduce((sum, each) => sum + each, 0)).toBe(observers.length)
  expect(tabs.map(({ id }) => feedingOf(id)?.path)).toEqual(tabs.map(() => []))
})

test('[OB5] a leader without others feeds observers itself', () => {
  const room = grownRoom(1, { seed: 8, voters: 1 })
  const observers = Array.from({ length: 5 }, (_none, at) => addTab(room.world, `o${at}`))
  for (const tab of observers) tab.open()
  follow(room.world, observers)
  const { size } = leaderOf(room.world).state?.tree.children ?? { size: 0 }
  expect(size).toBeGreaterThan(0)
  expect(size).toBeLessThanOrEqual(fanOut)
})

test('[OB5] whose feeder goes without a word is fed by somebody else', () => {
  const { world, tabs, observers } = watched(12)
  const stop = keepProposing(world)
  world.run(1000)
  const leader = leaderOf(world)
  const feeder = tabs.find((tab) => tab !== leader && (tab.state?.tree.children.size ?? 0) > 0)
  const other = observers.find((tab) => (tab.state?.tree.children.size ?? 0) > 0)
  feeder?.crash(8000)
  other?.crash(8000)
  world.run(10_000)
  stop()
  world.run(500)
  follow(
    world,
    observers.filter(({ isOpen }) => isOpen),
  )
})

test('[OB5] a feeder that is heard but brings nothing is left', () => {
  const { world, tabs, observers } = watched(1, { relays: false })
  const [only] = observers
  const feeder = tabs.find(({ id }) => only !== undefined && id === feederOf(only))
  const leader = leaderOf(world)
  if (feeder === undefined || only === undefined) throw new Error('it is fed by a voter')
  world.network.block(feeder.id, leader.id, true)
  const third = tabs.find((tab) => tab !== feeder && tab !== leader)
  if (third !== undefined) world.network.block(feeder.id, third.id, true)
  const stop = keepProposing(world)
  expect(world.runUntil(() => feederOf(only) !== feeder.id, 30_000)).toBeDefined()
  stop()
  world.run(500)
  follow(world, observers)
})

test('[OB5] what is lost on the way is asked for with the next word, whenever the observer last spoke', () => {
  // Opened one after the other, they speak at different moments between the words that come to all of them.
  const { world, tabs } = grownRoom(3, { seed: 3, voters: 3 })
  const observers = Array.from({ length: 6 }, (_none, at) => addTab(world, `o${at}`))
  observers.forEach((tab, at) => world.agenda.after(at * 170, () => tab.open()))
  follow(world, observers)
  const links = observers.flatMap(({ id }) => [...tabs, ...observers].map((from) => [from.id, id]))
  for (let at = 0; at < 3; at += 1) {
    for (const [from, to] of links) if (from && to) world.network.mute(from, to)
    proposeFrom(leaderOf(world), at)
    world.run(230)
    for (const [from, to] of links) if (from && to) world.network.unmute(from, to)
    const end = world.agreement.length
    const known = (): boolean => observers.every(({ state }) => state?.protocol.decidedEnd === end)
    expect(world.runUntil(known, 1500)).toBeDefined()
  }
})

test('[OB7] an observer that is far behind gets a snapshot, and feeds others with it', () => {
  const { world, tabs } = grownRoom(3, { seed: 3, voters: 3, logBytes: 1000 })
  for (let at = 0; at < 100; at += 1) {
    const tab = tabs[at % 3]
    if (tab !== undefined) proposeFrom(tab, at)
    world.run(20)
  }
  expect(leaderOf(world).state?.protocol.log.base).toBeGreaterThan(0)
  const observers = Array.from({ length: 12 }, (_none, at) => addTab(world, `o${at}`))
  for (const tab of observers) tab.open()
  follow(world, observers)
})

test('[OB8] what an observer far from the leader proposes gets there as its own word, and runs once', () => {
  const { world, observers } = watched(40)
  const far = observers.filter(({ state }) => (state?.tree.path.length ?? 0) >= 3)
  expect(far.length).toBeGreaterThan(0)
  far.forEach((tab, at) => proposeFrom(tab, at))
  const settled = (): boolean => far.every(({ outstanding }) => outstanding === 0)
  expect(world.runUntil(settled, 30_000)).toBeDefined()
  const authors = world.agreement.entries.flatMap((entry) =>
    entry.kind === 'command' ? [entry.author] : [],
  )
  expect(authors.filter((id) => far.some((tab) => tab.id === id)).sort()).toEqual(
    far.map(({ id }) => id).sort(),
  )
})

test('[OB8] what an observer proposes gets there though its feeder has no link of its own to the leader', () => {
  const { world, tabs } = grownRoom(3, { seed: 3, voters: 3 })
  const leader = leaderOf(world)
  const [feeder, between] = tabs.filter((tab) => tab !== leader)
  if (feeder === undefined || between === undefined) throw new Error('three voters')
  world.network.block(feeder.id, leader.id, false)
  const only = addTab(world, 'o0')
  for (const tab of [leader, between]) world.network.block(only.id, tab.id, false)
  only.open()
  follow(world, [only])
  expect(feederOf(only)).toBe(feeder.id)
  proposeFrom(only, 0)
  expect(world.runUntil(() => only.outstanding === 0, 5000)).toBeDefined()
})

test('[OB9] reads of observers are linearizable, and those that wait below one store are one question', () => {
  const callers = new CallerWatcher()
  const asked: ReplicaId[] = []
  const watcher: Watcher = {
    sent: (_tab, to, { type }) => {
      if (type === 'readIndex') asked.push(to)
    },
  }
  const { world, tabs, observers } = watched(30, {}, callers, watcher)
  const rounds = 20
  for (let round = 0; round < rounds; round += 1) {
    const writer = tabs[round % 3]
    if (writer !== undefined) proposeFrom(writer, 1000 + round)
    observers.forEach((tab, at) => tab.read(commandOf('read', 100 * round + at, 8)))
    world.run(100)
  }
  const answered = (): boolean => world.open().every(({ outstanding }) => outstanding === 0)
  expect(world.runUntil(answered, 30_000)).toBeDefined()
  callers.check(world)
  const questions = asked.filter((to) => to === leaderOf(world).id)
  expect(questions.length).toBeLessThan((rounds * observers.length) / 2)
})

test('[OB10] an observer says how far behind it is, and when it looks for a feeder', () => {
  const { world, tabs, observers } = watched(1)
  const [only] = observers
  expect(only?.status()).toMatchObject({ phase: 'ready', why: undefined })
  expect(only?.status()?.lagMs).toBeLessThan(2000)
  const isFeeder = ({ id }: Tab): boolean => only !== undefined && id === feederOf(only)
  for (const tab of tabs) if (!isFeeder(tab)) tab.freeze()
  world.run(4000)
  expect(only?.status()?.why).toMatch(/^You are an observer: [234] s behind\.$/)
  for (const tab of tabs) tab.freeze()
  world.run(20_000)
  expect(only?.status()).toMatchObject({
    phase: 'noLeader',
    why: 'You are an observer: looking for a tab that has room for you.',
  })
})

test('[OB11] a client is fed, and feeds nobody', () => {
  const { world, tabs } = grownRoom(3, { seed: 3, voters: 3 })
  const clients = Array.from({ length: 6 }, (_none, at) => addTab(world, `k${at}`, 'client'))
  for (const tab of clients) tab.open()
  follow(world, clients)
  clients.forEach((tab, at) => proposeFrom(tab, at))
  const settled = (): boolean => clients.every(({ outstanding }) => outstanding === 0)
  expect(world.runUntil(settled, 30_000)).toBeDefined()
  expect(rungsOf(clients)).toEqual(clients.map(() => 'client'))
  expect(clients.map(({ state }) => state?.tree.children.size)).toEqual(clients.map(() => 0))
  expect(rungsOf(tabs)).not.toContain('client')
})

test('[OB12] an observer keeps few links: those above and below it, and one to turn to', () => {
  const { world, tabs, observers } = watched(40)
  world.run(20_000)
  const linksOf = ({ state }: Tab): number =>
    [...(state?.peers.values() ?? [])].filter(({ linked }) => linked).length
  // Others keep one to turn to with it, too.
  expect(Math.max(...observers.map(linksOf))).toBeLessThanOrEqual(12)
  const all = [...tabs, ...observers].reduce((sum, tab) => sum + linksOf(tab), 0)
  expect(all).toBeLessThanOrEqual(4 * observers.length + 6)
})
