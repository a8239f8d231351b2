import { array, assert, integer, property, tuple } from 'fast-check'
import { expect, test } from 'vitest'
import type { ReplicaId } from '../protocol/ids.ts'
import { replicaId } from '../protocol/ids.ts'
import type { Vertex } from './graph.ts'
import { waysFrom } from './graph.ts'

const ids = Array.from('0123456789').map((digit) => replicaId(digit.repeat(32)))
const named = (digits: string): readonly ReplicaId[] =>
  Array.from(digits).map((digit) => replicaId(digit.repeat(32)))

/** `lines`: "whom: whom it hears", the first one is where we are. */
function waysOf(lines: readonly string[], hopsMax = 8): Readonly<Record<string, string>> {
  const vertices = lines.map((line): Vertex => {
    const [who = '', whom = ''] = line.split(': ')
    const late = who.endsWith('!')
    return { id: replicaId((who[0] ?? '').repeat(32)), heard: named(whom), weight: late ? 4 : 0 }
  })
  const self = vertices[0]?.id ?? replicaId('0'.repeat(32))
  const ways = waysFrom(self, vertices, hopsMax)
  return Object.fromEntries(
    [...ways].map(([id, { via, back }]) => [
      id.slice(0, 1),
      `${via.map((each) => each.slice(0, 1)).join('')}${back ? '' : ' only there'}`,
    ]),
  )
}

test.each<{ why: string; lines: readonly string[]; ways: Readonly<Record<string, string>> }>([
  { why: 'a link', lines: ['1: 2', '2: 1'], ways: { '2': '' } },
  { why: 'through the one between', lines: ['1: 2', '2: 13', '3: 2'], ways: { '2': '', '3': '2' } },
  { why: 'nobody hears us', lines: ['1: 2', '2: '], ways: {} },
  { why: 'we hear nobody', lines: ['1: ', '2: 1'], ways: { '2': ' only there' } },
  {
    why: 'there one way and back another one',
    lines: ['1: 3', '2: 1', '3: 2'],
    ways: { '2': '', '3': '2' },
  },
  {
    why: 'around one that is late',
    lines: ['1: 234', '2!: 15', '3: 1', '4: 3', '5: 24'],
    ways: { '2': '', '3': '', '4': '3', '5': '34' },
  },
])('[RL1] ways lead along links that work in that direction: $why', ({ lines, ways }) => {
  expect(waysOf(lines)).toEqual(ways)
})

test('[RL1] no way is longer than the bound', () => {
  const chain = ['0: 1', '1: 02', '2: 13', '3: 2']
  expect(Object.keys(waysOf(chain, 2))).toEqual(['1', '2'])
})

test('[RL1] in any network a way exists if and only if there is one, and is one of the shortest', () => {
  const size = 7
  const network = array(
    tuple(integer({ min: 0, max: size - 1 }), integer({ min: 0, max: size - 1 })),
  )
  assert(
    property(network, (arrows) => {
      const hears = (to: number): readonly ReplicaId[] =>
        arrows
          .flatMap(([from, target]) => (target === to && from !== to ? [ids[from]] : []))
          .filter((id) => id !== undefined)
      const vertices = ids.slice(0, size).map((id, at) => ({ id, heard: hears(at), weight: 0 }))
      const ways = waysFrom(ids[0] as ReplicaId, vertices, size)
      const steps = stepsFrom(0, arrows)
      const back = stepsFrom(
        0,
        arrows.map(([from, to]) => [to, from]),
      )
      for (let at = 1; at < size; at += 1) {
        const way = ways.get(ids[at] as ReplicaId)
        expect(way?.via.length).toBe(steps.has(at) ? (steps.get(at) ?? 0) - 1 : undefined)
        if (way !== undefined) expect(way.back).toBe(back.has(at))
      }
    }),
    { seed: 7, numRuns: 300 },
  )
})

function stepsFrom(
  start: number,
  arrows: readonly (readonly [number, number])[],
): ReadonlyMap<number, number> {
  const steps = new Map([[start, 0]])
  for (const [at, count] of steps) {
    for (const [from, to] of arrows) if (from === at && !steps.has(to)) steps.set(to, count + 1)
  }
  return steps
}
