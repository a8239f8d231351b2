import { describe, expect, it } from 'vitest'
import { InvariantViolation } from '../base/assert.ts'
import { StorageError } from '../base/errors.ts'
import { createEntriesCodec } from '../codec/entries-codec.ts'
import { createMessageCodec } from '../codec/message-codec.ts'
import type { Storage } from '../ports/storage.ts'
import { firstEpoch, index, wallMillis } from '../protocol/ids.ts'
import type { Beacon } from '../protocol/message.ts'
import { memoryStorage } from '../storage/memory-storage.ts'
import type { Fault } from '../testing/failing-storage.ts'
import { settled } from '../testing/manual-clock.ts'
import type { MemoryNode, MemoryWorld } from '../testing/memory-world.ts'
import { createMemoryWorld } from '../testing/memory-world.ts'
import type { Fate } from './outstanding.ts'

const bytes = (...values: readonly number[]): Uint8Array => Uint8Array.from(values)

function propose(node: MemoryNode, ...values: readonly number[]): Promise<Fate<number>> {
  const proposed = node.replica.propose(bytes(...values))
  if (!proposed.ok) throw new Error(`not taken: ${proposed.reason}`)
  return proposed.fate
}

/** The leader first. */
async function threeOf(
  world: MemoryWorld,
): Promise<readonly [leader: MemoryNode, one: MemoryNode, other: MemoryNode]> {
  const nodes = await world.form('a', 'b', 'c')
  const leader = nodes.find(({ replica }) => replica.status().rung === 'leader')
  const [one, other] = nodes.filter((node) => node !== leader)
  if (leader === undefined || one === undefined || other === undefined) throw new Error('nobody')
  return [leader, one, other]
}

const commandsOf = ({ applied }: MemoryNode): readonly string[] =>
  applied.map(({ command }) => command.join('.'))

function errorOf({ replica }: MemoryNode): Error {
  const { lifecycle } = replica
  if (lifecycle.state !== 'halted') throw new Error(`it is ${lifecycle.state}`)
  return lifecycle.error
}

/** The newest beacon that each replica sent. */
function newestBeacons(world: MemoryWorld): ReadonlyMap<string, Beacon> {
  const codec = createMessageCodec(createEntriesCodec())
  const beacons = new Map<string, Beacon>()
  world.hub.loseWhen(({ from, bytes: frame }) => {
    const decoded = codec.decode(frame)
    if (decoded.ok && decoded.frame.message.type === 'beacon') {
      beacons.set(from, decoded.frame.message)
    }
    return false
  })
  return beacons
}

