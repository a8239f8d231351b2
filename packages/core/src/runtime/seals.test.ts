import { expect, test } from 'vitest'
import { createEntriesCodec } from '../codec/entries-codec.ts'
import { createMessageCodec } from '../codec/message-codec.ts'
import type { GroupId } from '../protocol/ids.ts'
import { firstEpoch, incarnation, millis, replicaId } from '../protocol/ids.ts'
import { newKeyMs, newKeysBurst, peersMax, vouchedMax } from '../protocol/limits.ts'
import type { Beacon, Gossip, Relayed } from '../protocol/message.ts'
import { beaconFrom } from '../testing/beacons.ts'
import { createMemoryWorld } from '../testing/memory-world.ts'
import { idOfKey, keysOf } from './identity.ts'
import { Seals } from './seals.ts'

const group = { id: 'c'.repeat(64) as GroupId, epoch: firstEpoch }
const codec = createMessageCodec(createEntriesCodec())
const telling = { by: replicaId('b'.repeat(32)), now: millis(0) }
const nobodyHears = (): boolean => false

function storeOf(byte: number) {
  const keys = keysOf(new Uint8Array(32).fill(byte))
  return { id: idOfKey(keys.publicKey), key: keys.publicKey, seals: new Seals(keys, codec) }
}

/** The first and the last know each other's keys; the one between knows both. */
function three() {
  const [first, between, last] = [storeOf(1), storeOf(2), storeOf(3)] as const
  for (const { seals } of [first, between, last]) {
    for (const { id, key } of [first, between, last]) seals.learn(id, key)
  }
  return { first, between, last }
}

function sealed({ first, between, last }: ReturnType<typeof three>): Relayed {
  const message: Relayed = {
    ...{ type: 'relayed', path: [first.id, between.id, last.id], at: 1, number: 4 },
    ...{ incarnation: incarnation(1), seal: new Uint8Array(), key: new Uint8Array() },
    message: { type: 'takeOver', ballot: { num: 2, node: first.id } },
  }
  return first.seals.seal(message, group) ?? message
}

test('[RL6] what its author sealed is genuine at its destination, however far it is on its way', () => {
  const all = three()
  expect(all.last.seals.isGenuine({ ...sealed(all), at: 2 }, group)).toBe(true)
})

test('[RL6] a relay can neither alter nor forge, repeat as another, nor turn back what it carries', () => {
  const all = three()
  const { first, between, last } = all
  const genuine = sealed(all)
  const altered: readonly Relayed[] = [
    { ...genuine, message: { type: 'takeOver', ballot: { num: 3, node: first.id } } },
    { ...genuine, message: { type: 'leave' } },
    { ...genuine, number: 5 },
    { ...genuine, incarnation: incarnation(2) },
    { ...genuine, path: [first.id, storeOf(9).id, last.id] },
    { ...genuine, seal: new Uint8Array() },
    { ...genuine, seal: new Uint8Array(16) },
  ]
  for (const each of altered) expect(last.seals.isGenuine(each, group)).toBe(false)
  expect(last.seals.isGenuine(genuine, { ...group, id: 'd'.repeat(64) as GroupId })).toBe(false)
  // With all that the relay has: its own secrets with both.
  const forged = between.seals.seal(genuine, group)
  expect(forged !== undefined && last.seals.isGenuine(forged, group)).toBe(false)
  const back = { ...genuine, path: [...genuine.path].reverse() }
  expect(first.seals.isGenuine(back, group)).toBe(false)
})

test('[RL6] for a destination whose key is not known nothing is sealed', () => {
  const { first } = three()
  const path = [first.id, storeOf(2).id, storeOf(8).id]
  expect(first.seals.seal({ ...sealed(three()), path }, group)).toBeUndefined()
})

function told({ first }: ReturnType<typeof three>, fields: Partial<Beacon> = {}): Gossip {
  const beacon = beaconFrom(first.id, fields)
  const vouch = first.seals.vouch(beacon, group, nobodyHears)
  return { type: 'gossip', origin: first.id, hops: 1, beacon: { ...beacon, vouch } }
}

test('[RL7] a beacon that others tell of is believed with a tag for me, and is a rumour without one', () => {
  const all = three()
  const gossip = told(all)
  expect(all.last.seals.judge(gossip, group, telling)).toBe('believed')
  expect(storeOf(7).seals.judge(gossip, group, telling)).toBe('rumour')
})

