import { expect, test } from 'vitest'
import { ballot, a, b, c, d, first, groupOf, leading } from '../testing/stores.ts'
import { peersAround } from '../testing/beacons.ts'
import type { Beacon } from '../protocol/message.ts'
import { newProgress } from '../protocol/sync.ts'
import type { ReplicaId } from '../protocol/ids.ts'
import { millis, ownVote, renewedVote, incarnation } from '../protocol/ids.ts'
import type { Circle } from './arming.ts'
import { isNeeded, mayClose, wantedHeir } from './arming.ts'
import { nextVoters } from './autopilot.ts'
import { noMembers } from './members.ts'
import type { Surroundings } from './voters.ts'
import type { MembershipPolicy } from './policy.ts'
import { defaultPolicy } from './policy.ts'

type Beacons = Readonly<Record<ReplicaId, Partial<Beacon>>>

/** `a`, one of `voters`, and whoever has a beacon is there. */
function circle(
  voters: readonly ReplicaId[],
  beacons: Beacons,
  bequest: MembershipPolicy['bequest'] = 'margin1',
): Circle {
  const state = groupOf(voters).of(a)
  const synced = Object.fromEntries(
    Object.entries(beacons).map(([id, beacon]) => [id, { accepted: first, ...beacon }]),
  )
  const policy = { ...defaultPolicy, bequest }
  return { state, peers: peersAround(a, synced), now: millis(0), profile: '1', policy }
}

test.each([
  { voters: [a, b, c], there: { [b]: {}, [c]: {} }, needed: false, why: 'all are there' },
  { voters: [a, b, c], there: { [b]: {} }, needed: true, why: 'one is away already' },
  { voters: [a], there: { [b]: {} }, needed: true, why: 'it is the only one' },
  { voters: [b, c], there: { [b]: {}, [c]: {} }, needed: false, why: 'it has no vote' },
])('[BQ17] a store is needed when the others cannot decide: $why', ({ voters, there, needed }) => {
  const all = voters.includes(a) ? voters : [...voters, a]
  const here = circle(all, there)
  if (!voters.includes(a)) here.state.votes = []
  expect([isNeeded(here), wantedHeir(here) !== undefined]).toEqual([needed, needed])
})

test.each([
  { why: 'by id', beacons: { [b]: {}, [c]: {} }, heir: b },
  { why: 'a visible one', beacons: { [b]: { quiet: true }, [c]: {} }, heir: c },
  { why: 'one of another profile', beacons: { [b]: { profile: '1' }, [c]: {} }, heir: c },
  { why: 'a sound one', beacons: { [b]: { storageOk: false }, [c]: {} }, heir: c },
  { why: 'one that stays', beacons: { [b]: { nextMs: 0 }, [c]: {} }, heir: c },
  { why: 'a synced one', beacons: { [b]: { accepted: ballot(9, c) }, [c]: {} }, heir: c },
  { why: 'one that knows its votes', beacons: { [b]: { votes: [] }, [c]: {} }, heir: c },
  { why: 'nobody, if nobody is fit', beacons: { [b]: { storageOk: false } }, heir: undefined },
])('[BQ17] the heir is one that is fit: $why', ({ beacons, heir }) => {
  expect(wantedHeir(circle([a], beacons))).toBe(heir)
})

test('[BQ17] an heir that is fit stays the heir', () => {
  const here = circle([a], { [b]: {}, [c]: {} })
  here.state.estate.armed = { heir: c, incarnation: incarnation(1) }
  expect(wantedHeir(here)).toBe(c)
})

test.each(['margin1', 'margin2'] as const)(
  '[MS9] with %s the heir is rather one that is always on, and takes the place of another one',
  (bequest) => {
    const here = circle(
      [a, c],
      { [b]: {}, [c]: {}, [d]: { profile: '+one', quiet: true } },
      bequest,
    )
    expect(wantedHeir(here)).toBe(d)
    here.state.estate.armed = { heir: c, incarnation: incarnation(1) }
    expect(wantedHeir(here)).toBe(d)
  },
)

test('[BQ17] one that others have to relay to is none', () => {
  const here = circle([a], { [b]: {} })
  const peer = here.peers.get(b)
  if (peer !== undefined) peer.linked = false
  expect(wantedHeir(here)).toBeUndefined()
})

test('[BQ17] with margin2 the voters leave to each other in a ring, and the only one to a standby', () => {
  const others = { [b]: {}, [c]: {}, [d]: {} }
  expect(wantedHeir(circle([a, b, c], others, 'margin2'))).toBe(b)
  const last = circle([a, b, c], others, 'margin2')
  last.state.votes = [renewedVote(d, incarnation(1)), ownVote(c)]
  expect(wantedHeir(last)).toBe(b)
  expect(wantedHeir(circle([a], { [d]: {} }, 'margin2'))).toBe(d)
})

