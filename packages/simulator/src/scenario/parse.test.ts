import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseScenario } from './parse.ts'
import { momentsOf } from './scenario.ts'
import type { Scenario } from './scenario.ts'

const least = ['voters a b c', 'mesh', 'load 40/s from all', 'run 80s']

function scenarioOf(...lines: readonly string[]): Scenario {
  const parsed = parseScenario([...least, ...lines].join('\n'))
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors))
  return parsed.scenario
}

function errorOf(...lines: readonly string[]): string {
  const parsed = parseScenario([...least, ...lines].join('\n'))
  if (parsed.ok) throw new Error('it parses')
  return parsed.errors.map(({ line, message }) => `${line}: ${message}`).join('\n')
}

test('[SC1] a scenario says who takes part, how links are and what is expected', () => {
  const scenario = scenarioOf(
    'standbys s # a comment',
    'observers o',
    'clients k',
    'latency 5..15',
    'latency a-b 80..120',
    'loss 1%',
    'duplicate 0.5%',
    'reorder 5%',
    'membership auto',
    'lead c',
    'reads 10/s from a b',
    'expect committed >= 99% after 12s',
    'expect behind <= 400ms from o k after 5s',
  )
  expect(scenario.places.map(({ name, role }) => `${name} ${role}`)).toEqual([
    ...['a voter', 'b voter', 'c voter', 's standby', 'o observer', 'k client'],
  ])
  expect(scenario.latencyMs).toEqual([5, 15])
  expect(scenario.latencies[0]?.directions).toEqual([
    { from: 'a', to: 'b' },
    { from: 'b', to: 'a' },
  ])
  expect(scenario).toMatchObject({ lost: 10, duplicated: 5, reordered: 50, pinned: false })
  expect(scenario.links).toHaveLength(30)
  expect(scenario.loads[1]).toEqual({ kind: 'read', perSecond: 10, from: ['a', 'b'] })
  expect(scenario.expectations[0]).toMatchObject({ value: 99, afterMs: 12_000, comparison: '>=' })
  expect(scenario.expectations[1]).toMatchObject({ value: 400, afterMs: 5000, from: ['o', 'k'] })
})

test('[SC1] links are one way or both, and a star stands for all', () => {
  const [cut, heal, all] = scenarioOf(
    'at 1s cut a>b c-*',
    'at 2s heal a-b',
    'at 3s heal',
  ).events.map(({ action }) => action)
  expect(cut).toEqual({
    type: 'cut',
    directions: [
      { from: 'a', to: 'b' },
      { from: 'c', to: 'a' },
      { from: 'a', to: 'c' },
      { from: 'c', to: 'b' },
      { from: 'b', to: 'c' },
    ],
  })
  expect(heal).toMatchObject({ type: 'heal', directions: [{ from: 'a' }, { from: 'b' }] })
  expect(all).toEqual({ type: 'heal', directions: undefined })
})

test('[SC1] an event happens once, or again and again', () => {
  const [once, often] = scenarioOf('at 5s crash a b', 'at 10s every 2s until 15s reload any').events
  expect(once === undefined ? [] : momentsOf(once)).toEqual([5000])
  expect(often === undefined ? [] : momentsOf(often)).toEqual([10_000, 12_000, 14_000])
  expect(often?.action).toEqual({ type: 'reload', names: 'any' })
})

test('[SC3] what comes after `awaits` waits, what comes before does not', () => {
  const { expectations } = scenarioOf(
    'expect changes = 0',
    'awaits relays',
    'expect answered >= 99% from a after 5s',
  )
  expect(expectations.map(({ awaits }) => awaits)).toEqual([undefined, 'relays'])
})

test.each([
  ['votes a b', '5: expected one of voters, standbys'],
  ['latency 10-30', '5: expected milliseconds such as 10..30, found "10-30"'],
  ['latency 30..10', '5: expected milliseconds such as 10..30, found "30..10"'],
  ['loss 1', '5: expected a share such as 1% or 0.5%, found "1"'],
  ['link a', '5: expected a link such as a-b or a>b, found "a"'],
  ['link a-z', '5: expected a link between known names, found "z"'],
  ['link a-a', '5: expected a link between two, found "a" twice'],
  ['voters a', '5: expected a new name, a is taken'],
  ['lead', '5: expected a name, found the end of the line'],
  ['lead z', '5: expected the name of a voter, found "z"'],
  ['load 40 from all', '5: expected a rate such as 40/s, found "40"'],
  ['at 90s crash a', '5: expected a time before the end of the run'],
  ['at 9s explode a', '5: expected one of cut, heal, crash'],
  ['at 9s crash z', '5: expected the name of somebody who takes part, found "z"'],
  ['membership manual', '5: expected "auto", found "manual"'],
  ['mesh now', '5: expected nothing more on this line, found "now"'],
  ['expect speed >= 1', '5: expected one of committed, stall'],
  ['expect committed > 99%', '5: expected >=, <= or =, found ">"'],
  ['expect changes = 0 after 5s', '5: expected nothing more on this line, found "after"'],
  ['awaits', '5: expected what is waited for, in words, found the end of the line'],
])('[SC2] "%s" is refused: line %s', (line, message) => {
  expect(errorOf(line)).toContain(message)
})

test('[SC2] what is missing is named too', () => {
  const parsed = parseScenario('lead c')
  expect(parsed.ok ? [] : parsed.errors.map(({ message }) => message)).toEqual([
    'expected the name of a voter, found "c"',
    'expected a line "voters a b c"',
    'expected a line "mesh", or lines "link a-b"',
    'expected a line "run 80s"',
    'expected a line "load 40/s from all"',
  ])
})

const words = fc.constantFrom(
  ...['voters', 'hubs', 'a', 'b', 'c', 'at', '10s', 'every', 'until', 'cut', 'a-b', 'c>*', 'heal'],
  ...[
    'crash',
    'any',
    'all',
    'expect',
    'committed',
    '>=',
    '99%',
    'after',
    'answered',
    'from',
    'run',
  ],
  ...['load', '40/s', 'latency', '10..30', 'lead', 'awaits', 'mesh', 'link', '#', '\n', '\n', '\n'],
)

test('[SC2] any text is a scenario or a list of wrong lines, never an exception', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 300 }),
    fc.array(words, { maxLength: 80 }).map((each) => each.join(' ')),
  )
  fc.assert(
    fc.property(text, (any) => {
      const parsed = parseScenario(any)
      if (parsed.ok) return parsed.scenario.runMs > 0
      const lines = any.split(/\r?\n/).length
      return parsed.errors.every(
        ({ line, message }) => line >= 1 && line <= lines && message !== '',
      )
    }),
    { seed: 1, numRuns: 500 },
  )
})