test('[RL7] an altered one, and a key that is not its own, are forged', () => {
  const all = three()
  const gossip = told(all)
  const { beacon } = gossip
  const altered = { ...gossip, beacon: { ...beacon, happy: !beacon.happy } }
  expect(all.last.seals.judge(altered, group, telling)).toBe('forged')
  const vouch = { ...beacon.vouch, key: all.between.key }
  expect(storeOf(7).seals.judge({ ...gossip, beacon: { ...beacon, vouch } }, group, telling)).toBe(
    'forged',
  )
  const ours = { ...gossip, origin: all.between.id }
  expect(all.last.seals.judge(ours, group, telling)).toBe('forged')
})

test('[RL8] a neighbour that tells of one new key after another is not listened to; those who are known still are', () => {
  const all = three()
  const known = told(all)
  const { seals } = all.last
  const made = Array.from({ length: newKeysBurst }, (_, at) => {
    const { id, key } = storeOf(at + 10)
    const beacon = { ...beaconFrom(id), vouch: { ...known.beacon.vouch, key } }
    return seals.judge({ ...known, origin: id, beacon }, group, telling)
  })
  expect(new Set(made)).toEqual(new Set(['forged']))
  const { id, key } = storeOf(200)
  const next = {
    ...known,
    origin: id,
    beacon: { ...beaconFrom(id), vouch: { ...known.beacon.vouch, key } },
  }
  expect(seals.judge(next, group, telling)).toBe('newKeys')
  expect(seals.judge(known, group, telling)).toBe('believed')
  expect(seals.judge(next, group, { ...telling, by: all.between.id })).not.toBe('newKeys')
  expect(seals.judge(next, group, { ...telling, now: millis(newKeyMs) })).not.toBe('newKeys')
})

test('[RL7] who hears its sender needs no tag', () => {
  const { first, last } = three()
  const hears = (id: string): boolean => id === last.id
  expect(first.seals.vouch(beaconFrom(first.id), group, hears).receivers).not.toContain(last.id)
})

test('[RL7] keys and tags are bounded in number', () => {
  const { seals, id } = storeOf(1)
  const others = Array.from({ length: peersMax + 8 }, (_, at) => storeOf(at + 2))
  for (const other of others) seals.learn(other.id, other.key)
  const { receivers, tags } = seals.vouch(beaconFrom(id), group, nobodyHears)
  expect(receivers).toHaveLength(vouchedMax)
  expect(tags).toHaveLength(8 * vouchedMax)
  const [oldest] = others
  const path = [id, others[1]?.id ?? id, oldest?.id ?? id]
  expect(seals.seal({ ...sealed(three()), path }, group)).toBeUndefined()
})

test('[RL6] [RL7] a relay that alters what it carries is found out, and what it altered is not believed', async () => {
  const world = createMemoryWorld()
  const relay = await world.open('b', {
    wrap: (inner) => ({
      ...inner,
      send: (to, bytes, priority) => {
        const decoded = codec.decode(bytes)
        if (!decoded.ok || decoded.frame.message.type !== 'relayed')
          return inner.send(to, bytes, priority)
        const { frame } = decoded
        const { message, group: id, epoch } = frame
        if (message.type !== 'relayed' || id === undefined) return inner.send(to, bytes, priority)
        const forged = codec.encode({ ...message, message: { type: 'leave' } }, { id, epoch })
        return inner.send(to, forged, priority)
      },
    }),
  })
  const [one, two] = [await world.open('a'), await world.open('c')]
  relay.replica.found('0123456789abcdef'.repeat(2))
  const nodes = [relay, one, two]
  await world.until(() => nodes.every(({ replica }) => replica.status().voters.length === 3))
  world.hub.setLink(one.id, two.id, 'down')
  const isForged = ({ problems }: (typeof nodes)[number]): boolean =>
    problems.some((problem) => problem.type === 'badFrame' && problem.why === 'forged')
  // They probe each other, through the relay.
  one.replica.suspect(two.id)
  await world.clock.advance(2000)
  one.replica.suspect(two.id)
  await world.until(() => isForged(two) || isForged(one))
  expect(one.replica.status().voters).toHaveLength(3)
})
