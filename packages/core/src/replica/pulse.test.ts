import { expect, test } from 'vitest'
import { millis, wallMillis } from '../protocol/ids.ts'
import { defaultPolicy } from '../membership/policy.ts'
import { freshSigns, linkedPeer } from '../overlay/peers.ts'
import { a, b } from '../testing/stores.ts'
import type { Input } from './input.ts'
import { calmDown, noticePause } from './pulse.ts'
import type { ReplicaState } from './state.ts'
import { freshReplica } from './state.ts'
import { noEffects } from '../protocol/effects.ts'
import { incarnation } from '../protocol/ids.ts'
import { isQuiet, roundMsOf } from './surroundings.ts'

function replica(): ReplicaState {
  const state = freshReplica({
    ...{ self: a, incarnation: incarnation(1), room: 'room', wanted: undefined },
    ...{ membership: defaultPolicy, relays: true, profile: '' },
  })
  linkedPeer(state.peers, b, millis(0))
  return state
}

const tick: Input = { type: 'tick' }
const base = 1_700_000_000_000

/** Inputs at moments of the clock; the wall clock is `ahead` of it by this much more. */
function inputs(state: ReplicaState, ...moments: readonly (readonly [number, Input, number?])[]) {
  for (const [now, input, ahead = 0] of moments) {
    const instant = { now: millis(now), wall: wallMillis(base + now + ahead) }
    noticePause({ replica: state, out: noEffects(), ...instant }, input)
    if (input.type === 'visibility') state.hidden = input.hidden
  }
  return state
}

test('[FD11] ticks that come in time, or a little late, are no pause', () => {
  expect(inputs(replica(), [0, tick], [50, tick], [340, tick]).pulse.doubt).toBe(0)
})

test.each([
  { what: 'a third of a second', at: 350, doubt: 1 },
  { what: 'three seconds', at: 3100, doubt: 4 },
  { what: 'a minute', at: 60_050, doubt: 7 },
])('[FD11] who stood still for $what doubts itself $doubt times as much', ({ at, doubt }) => {
  const state = inputs(replica(), [0, tick], [at, tick])
  expect(state.pulse.doubt).toBe(doubt)
  expect(roundMsOf(state)).toBe(250 * (1 + doubt))
  expect(isQuiet(state)).toBe(doubt >= 3)
  expect(state.peers.get(b)?.patience).toBe(1 + doubt)
})

test('[FD11] the first input after a pause, whatever it is, excuses everybody', () => {
  const link: Input = { type: 'link', peer: b, up: true }
  const state = inputs(replica(), [0, tick], [60_050, link], [60_060, tick])
  expect(state.peers.get(b)?.lastAt).toBe(60_000)
  expect(state.pulse.doubt).toBe(7)
})

test('[FD11] a wall clock that ran on says that the machine slept', () => {
  const state = inputs(replica(), [0, tick], [50, tick, 2500])
  expect(state.pulse.doubt).toBe(3)
  expect(state.peers.get(b)).toMatchObject(freshSigns(millis(0), 4))
})

test('[FD11] a page that was just shown or hidden ticks when it can', () => {
  const hide: Input = { type: 'visibility', hidden: true }
  const show: Input = { type: 'visibility', hidden: false }
  const ticks = [0, 50, 1100, 2100].map((at) => [at, tick] as const)
  const [first, second, third, fourth] = ticks
  if (first && second && third && fourth) {
    const state = inputs(replica(), first, second, [60, hide], third, fourth, [3000, show])
    expect(inputs(state, [3990, tick], [4040, tick]).pulse.doubt).toBe(0)
  }
})

test('[FD11] each round without a pause is a reason to trust oneself again', () => {
  const state = inputs(replica(), [0, tick], [1400, tick])
  const doubts = [0, 1, 2, 3].map(() => {
    calmDown(state)
    return state.pulse.doubt
  })
  expect(doubts).toEqual([2, 1, 0, 0])
  expect(state.peers.get(b)?.patience).toBe(1)
})