test('[BQ17] with bequests off, or where voters are pinned, nobody is named', () => {
  expect(wantedHeir(circle([a], { [b]: {} }, 'off'))).toBeUndefined()
  const pinned = circle([a], { [b]: {} })
  expect(wantedHeir({ ...pinned, policy: { ...pinned.policy, voters: 0 } })).toBeUndefined()
})

test.each([
  {
    voters: [a, b, c],
    votes: { [a]: [a, b, c], [d]: [d] },
    expected: 'a',
    why: 'all others are left to the leader',
  },
  {
    voters: [b],
    votes: { [a]: [a, b] },
    expected: 'a',
    why: 'the leader has none of its own in it',
  },
  {
    voters: [a, b, c],
    votes: { [a]: [a], [c]: [b, c], [d]: [d] },
    expected: 'acd',
    why: 'a standby is there',
  },
])(
  '[BQ11] votes that somebody else casts are replaced at once: $why',
  ({ voters, votes, expected }) => {
    const group = groupOf([...new Set([...voters, a])])
    const state = group.of(a)
    const mine = (votes as Record<ReplicaId, readonly ReplicaId[]>)[a] ?? []
    group.elect(a)
    const newest = state.log.configurations.at(-1)
    if (newest !== undefined) Object.assign(newest, { voters: voters.map(ownVote) })
    state.votes = mine.map(ownVote)
    const role = leading(state)
    const members = noMembers()
    const others = Object.entries(votes).filter(([id]) => id !== a)
    for (const [name, cast] of others) {
      const id = name as ReplicaId
      role.progress.set(id, { ...newProgress(millis(0), cast.map(ownVote)), synced: true })
      if (!voters.includes(id)) members.readySince.set(id, millis(-1e6))
      for (const vote of cast) members.holders.set(ownVote(vote), id)
    }
    const beacons = Object.fromEntries(
      others.map(([id, cast]) => [id, { votes: cast.map(ownVote) }]),
    )
    const surroundings = {
      ...{ state, role, members, now: millis(0), roundMs: 250, profile: '', standsBy: false },
      ...{
        peers: peersAround(a, beacons),
        policy: { ...defaultPolicy, bequest: 'off' as const, voters: 3 },
      },
    }
    expect(
      nextVoters(surroundings)
        ?.map((vote) => vote[0])
        .join(''),
    ).toBe(expected)
  },
)

/** `a` leads three voters, of which `c` closed long ago, and holds the log of its ballot as `b` does. */
function oneOfThreeGone(): Surroundings {
  const group = groupOf([a, b, c])
  group.elect(a)
  const state = group.of(a)
  const role = leading(state)
  role.progress.set(b, { ...newProgress(millis(0), [ownVote(b)]), synced: true })
  const members = noMembers()
  members.downSince.set(ownVote(c), millis(-1e6))
  members.closedSince.set(ownVote(c), millis(-1e6))
  const peers = peersAround(a, { [b]: {} })
  const policy = { ...defaultPolicy, bequest: 'margin1' as const }
  const calm = { now: millis(0), roundMs: 250, profile: '', standsBy: false }
  return { state, role, peers, members, policy, ...calm }
}

test('[BQ19] a group becomes one of one voter only when the disk of that one says who gets its vote', () => {
  const here = oneOfThreeGone()
  expect([nextVoters(here), mayClose(here)]).toEqual([undefined, false])
  expect(wantedHeir(here)).toBe(b)
  here.state.estate.armed = { heir: b, incarnation: incarnation(1) }
  expect([nextVoters(here), mayClose(here)]).toEqual([[ownVote(a)], true])
  const { votes } = here.state
  here.state.estate.writes.push({ kind: 'arm', votes, from: undefined })
  expect([nextVoters(here), mayClose(here)]).toEqual([undefined, false])
})

test('[BQ19] where nothing is left to anybody, a group of one voter waits for no heir', () => {
  const here = oneOfThreeGone()
  const off = { ...here, policy: { ...here.policy, bequest: 'off' as const } }
  expect([nextVoters(off), mayClose(off)]).toEqual([[ownVote(a)], false])
})

test('[BQ20] a tab may close when the others can decide without it, and when nobody is there', () => {
  expect(mayClose(circle([a, b, c], { [b]: {}, [c]: {} }))).toBe(true)
  expect(mayClose(circle([a, b, c], { [b]: {}, [c]: { leaving: true } }))).toBe(false)
  expect(mayClose(circle([a], {}))).toBe(true)
  expect(mayClose(circle([a], { [b]: { storageOk: false } }))).toBe(false)
})
