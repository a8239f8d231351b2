import { expect, test } from 'vitest'
import { noEffects } from '../protocol/effects.ts'
import { groupIdOf } from '../protocol/genesis.ts'
import type { GroupId, Index } from '../protocol/ids.ts'
import { firstEpoch, wallMillis } from '../protocol/ids.ts'
import type { Welcome } from '../protocol/message.ts'
import { a, b, genesis, storeOf } from '../testing/stores.ts'
import { zeroBallot } from '../protocol/ballot.ts'
import { found, joinByWelcome } from './founding.ts'

const founding = { room: 'room', nonce: '7'.repeat(32), wall: wallMillis(5) }

test('[FO1] the founder decides index 0 alone, durably, and is the whole first configuration', () => {
  const state = storeOf(a, { accepted: zeroBallot })
  const out = noEffects()
  const group = found(state, founding, out)
  expect(out.persist.map(({ type }) => type)).toEqual(['join', 'promise', 'splice'])
  expect(out.apply).toMatchObject([{ index: 0, entry: { kind: 'genesis', founder: a } }])
  expect([state.decidedEnd, state.log.configurations[0]?.voters]).toEqual([1, [a]])
  expect(group.id).toBe(groupIdOf(group.genesis))
})

test('[FO1] a store that has a log founds nothing', () => {
  const state = storeOf(a, { entries: [genesis], decidedEnd: 1 })
  expect(() => found(state, founding, noEffects())).toThrow('only an empty store founds')
})

const base = genesis as Extract<typeof genesis, { kind: 'genesis' }>

test.each([
  { ...base, room: 'other' },
  { ...base, founder: b },
  { ...base, nonce: '1'.repeat(32) },
  { ...base, stamp: wallMillis(1) },
  { ...base, ballot: { num: 2, node: a } },
])('[FO2] a group’s id covers all that its founder chose, %#', (other) => {
  expect(groupIdOf(other)).not.toBe(groupIdOf(base))
  expect(groupIdOf({ ...base })).toBe(groupIdOf(base))
})

const welcome: Welcome = {
  ...{ type: 'welcome', genesis: base, refounding: undefined },
  ...{ voters: 1, decidedEnd: 1 as Index },
}
const id = groupIdOf(base)
const wanted = { room: 'room', group: undefined }

test.each([
  { why: 'otherRoom', wants: { ...wanted, room: 'other' }, claimed: id },
  { why: 'wrongGenesis', wants: wanted, claimed: '0'.repeat(64) as GroupId },
  { why: 'otherGroup', wants: { ...wanted, group: '0'.repeat(64) as GroupId }, claimed: id },
])('[FO2] a newcomer refuses a welcome: $why', ({ why, wants, claimed }) => {
  const out = noEffects()
  expect(joinByWelcome(wants, { id: claimed, epoch: firstEpoch }, welcome, out)).toBe(why)
  expect(out.persist).toEqual([])
})

test('[FO2] a newcomer joins the group whose founding it was shown, and writes it down', () => {
  const out = noEffects()
  const group = joinByWelcome({ ...wanted, group: id }, { id, epoch: firstEpoch }, welcome, out)
  expect(group).toMatchObject({ id, genesis: base })
  expect(out.persist).toMatchObject([{ type: 'join', group: id }])
})
