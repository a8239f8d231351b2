import { expect, test } from 'vitest'
import { incarnation, millis, replicaId } from '../protocol/ids.ts'
import {
  presenceBurst,
  presencePerSecond,
  sightingMs,
  sightingOldMs,
  sightingsMax,
} from '../protocol/limits.ts'
import type { Sighting } from '../protocol/tree-message.ts'
import { leaderOf } from '../testing/leaders.ts'
import { createMemoryWorld } from '../testing/memory-world.ts'
import type { MemoryNode } from '../testing/memory-world.ts'
import { settled } from '../testing/manual-clock.ts'
import { a as self, b as other, c as third, d as far, reasons } from '../testing/stores.ts'
import { onPresence, onSighting, passPresence } from './presence.ts'

const word = (text: string): Uint8Array => new TextEncoder().encode(text)

const seenBy = ({ events }: MemoryNode): readonly string[] =>
  events.flatMap((event) =>
    event.type === 'shown'
      ? [`${event.member.slice(0, 4)} ${new TextDecoder().decode(event.shown)}`]
      : [],
  )

async function three() {
  const world = createMemoryWorld()
  const [a, b, c] = await world.form('a', 'b', 'c')
  if (a === undefined || b === undefined || c === undefined) throw new Error('nobody')
  return { world, a, b, c }
}

test('[PS1] what a member shows reaches every other one, and neither log nor disk', async () => {
  const { a, b, c } = await three()
  const before = [a, b, c].map(({ replica }) => replica.figures().commits)
  b.replica.show(word('here'))
  await settled()
  const said = `${b.id.slice(0, 4)} here`
  expect([a, b, c].map(seenBy)).toEqual([[said], [], [said]])
  expect([a, b, c].map(({ replica }) => replica.figures().commits)).toEqual(before)
})

test('[PS1] it goes through others where a link is missing', async () => {
  const { world, a, b, c } = await three()
  world.hub.setLink(b.id, c.id, 'down')
  await world.clock.advance(2000)
  b.replica.show(word('around'))
  await settled()
  expect(seenBy(c)).toEqual([`${b.id.slice(0, 4)} around`])
  expect(seenBy(a).length).toBe(1)
})

test('[PS2] a member that shows too often is not heard for a moment, and then again', async () => {
  const { world, a, b } = await three()
  for (let each = 0; each < presenceBurst + 10; each += 1) b.replica.show(word(String(each)))
  await settled()
  expect(seenBy(a).length).toBe(presenceBurst)
  const refused = a.problems.filter(
    (problem) => problem.type === 'ignored' && problem.reason === 'tooOften',
  )
  expect(refused.length).toBe(10)
  await world.clock.advance(Math.ceil(2000 / presencePerSecond))
  b.replica.show(word('again'))
  await settled()
  expect(seenBy(a).at(-1)).toBe(`${b.id.slice(0, 4)} again`)
})

test('[PS3] of one member only the newest word counts, of its newest start', async () => {
  const { world, a, b } = await three()
  b.replica.show(word('old life'))
  await settled()
  b.replica.closeNow()
  await b.disk.close()
  const again = await world.open('b')
  await world.until(() => again.replica.status().phase === 'ready')
  again.replica.show(word('new life'))
  await settled()
  expect(seenBy(a)).toEqual(['old life', 'new life'].map((text) => `${b.id.slice(0, 4)} ${text}`))
})

test('[PS4] what members show comes down to observers that are linked with none of them', async () => {
  const { world, a, b, c } = await three()
  const near = await world.open('near', { role: 'observer' })
  const below = await world.open('below', { role: 'observer' })
  for (const { id } of [a, b, c]) world.hub.setLink(below.id, id, 'down')
  const { decidedEnd } = a.replica.status()
  await world.until(() => below.replica.status().decidedEnd >= decidedEnd)
  for (const each of ['one', 'two', 'three']) b.replica.show(word(each))
  below.replica.show(word('only near'))
  await world.clock.advance(2 * sightingMs)
  const said = `${b.id.slice(0, 4)} three`
  expect(seenBy(below)).toEqual([said])
  expect(seenBy(near)).toContain(said)
  expect(seenBy(near)).toContain(`${below.id.slice(0, 4)} only near`)
  for (const member of [a, b, c]) {
    expect(seenBy(member).filter((text) => text.includes('only near'))).toEqual([])
  }
})

/** `self` feeds `far`, and is fed by `other`. */
function feeding() {
  const step = leaderOf([self, other, third])
  const { tree } = step.replica
  tree.feeder = other
  const ends = { sentEnd: 0 as never, ackedEnd: 0 as never, below: 0 }
  tree.children.set(far, { at: millis(0), ...ends })
  const sighting: Sighting = {
    ...{ type: 'sighting', member: third, incarnation: incarnation(1), seq: 1 },
    shown: word('x'),
  }
  const passed = (now: number): readonly string[] => {
    step.out.sendNow.length = 0
    passPresence({ ...step, now: millis(now) })
    return step.out.sendNow.map(({ to, message }) =>
      message.type === 'sighting' ? `${message.member.slice(0, 1)} to ${to.slice(0, 1)}` : '',
    )
  }
  return { step, sighting, passed }
}

test('[PS5] only who feeds is believed about others, of so many, and never about oneself', () => {
  const { step, sighting } = feeding()
  const refusal = (given: Partial<Sighting>, from = other): string | undefined => {
    step.out.notify.length = 0
    onSighting(step, from, { ...sighting, ...given })
    return reasons(step.out)[0]
  }
  expect(refusal({}, third)).toBe('notFeeder')
  expect(refusal({ member: self })).toBe('ours')
  expect(refusal({})).toBeUndefined()
  expect(refusal({})).toBe('stale')
  for (let at = 1; at < sightingsMax; at += 1) {
    expect(refusal({ member: replicaId(at.toString(16).padStart(32, '0')) })).toBeUndefined()
  }
  expect(refusal({ member: far })).toBe('tooMany')
  expect(refusal({ seq: 2 })).toBeUndefined()
})

test('[PS5] it is passed down now and then, the newest of each member, and nothing of observers', () => {
  const { step, sighting, passed } = feeding()
  onSighting(step, other, sighting)
  onSighting(step, other, { ...sighting, seq: 2 })
  expect(passed(1)).toEqual(['c to d'])
  onPresence(step, other, { ...sighting, type: 'presence', seq: 3 })
  expect(passed(sightingMs)).toEqual([])
  expect(passed(sightingMs + 1)).toEqual(['b to d'])
  const peer = step.replica.peers.get(third)
  if (peer?.beacon !== undefined) peer.beacon = { ...peer.beacon, part: 'observer' }
  onPresence(step, third, { ...sighting, type: 'presence', seq: 3 })
  onPresence(step, other, { ...sighting, type: 'presence', seq: 4 })
  expect(passed(sightingOldMs + 1)).toEqual([])
})
