import { expect, test } from 'vitest'
import { defaultPolicy } from '../membership/policy.ts'
import { linkedPeer } from '../overlay/peers.ts'
import type { Ask } from '../protocol/ask-message.ts'
import { noEffects } from '../protocol/effects.ts'
import type { ReplicaId } from '../protocol/ids.ts'
import { incarnation, millis, wallMillis } from '../protocol/ids.ts'
import type { Bequest, Relayed, Resolve, Verdict } from '../protocol/message.ts'
import { beginObserving } from '../protocol/observe.ts'
import { peerOf } from '../testing/beacons.ts'
import { leaderOf as leaderStep } from '../testing/leaders.ts'
import { createMemoryWorld } from '../testing/memory-world.ts'
import type { MemoryNode, MemoryWorld } from '../testing/memory-world.ts'
import { a, act, b, ballot, c, d, e, storeOf } from '../testing/stores.ts'
import { onRequest } from './asking.ts'
import { isWithinReach, markOf, onRelayed, routeSince } from './relay.ts'
import type { ReplicaState } from './state.ts'
import { freshReplica } from './state.ts'
import type { Step } from './surroundings.ts'

const command = Uint8Array.of(7)

async function chainOf(world: MemoryWorld): Promise<readonly [MemoryNode, MemoryNode, MemoryNode]> {
  const [one, two, three] = await world.form('a', 'b', 'c')
  if (one === undefined || two === undefined || three === undefined) throw new Error('three')
  world.hub.setLink(one.id, three.id, 'down')
  return [one, two, three]
}

const leaderOf = (node: MemoryNode) => node.replica.status().leader

test('[RL2] who has no link to the leader is served through those who have', async () => {
  const world = createMemoryWorld()
  const [one, two, three] = await chainOf(world)
  const leader = leaderOf(one)
  await world.clock.advance(2000)
  void three.replica.propose(command)
  void one.replica.propose(command)
  await world.until(() => [one, two, three].every(({ applied }) => applied.length === 2))
  expect(three.replica.status().peers.find(({ id }) => id === one.id)?.via).toEqual([two.id])
  expect(leaderOf(three)).toBe(leader)
})

test('[EL15] a leader hands over to the voter that has long been placed better', async () => {
  const world = createMemoryWorld()
  const [one, two, three] = await chainOf(world)
  // Whoever leads: the one between ends as the leader, and stays it.
  await world.until(() => [one, two, three].every((node) => leaderOf(node) === two.id), 120_000)
  await world.clock.advance(30_000)
  expect(leaderOf(three)).toBe(two.id)
})

test('[EL16] a leader whose page hides hands over to one that is visible', async () => {
  const world = createMemoryWorld()
  const nodes = await world.form('a', 'b', 'c')
  const leader = nodes.find(({ id }) => id === leaderOf(nodes[0] as MemoryNode))
  const others = nodes.filter((node) => node !== leader)
  leader?.replica.setHidden(true)
  await world.until(() => others.every((node) => leaderOf(node) !== leader?.id), 2000)
  void others[0]?.replica.propose(command)
  await world.until(() => nodes.every(({ applied }) => applied.length === 1))
})

test('[EL16] and goes on leading while nobody else is visible', async () => {
  const world = createMemoryWorld()
  const nodes = await world.form('a', 'b', 'c')
  const leader = leaderOf(nodes[0] as MemoryNode)
  for (const { id, replica } of nodes) if (id !== leader) replica.setHidden(true)
  await world.clock.advance(1000)
  nodes.find(({ id }) => id === leader)?.replica.setHidden(true)
  await world.clock.advance(5000)
  expect(nodes.map(leaderOf)).toEqual([leader, leader, leader])
})

/** D, whom B feeds, to whom the word of A comes down by C. */
function observing(): Step {
  const options = { self: d, incarnation: incarnation(1), room: 'room', wanted: undefined }
  const fresh = freshReplica({ ...options, membership: defaultPolicy, relays: true, profile: '' })
  const replica: ReplicaState = { ...fresh, protocol: storeOf(d) }
  act(replica.protocol, beginObserving)
  Object.assign(replica.tree, { feeder: b, path: [c, b], word: { ballot: ballot(2, a), at: 0 } })
  return { replica, out: noEffects(), now: millis(0), wall: wallMillis(0) }
}

test('[OB8] an observer sends up the way by which the leader’s word comes down, whatever others are said to hear', () => {
  const step = observing()
  const { replica } = step
  const leader = linkedPeer(replica.peers, a, millis(0))
  const pathTo = (via: readonly ReplicaId[]): readonly ReplicaId[] => {
    Object.assign(leader ?? {}, { via })
    const { sendNow } = step.out
    const mark = markOf(step.out)
    sendNow.push({ to: a, message: { type: 'join' } })
    routeSince(step, mark)
    const [sent] = sendNow.splice(0)
    return sent?.message.type === 'relayed' ? sent.message.path : []
  }
  expect(pathTo([e])).toEqual([d, b, c, a])
  // A link of its own is better than any way.
  expect(pathTo([])).toEqual([])
  replica.tree.path = []
  expect(pathTo([e])).toEqual([d, e, a])
})

