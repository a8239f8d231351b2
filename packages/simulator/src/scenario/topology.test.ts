import { expect, test } from 'vitest'
import type { ReplicaId } from '@unanimous/core/internal'
import { parseScenario } from './parse.ts'
import type { Wires } from './topology.ts'
import { Topology, Wiring } from './topology.ts'

function topologyOf(...lines: readonly string[]): Topology {
  const text = ['voters a b c', 'load 1/s from all', 'run 1s', ...lines].join('\n')
  const parsed = parseScenario(text)
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors))
  return new Topology(parsed.scenario)
}

test('[SC7] a hub forwards: the hops add up, and a direct link is preferred', () => {
  const topology = topologyOf('hubs h', 'link a-h b-h c>h a-b', 'latency 5..15', 'latency b-h 1..2')
  expect(topology.hops('a', 'b')).toEqual([[5, 15]])
  expect(topology.hops('c', 'b')).toEqual([
    [5, 15],
    [1, 2],
  ])
  expect(topology.hops('b', 'c')).toBeUndefined()
})

test('[SC7] nobody but a hub forwards', () => {
  const topology = topologyOf('link a-b b-c')
  expect(topology.hops('a', 'c')).toBeUndefined()
})

test('[SC7] a cut takes directions away, healing brings them or everything back', () => {
  const topology = topologyOf('mesh')
  const [ab, ba] = [
    { from: 'a', to: 'b' },
    { from: 'b', to: 'a' },
  ]
  topology.cut([ab, ba])
  expect(topology.hops('a', 'b')).toBeUndefined()
  topology.heal([ba])
  expect([topology.hops('a', 'b'), topology.hops('b', 'a')]).toEqual([undefined, [[10, 30]]])
  topology.heal(undefined)
  expect(topology.hops('a', 'b')).toEqual([[10, 30]])
})

test('[SC7] what lies beside somebody shares its links', () => {
  const topology = topologyOf('link a-b')
  topology.addBeside('a_3', 'a')
  expect(topology.hops('a_3', 'b')).toEqual([[10, 30]])
  expect(topology.hops('a_3', 'a')).toEqual([[10, 30]])
  expect(topology.hops('a_3', 'c')).toBeUndefined()
})

test('[SC7] no link at all is a blocked pair, one direction is a muted one, and nothing is told twice', () => {
  const told: string[] = []
  const wires: Wires = {
    block: (a, b) => told.push(`block ${a}${b}`),
    unblock: (a, b) => told.push(`unblock ${a}${b}`),
    mute: (from, to) => told.push(`mute ${from}${to}`),
    unmute: (from, to) => told.push(`unmute ${from}${to}`),
    route: (from, to) => told.push(`route ${from}${to}`),
  }
  const topology = topologyOf('link a>b')
  const wiring = new Wiring(wires, topology)
  const ids = new Map(['a', 'b', 'c'].map((name) => [name, name as ReplicaId]))
  wiring.apply(ids)
  expect(told).toEqual([
    ...['unblock ab', 'unmute ab', 'route ab', 'mute ba'],
    ...['block ac', 'block bc'],
  ])
  told.length = 0
  wiring.apply(ids)
  expect(told).toEqual([])
  topology.cut([{ from: 'a', to: 'b' }])
  wiring.apply(ids)
  expect(told).toEqual(['block ab'])
})
