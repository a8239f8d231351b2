import type { ReplicaId } from '@unanimous/core/internal'
import { createEntriesCodec, createMessageCodec } from '@unanimous/core/internal'
import { expect, test } from 'vitest'
import { grownRoom } from '../src/rooms.ts'
import type { Tab } from '../src/tab.ts'
import type { Watcher } from '../src/watcher.ts'

const hopMs = 10
const hopsAllowed = 8
const entries = 10

interface Measured {
  /** What the leader sends, beacons and all, for each entry that is decided. */
  readonly bytesPerEntry: number
  /** From the leader's knowing that an entry is decided to the last observer's. */
  readonly slowestMs: number
  readonly observers: readonly Tab[]
  readonly leader: ReplicaId
}

/** Three voters, and as many who only watch, each with links to a few of the others. */
function watchedBy(count: number): Measured {
  const appliedAt = new Map<string, number>()
  let now = (): number => 0
  const watcher: Watcher = {
    created: (world) => {
      now = () => world.now
    },
    applied: (tab, { index }) => void appliedAt.set(`${tab.name} ${index}`, now()),
  }
  const room = grownRoom(
    3,
    {
      ...{ seed: 5, voters: 3, latencyMs: [hopMs, hopMs], diskMs: [1, 1], checked: false },
      linkDownMs: [20, 40],
    },
    watcher,
  )
  const { world } = room
  const observers = Array.from({ length: count }, (_none, at) => {
    const tab = world.addTab(`o${at}`)
    tab.role = 'observer'
    tab.firstLinks = { to: [], others: 2, except: [] }
    world.agenda.after((at * 5000) / count, () => {
      tab.open()
      // Its timers fire once a second: what it needs to know comes as messages.
      tab.hide(true)
    })
    return tab
  })
  const isFed = (): boolean =>
    observers.every((tab) => tab.state?.protocol.decidedEnd === world.agreement.length)
  expect(world.runUntil(isFed, 60_000, 500)).toBeDefined()
  world.run(5000)
  const [leader] = world.leaders()
  if (leader === undefined) throw new Error('nobody leads')
  const codec = createMessageCodec(createEntriesCodec())
  let bytes = 0
  world.network.tap = (from, _to, frame) => {
    if (from !== leader.id || frame instanceof Uint8Array) return
    bytes += codec.encode(frame.message, leader.state?.group).length
  }
  const first = world.agreement.length
  for (let at = 0; at < entries; at += 1) {
    leader.propose(Uint8Array.of(at))
    world.run(100)
  }
  world.run(1000)
  const delays = observers.flatMap((tab) =>
    Array.from({ length: entries }, (_none, at) => {
      const known = appliedAt.get(`${leader.name} ${first + at}`) ?? Infinity
      return (appliedAt.get(`${tab.name} ${first + at}`) ?? Infinity) - known
    }),
  )
  return {
    ...{ bytesPerEntry: bytes / entries, slowestMs: Math.max(...delays) },
    ...{ observers, leader: leader.id },
  }
}

const hopsTo = (tab: Tab, leader: ReplicaId): number => {
  const path = tab.state?.tree.path ?? []
  return path.length + (path[0] === leader ? 0 : 1)
}

test('[OB6] a thousand observers cost the leader no more than ten, and the last one is eight links away', () => {
  const few = watchedBy(10)
  const many = watchedBy(1000)
  expect(many.bytesPerEntry).toBeLessThanOrEqual(few.bytesPerEntry * 1.01)
  expect(many.slowestMs).toBeLessThanOrEqual(hopsAllowed * hopMs)
  expect(Math.max(...many.observers.map((tab) => hopsTo(tab, many.leader)))).toBeLessThanOrEqual(8)
})