test.each([
  { path: [c, b], asked: [d, b, c, a], why: 'by the way of its word' },
  { path: [], asked: undefined, why: 'or not at all' },
])('[OB19] an observer asks its leader what a person wants $why', ({ path, asked }) => {
  const step = observing()
  const { replica, out } = step
  Object.assign(replica.tree, { path })
  replica.peers.set(a, peerOf(a, { phase: 'leading' }, { linked: false }))
  const mark = markOf(out)
  onRequest(step, { type: 'ask', id: 1, act: 'promote', about: d, rotations: 0 })
  routeSince(step, mark)
  const [sent] = out.sendNow
  expect(sent?.message.type === 'relayed' ? sent.message.path : undefined).toEqual(asked)
})

test('[OB19] it sends nothing to itself, though it is told that it still leads', () => {
  const { replica } = observing()
  const word = { ballot: ballot(1, replica.protocol.self), at: millis(0) }
  Object.assign(replica.tree, { path: [c, b], word })
  expect(isWithinReach(replica, replica.protocol.self)).toBe(false)
  expect(isWithinReach(replica, a)).toBe(false)
  Object.assign(replica.tree, { word: { ...word, ballot: ballot(2, a) } })
  expect(isWithinReach(replica, a)).toBe(true)
})

/** From D, by C and B. */
const came: Relayed = {
  ...{ type: 'relayed', path: [d, c, b, a], at: 3, incarnation: incarnation(1), number: 0 },
  ...{ seal: new Uint8Array(), key: new Uint8Array(), message: { type: 'join' } },
}

function relaying(): Step {
  const step = leaderStep([a, b, c])
  Object.assign(step.replica.options, { relays: true })
  step.replica.peers.set(b, peerOf(b, { heard: [a] }))
  return step
}

/** The way that something to D takes. */
function answered(step: Step): readonly ReplicaId[] {
  const mark = markOf(step.out)
  step.out.sendNow.push({ to: d, message: { type: 'join' } })
  routeSince(step, mark)
  const sent = step.out.sendNow.at(-1)?.message
  return sent?.type === 'relayed' ? sent.path : []
}

test.each([
  { part: 'observer', path: [a, b, c, d], why: 'an observer is answered by the way it came' },
  { part: 'member', path: [a, e, d], why: 'a member by what is known' },
] as const)('[OB17] $why', ({ part, path }) => {
  const step = relaying()
  const { peers, group } = step.replica
  const beacon = { heard: [], part, incarnation: incarnation(1) }
  peers.set(d, peerOf(d, beacon, { linked: false, via: [e], reached: true, group: group?.id }))
  expect(onRelayed(step, b, came)).toEqual({ from: d, message: { type: 'join' } })
  expect(answered(step)).toEqual(path)
  // What is said later answers nothing, and goes by what is known by then.
  Object.assign(step, { now: millis(step.now + 1) })
  expect(answered(step)).toEqual([a, e, d])
})

const question = { incarnation: incarnation(1), question: 0 }
const wish: Ask = { type: 'ask', ...question, act: 'lead', about: d, rotations: 0 }

test.each([
  { message: { type: 'join' }, may: '[OB18] may ask for a place' },
  { message: wish, may: '[OB19] may ask for what a person wants' },
] as const)('$may, and is answered, who is so far below that nothing was heard of it', (asked) => {
  const step = relaying()
  const { message } = asked
  expect(onRelayed(step, b, { ...came, message })).toEqual({ from: d, message })
  expect(answered(step)).toEqual([a, b, c, d])
})

test('[OB18] of a stranger nothing else is taken', () => {
  const step = relaying()
  expect(onRelayed(step, b, { ...came, message: { type: 'leave' } })).toBeUndefined()
})

test.each(['bequest', 'resolve', 'verdict'] as const)(
  '[BQ22] a %s takes no way through others',
  (type) => {
    const options = { self: d, incarnation: incarnation(1), room: 'room', wanted: undefined }
    const fresh = freshReplica({ ...options, membership: defaultPolicy, relays: true, profile: '' })
    const step = { replica: fresh, out: noEffects(), now: millis(0), wall: wallMillis(0) }
    Object.assign(linkedPeer(fresh.peers, a, millis(0)) ?? {}, { linked: false, via: [e] })
    const will = { type, incarnation: incarnation(1) } as Resolve | Verdict | Bequest
    step.out.sendNow.push({ to: a, message: will }, { to: a, message: { type: 'join' } })
    routeSince(step, { sendNow: 0, send: 0 })
    expect(step.out.sendNow[0]).toEqual({ to: a, message: will })
    expect(step.out.sendNow[1]).toMatchObject({ to: e, message: { type: 'relayed' } })
  },
)