describe('a disk that fails', () => {
  it.each<[Fault, 'leader' | 'follower']>([
    ['fail', 'leader'],
    ['fail', 'follower'],
    ['tear', 'leader'],
    ['tear', 'follower'],
    ['lie', 'leader'],
    ['lie', 'follower'],
  ])(
    '[RT3] (%s, %s) halts its replica for all to see, and the others go on',
    async (fault, who) => {
      const world = createMemoryWorld()
      const [leader, one, other] = await threeOf(world)
      const [broken, sound] = who === 'leader' ? [leader, one] : [one, leader]
      broken.disk.breakNext(fault)
      const before = broken.disk.appends
      const fates = [propose(broken, 1), propose(broken, 2)]
      await world.until(() => broken.replica.lifecycle.state === 'halted')
      const error = errorOf(broken)
      expect(error).toBeInstanceOf(StorageError)
      expect(error.message).toBe('This disk was made to fail.')
      expect(broken.events.filter(({ type }) => type === 'halted')).toEqual([
        { type: 'halted', error },
      ])
      for (const fate of fates) expect((await fate).kind).toMatch(/^(unknown|withdrawn)$/)
      expect(broken.replica.propose(bytes(3))).toEqual({ ok: false, reason: 'halted' })
      void propose(sound, 9)
      await world.until(() => [sound, other].every((node) => commandsOf(node).includes('9')))
      expect(broken.disk.appends).toBe(before + 1)
      expect(commandsOf(broken)).not.toContain('9')
    },
  )

  it('[RT3] says nothing that depends on the write that failed', async () => {
    const world = createMemoryWorld()
    const [leader, one, other] = await threeOf(world)
    world.hub.loseWhen(({ from, to }) => from === other.id || to === other.id)
    one.disk.breakNext('lie')
    void propose(leader, 1)
    await world.until(() => one.replica.lifecycle.state === 'halted')
    await world.clock.advance(3000)
    // With the third out of reach, the leader needs that one acceptance.
    expect(leader.applied).toEqual([])
  })

  it('[RT3] breaks at any write of the beginning, and the group never disagrees', async () => {
    for (let at = 0; at < 8; at += 1) {
      const world = createMemoryWorld()
      const [leader, one, other] = await threeOf(world)
      const victim = at % 2 === 0 ? leader : other
      for (let turn = 0; turn < 12; turn += 1) {
        if (turn === at) victim.disk.breakNext('tear')
        if (one.replica.lifecycle.state === 'running') void propose(one, turn)
        await settled()
      }
      const sound = [leader, one, other].filter((node) => node !== victim)
      await world.until(() => sound.every(({ applied }) => applied.length === 12))
      const prefix = victim.applied.length
      expect(victim.replica.lifecycle.state).toBe('halted')
      expect(sound[0]?.applied).toEqual(sound[1]?.applied)
      expect(victim.applied).toEqual(sound[0]?.applied.slice(0, prefix))
    }
  })

  it('[RT12] a store that is taken away halts its replica', async () => {
    const world = createMemoryWorld()
    const [, one] = await threeOf(world)
    one.disk.lose('The browser closed this store.')
    expect(errorOf(one).message).toBe('The browser closed this store.')
    expect(errorOf(one)).toBeInstanceOf(StorageError)
  })

  it('[RT12] a store that was taken away before the start halts it before it says a word', async () => {
    const inner = await memoryStorage()('a')
    const lost: Storage = { ...inner, onLost: (listener) => listener('Gone.') }
    const world = createMemoryWorld(() => Promise.resolve(lost))
    const calls: string[] = []
    const node = await world.open('a', {
      wrap: (transport) => ({
        start: () => calls.push('start'),
        send: () => calls.push('send') > 0,
        closeNow: () => {
          calls.push('closeNow')
          transport.closeNow()
        },
      }),
    })
    await world.clock.advance(1000)
    expect(errorOf(node).message).toBe('Gone.')
    expect(calls).toEqual(['start', 'closeNow'])
  })

  it('[RT11] that is slow is doubted after two seconds and trusted again when it answers', async () => {
    const world = createMemoryWorld()
    const beacons = newestBeacons(world)
    const [leader, one] = await threeOf(world)
    one.disk.breakNext('hang')
    void propose(leader, 1)
    await world.clock.advance(1500)
    expect(beacons.get(one.id)?.storageOk).toBe(true)
    await world.clock.advance(1000)
    expect(beacons.get(one.id)?.storageOk).toBe(false)
    one.disk.release()
    await world.clock.advance(500)
    expect(beacons.get(one.id)?.storageOk).toBe(true)
    await world.until(() => one.applied.length === 1)
  })

  it('[RT11] that is stuck for thirty seconds halts its replica', async () => {
    const world = createMemoryWorld()
    const [alone] = await world.form('a')
    if (alone === undefined) throw new Error('nobody')
    alone.disk.breakNext('hang')
    const fate = propose(alone, 1)
    await world.clock.advance(29_500)
    expect(alone.replica.lifecycle.state).toBe('running')
    await world.clock.advance(1500)
    expect(errorOf(alone).message).toContain('30 seconds')
    expect(await fate).toEqual({ kind: 'unknown', why: 'halted' })
  })

  it('[RT11] that is stuck costs a leader its leadership long before', async () => {
    const world = createMemoryWorld()
    const [leader, one, other] = await threeOf(world)
    leader.disk.breakNext('hang')
    void propose(leader, 1)
    const leads = ({ replica }: MemoryNode): boolean =>
      replica.status().rung === 'leader' && replica.status().phase === 'ready'
    await world.until(() => leads(one) || leads(other), 10_000)
    expect(leader.replica.lifecycle.state).toBe('running')
    void propose(one, 2)
    await world.until(() => commandsOf(other).includes('2'))
  })
})

