/** What browsers report of a connection, and what is read out of it. */
import { expect, test } from 'vitest'
import { routeOf } from './link-route.ts'

type Entry = { readonly id: string } & Readonly<Record<string, unknown>>

const reportOf = (...entries: readonly Entry[]) =>
  new Map(entries.map((each) => [each.id, each] as const))

const host: Entry = { id: 'h', type: 'local-candidate', candidateType: 'host', protocol: 'udp' }
const relay: Entry = { id: 'r', type: 'remote-candidate', candidateType: 'relay' }
const pair: Entry = {
  ...{ id: 'p', type: 'candidate-pair', localCandidateId: 'h', remoteCandidateId: 'r' },
}

test('[LK24] the way of a connection is that of the pair that its transport uses, or that is marked', () => {
  const route = { local: 'host', remote: 'relay', relayed: true, protocol: 'udp' }
  const transport: Entry = { id: 't', type: 'transport', selectedCandidatePairId: 'p' }
  expect(routeOf(reportOf(host, relay, pair, transport))).toEqual(route)
  expect(routeOf(reportOf(host, relay, { ...pair, selected: true }))).toEqual(route)
})

test('[LK24] a report without a chosen pair, or with kinds that nobody knows, says nothing', () => {
  expect(routeOf(new Map())).toBeUndefined()
  expect(routeOf(reportOf(host, relay, pair))).toBeUndefined()
  const odd = { ...relay, candidateType: 'carrier pigeon' }
  expect(routeOf(reportOf(host, odd, { ...pair, selected: true }))).toBeUndefined()
})
