import { expect, test } from 'vitest'
import type { ReplicaId } from '../protocol/ids.ts'
import { activeConfigurations } from '../protocol/configuration.ts'
import { a, b, c, config, d, e, first, genesis, storeOf } from '../testing/stores.ts'
import { beaconFrom } from '../testing/beacons.ts'
import { standingsOf } from './standing.ts'

const voting = activeConfigurations(
  storeOf(a, { entries: [genesis, config(first, a, b, c, d)], decidedEnd: 2 }),
)

type Links = readonly (readonly [ReplicaId, readonly ReplicaId[]])[]

/** `links`: who hears whom. As "degree/eccentricity". */
function standings(links: Links): readonly string[] {
  const stores = links.map(([id, heard]) => ({ id, beacon: beaconFrom(id, { heard }) }))
  const all = standingsOf(stores, voting)
  return links.map(([id]) => {
    const { degree = -1, eccentricity = -1 } = all.get(id) ?? {}
    return `${degree}/${eccentricity}`
  })
}

const chain: Links = [
  [a, [b]],
  [b, [a, c]],
  [c, [b, d]],
  [d, [c]],
]

test.each<{ why: string; links: Links; expected: readonly string[] }>([
  { why: 'a chain', links: chain, expected: ['1/3', '2/2', '2/2', '1/3'] },
  {
    why: 'a star',
    links: [
      [a, [b]],
      [b, [a, c, d]],
      [c, [b]],
      [d, [b]],
    ],
    expected: ['1/2', '3/1', '1/2', '1/2'],
  },
  {
    why: 'a ring that goes round one way',
    links: [
      [a, [d]],
      [b, [a]],
      [c, [b]],
      [d, [c]],
    ],
    expected: ['0/3', '0/3', '0/3', '0/3'],
  },
  {
    why: 'one whom nobody hears',
    links: [
      [a, [b]],
      [b, []],
    ],
    expected: ['0/2', '0/1'],
  },
  {
    why: 'one without a vote counts as a way, not as an end',
    links: [
      [a, [e]],
      [e, [a, b]],
      [b, [e]],
    ],
    expected: ['0/2', '2/1', '0/2'],
  },
])('[EL14] how well stores are placed: $why', ({ links, expected }) => {
  expect(standings(links)).toEqual(expected)
})