describe('a machine that sleeps', () => {
  it('[RT11] during a write does not hold it against its disk', async () => {
    const world = createMemoryWorld()
    const [alone] = await world.form('a')
    if (alone === undefined) throw new Error('nobody')
    alone.disk.breakNext('hang')
    const fate = propose(alone, 1)
    await world.clock.advance(500)
    await world.clock.sleep(3_600_000)
    expect(alone.replica.lifecycle.state).toBe('running')
    alone.disk.release()
    await world.until(() => alone.applied.length === 1)
    expect(await fate).toMatchObject({ kind: 'decided' })
  })
})

describe('an application that fails', () => {
  it('[RT4] in its machine halts the replica: what is decided cannot be skipped', async () => {
    const world = createMemoryWorld()
    const [leader, one] = await threeOf(world)
    const cause = new Error('no such seat')
    const bad = await world.open('d', {
      onApply: ({ command: [first] }) => {
        if (first === 2) throw cause
      },
    })
    for (const at of [1, 2, 3]) void propose(leader, at)
    await world.until(() => bad.replica.lifecycle.state === 'halted')
    expect(errorOf(bad).cause).toBe(cause)
    expect(commandsOf(bad)).toEqual(['1'])
    await world.until(() => one.applied.length === 3)
  })

  it('[RT13] in a listener, or in its report of problems, hurts nobody', async () => {
    const world = createMemoryWorld()
    const broken = (): never => {
      throw new Error('a bad listener')
    }
    const node = await world.open('a', { onProblem: broken })
    node.replica.subscribe(broken)
    node.replica.found('0'.repeat(32))
    await world.until(() => node.replica.status().phase === 'ready')
    void propose(node, 1)
    await world.until(() => node.applied.length === 1)
    expect(node.problems.map(({ type }) => type)).toContain('listenerThrew')
    expect(node.events.length).toBeGreaterThan(2)
  })

  it('[RT14] in its transport halts the replica, rather than leaving its memory ahead of its disk', async () => {
    const world = createMemoryWorld()
    const cause = new Error('a transport never throws')
    let broken = false
    const node = await world.open('a', {
      wrap: (transport) => ({
        ...transport,
        send: (to, frame, priority) => {
          if (broken) throw cause
          return transport.send(to, frame, priority)
        },
      }),
    })
    node.replica.found('0'.repeat(32))
    const other = await world.open('b')
    await world.until(() => other.replica.status().phase === 'ready')
    broken = true
    await world.clock.advance(500)
    expect(errorOf(node)).toBe(cause)
  })
})

