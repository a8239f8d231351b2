import { expect, test } from 'vitest'
import { ownVote, replicaId } from '../protocol/ids.ts'
import { standbysMax } from '../protocol/limits.ts'
import { peersAround } from '../testing/beacons.ts'
import { a, b, c, d, e, groupOf } from '../testing/stores.ts'
import { addJoiner, fedPeers, forgetMember, noMembers } from './members.ts'

test('[ME7] a leader feeds the voters to whom a way leads, and the stores that asked', () => {
  const state = groupOf([a, b, c]).of(a)
  const members = noMembers()
  addJoiner(members, d, standbysMax)
  const peers = peersAround(a, { [b]: {}, [c]: {}, [d]: {}, [e]: {} })
  const unlinked = peers.get(c)
  if (unlinked !== undefined) Object.assign(unlinked, { linked: false, via: undefined })
  expect(fedPeers(state, peers, members)).toEqual([b, d])
})

test('[ME7] it feeds nobody that said good-bye', () => {
  const state = groupOf([a, b, c]).of(a)
  const peers = peersAround(a, { [b]: { nextMs: 0, votes: [ownVote(b)] } })
  expect(fedPeers(state, peers, noMembers())).toEqual([])
})

test('[ME7] as many stores as it can feed may ask, and those who are known may ask again', () => {
  const members = noMembers()
  const stores = Array.from({ length: standbysMax }, (_none, at) =>
    replicaId(at.toString(16).padStart(32, '0')),
  )
  for (const store of stores) expect(addJoiner(members, store, standbysMax)).toBe(true)
  expect([
    addJoiner(members, a, standbysMax),
    addJoiner(members, stores[0] ?? a, standbysMax),
  ]).toEqual([false, true])
  forgetMember(members, stores[0] ?? a)
  expect(addJoiner(members, a, standbysMax)).toBe(true)
})
