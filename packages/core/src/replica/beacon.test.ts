import { expect, test } from 'vitest'
import { defaultPolicy } from '../membership/policy.ts'
import { zeroBallot } from '../protocol/ballot.ts'
import { noEffects } from '../protocol/effects.ts'
import type { Index } from '../protocol/ids.ts'
import { incarnation, millis, wallMillis } from '../protocol/ids.ts'
import { beginObserving } from '../protocol/observe.ts'
import type { Beacon } from '../protocol/message.ts'
import { beaconFrom, peerOf } from '../testing/beacons.ts'
import { a, act, b, ballot, c, genesis, noop, storeOf } from '../testing/stores.ts'
import { onBeacon } from './beacon.ts'
import { freshReplica } from './state.ts'

const [old, two] = [ballot(1, a), ballot(2, a)]

/** How much B, which holds three entries of A's second ballot, knows to be decided after a word of C, a follower. */
function known(words: Partial<Beacon>, { observes = false, accepted = two } = {}): number {
  const options = { self: b, incarnation: incarnation(1), room: 'room', wanted: undefined }
  const fresh = freshReplica({ ...options, membership: defaultPolicy, relays: true, profile: '' })
  const entries = [genesis, noop(two), noop(two)]
  const protocol = storeOf(b, { entries, promised: accepted, accepted, decidedEnd: 1 })
  const replica = { ...fresh, protocol }
  if (observes) act(protocol, beginObserving)
  const peer = peerOf(c)
  replica.peers.set(c, peer)
  const step = { replica, out: noEffects(), now: millis(0), wall: wallMillis(0) }
  onBeacon(step, peer, beaconFrom(c, { seq: 2, decidedEnd: 3 as Index, ...words }))
  return protocol.decidedEnd
}

test('[CF9] what any store knows to be decided of the log of a ballot is decided in every log of that ballot', () => {
  expect(known({ accepted: two })).toBe(3)
  expect(known({ accepted: two, part: 'standby' })).toBe(3)
  // It knows of more than is here.
  expect(known({ accepted: two, decidedEnd: 9 as Index })).toBe(3)
})

test.each<{ why: string; words: Partial<Beacon>; here?: Parameters<typeof known>[1] }>([
  { why: 'its log is of another ballot', words: { accepted: old } },
  { why: 'the log here is of no ballot', words: {}, here: { accepted: zeroBallot } },
  { why: 'it observes', words: { accepted: two, part: 'observer' } },
  { why: 'the store here observes', words: { accepted: two }, here: { observes: true } },
])('[CF9] a follower’s word says nothing if $why', ({ words, here }) => {
  expect(known(words, here)).toBe(1)
})