describe('a peer that sends what it should not', () => {
  it('[RT7] garbage is reported with its reason, and the group goes on', async () => {
    const world = createMemoryWorld()
    const nodes = await threeOf(world)
    const [leader] = nodes
    const stranger = 'e'.repeat(32) as MemoryNode['id']
    const transport = world.hub.join(stranger)
    const heard: Uint8Array[] = []
    transport.start({ onLink: () => undefined, onMessage: (_, frame) => heard.push(frame) })
    await world.clock.advance(300)
    for (const { id } of nodes) {
      transport.send(id, new Uint8Array(0), 'data')
      transport.send(id, bytes(0xdc, 0xff, 0xff), 'control')
      transport.send(id, bytes(0x95, 9, 9, 9, 9, 9), 'control')
      for (const [at, frame] of heard.entries()) {
        const mutated = frame.slice()
        mutated[(at * 7) % frame.length] = at & 0xff
        transport.send(id, mutated, 'data')
        // Its own words back to it, as if they were the stranger's.
        transport.send(id, frame, 'data')
      }
    }
    await world.clock.advance(100)
    for (const node of nodes) {
      const why = node.problems.flatMap((problem) =>
        problem.type === 'badFrame' && problem.from === stranger ? [problem.why] : [],
      )
      expect(why).toContain('malformed')
      expect(why).toContain('otherVersion')
      expect(node.replica.lifecycle.state).toBe('running')
    }
    void propose(leader, 1)
    await world.until(() => nodes.every(({ applied }) => applied.length === 1))
  })

  it('[RT21] proof that a rule of the protocol was broken halts a replica', async () => {
    const world = createMemoryWorld()
    const [leader, one] = await threeOf(world)
    void propose(leader, 1)
    await world.until(() => one.applied.length === 1)
    const { ballot, group, logEnd } = leader.replica.status()
    world.hub.loseWhen(() => true)
    leader.replica.closeNow()
    await settled()
    world.hub.loseWhen()
    // The same leader of the same ballot says that there is something else at a place that it filled before.
    const other = { kind: 'noop', ballot, stamp: wallMillis(2 ** 50) } as const
    const accept = createMessageCodec(createEntriesCodec()).encode(
      {
        ...{ type: 'accept', ballot, from: index(logEnd - 1) },
        ...{ entries: [other], decidedEnd: index(0) },
      },
      group === undefined ? undefined : { id: group, epoch: firstEpoch },
    )
    const impostor = world.hub.join(leader.id)
    impostor.start({ onLink: () => undefined, onMessage: () => undefined })
    impostor.send(one.id, accept, 'data')
    await settled()
    expect(errorOf(one)).toBeInstanceOf(InvariantViolation)
    expect(errorOf(one).message).toContain('two entries at')
  })

  it('[RT16] a flood is cut off and reported, and news of links still gets through', async () => {
    const world = createMemoryWorld()
    const [alone] = await world.form('a')
    if (alone === undefined) throw new Error('nobody')
    const join = createMessageCodec(createEntriesCodec()).encode({ type: 'join' }, undefined)
    const ids = ['e', 'f'].map((digit) => digit.repeat(32) as MemoryNode['id'])
    const [flooder, newcomer] = ids.map((id) => ({ id, transport: world.hub.join(id) }))
    if (flooder === undefined || newcomer === undefined) throw new Error('nobody')
    const deaf = { onLink: () => undefined, onMessage: () => undefined }
    flooder.transport.start(deaf)
    await world.clock.advance(100)
    for (let at = 0; at < 16_384; at += 1) flooder.transport.send(alone.id, join, 'data')
    newcomer.transport.start(deaf)
    await settled()
    expect(alone.problems).toContainEqual({ type: 'inboxFull' })
    newcomer.transport.send(alone.id, join, 'data')
    await settled()
    expect(alone.replica.status().newcomers).toContain(newcomer.id)
    void propose(alone, 1)
    await world.until(() => alone.applied.length === 1)
  })
})

describe('what a replica refuses', () => {
  it('[RT6] a command that is too large', async () => {
    const world = createMemoryWorld()
    const [alone] = await world.form('a')
    expect(alone?.replica.propose(new Uint8Array(64 * 1024 + 1))).toEqual({
      ok: false,
      reason: 'tooLarge',
    })
    expect(alone?.replica.propose(new Uint8Array(64 * 1024)).ok).toBe(true)
    await world.until(() => alone?.applied.length === 1)
  })

  it('[RT6] more proposals than it may hold, until some are decided', async () => {
    const world = createMemoryWorld()
    const node = await world.open('a')
    for (let at = 0; at < 4096; at += 1) void propose(node, at & 0xff)
    expect(node.replica.propose(bytes(1))).toEqual({ ok: false, reason: 'overloaded' })
    node.replica.found('0'.repeat(32))
    await world.until(() => node.applied.length === 4096)
    expect(node.replica.propose(bytes(1)).ok).toBe(true)
  })

  it('[RT6] more bytes than it may hold', async () => {
    const world = createMemoryWorld()
    const node = await world.open('a')
    const large = new Uint8Array(64 * 1024)
    for (let at = 0; at < 64; at += 1) expect(node.replica.propose(large).ok).toBe(true)
    expect(node.replica.propose(bytes(1))).toEqual({ ok: false, reason: 'overloaded' })
    expect(node.replica.propose(bytes()).ok).toBe(true)
  })

  it('[RT6] anything once it is closed', async () => {
    const world = createMemoryWorld()
    const node = await world.open('a')
    node.replica.closeNow()
    expect(node.replica.propose(bytes(1))).toEqual({ ok: false, reason: 'closed' })
  })
})

