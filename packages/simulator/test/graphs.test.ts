import { expect, test } from 'vitest'
import { graphFrom, largestComponent, playGraph } from '../src/random-graph.ts'

const batches = Array.from({ length: 4 }, (_, batch) => batch * 25)

test.each(batches)(
  '[NG1] [NG2] in 25 networks drawn at random, from seed %i on, who can commit does and nobody pretends',
  (from) => {
    for (let seed = from; seed < from + 25; seed += 1) playGraph(seed)
  },
  240_000,
)

test('[NG1] of the networks of these tests, a good part has a majority and a good part has none', () => {
  const shares = Array.from({ length: 100 }, (_, seed) => {
    const graph = graphFrom(seed)
    return 2 * largestComponent(graph).length > graph.voters.length
  })
  const able = shares.filter(Boolean).length
  expect(able).toBeGreaterThan(25)
  expect(able).toBeLessThan(75)
})

test.each([
  { arrows: ['a>b', 'b>c', 'c>a'], component: 'abc' },
  { arrows: ['a>b', 'b>a', 'b>c'], component: 'ab' },
  { arrows: ['a>b', 'b>c'], component: 'a' },
])('[NG1] strongly connected: $arrows is $component', ({ arrows, component }) => {
  expect(largestComponent({ voters: ['a', 'b', 'c'], arrows }).join('')).toBe(component)
})