describe('what a replica shows', () => {
  it('[RT15] the same status until something changes, and says when', async () => {
    const world = createMemoryWorld()
    const [alone] = await world.form('a')
    if (alone === undefined) throw new Error('nobody')
    const { replica } = alone
    const before = replica.status()
    expect(replica.status()).toBe(before)
    const told: boolean[] = []
    replica.subscribe(({ type }) => {
      if (type === 'changed') told.push(replica.status() !== before)
    })
    void propose(alone, 1)
    await settled()
    expect(told[0]).toBe(true)
    expect(replica.status().decidedEnd).toBe(before.decidedEnd + 1)
  })

  it('[RT20] how much it wrote and sent', async () => {
    const world = createMemoryWorld()
    const [alone] = await world.form('a')
    if (alone === undefined) throw new Error('nobody')
    const before = alone.replica.figures()
    expect(before).toMatchObject({ framesSent: 0, framesReceived: 0 })
    await world.open('b')
    await world.clock.advance(1000)
    void propose(alone, 1)
    await world.until(() => alone.applied.length === 1)
    const { commits, journalBytes, framesSent, framesReceived } = alone.replica.figures()
    expect(commits).toBeGreaterThan(before.commits)
    expect(journalBytes).toBeGreaterThan(before.journalBytes)
    expect(Math.min(framesSent, framesReceived)).toBeGreaterThan(3)
  })
})

describe('a restart', () => {
  it('[RT10] keeps identity, group, log and what was applied, under a new incarnation', async () => {
    const world = createMemoryWorld()
    const [leader, one, other] = await threeOf(world)
    for (const at of [1, 2, 3]) void propose(leader, at)
    await world.until(() => one.applied.length === 3)
    one.replica.closeNow()
    const again = await world.open('b')
    expect(again.id).toBe(one.id)
    expect([one.replica.incarnation, again.replica.incarnation]).toEqual([1, 2])
    expect(again.replica.group).toBe(leader.replica.group)
    void propose(other, 4)
    await world.until(() => again.applied.length === 4)
    expect(again.applied).toEqual(leader.applied)
    void propose(again, 5)
    await world.until(() => leader.applied.length === 5)
    expect(leader.applied.at(-1)).toMatchObject({ author: again.id, incarnation: 2, seq: 0 })
  })

  it('[RT10] of all at once loses nothing that was decided', async () => {
    const world = createMemoryWorld()
    const nodes = await threeOf(world)
    for (const at of [1, 2, 3]) void propose(nodes[0], at)
    await world.until(() => nodes.every(({ applied }) => applied.length === 3))
    for (const { replica } of nodes) replica.closeNow()
    const again = [await world.open('a'), await world.open('b'), await world.open('c')]
    await world.until(() => again.every(({ replica }) => replica.status().phase === 'ready'))
    for (const node of again) expect(commandsOf(node)).toEqual(['1', '2', '3'])
  })

  it('[RT10] of a damaged store is refused, with the place and what to do', async () => {
    const disks = memoryStorage()
    const world = createMemoryWorld(disks)
    await world.form('a')
    const storage = await disks('a')
    await storage.append(bytes(1, 2, 3))
    const records = await storage.load()
    await expect(world.open('a')).rejects.toThrow(StorageError)
    await expect(world.open('a')).rejects.toThrow(
      `Record ${records.length - 1} of this store is damaged (torn). Delete this site’s data`,
    )
  })
})
