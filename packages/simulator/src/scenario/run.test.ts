/** Statements that no row of the table uses, on both kinds of stage. */
import { expect, test } from 'vitest'
import { parseScenario } from './parse.ts'
import type { Protocol } from './protocol.ts'
import { protocols } from './protocol.ts'
import type { Outcome, RunOptions } from './run.ts'
import { runScenario } from './run.ts'

const least = ['voters a b c', 'mesh', 'lead c', 'run 20s']

function play(options: RunOptions, ...lines: readonly string[]): Outcome {
  const parsed = parseScenario([...least, ...lines].join('\n'))
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors))
  return runScenario(parsed.scenario, options)
}

const texts = ({ story }: Outcome): readonly string[] => story.map(({ text }) => text)

test.each(protocols)('[SC6] %s stands loss, repetition, reordering and every fault', (protocol) => {
  const outcome = play(
    { protocol, seed: 1 },
    ...['clients k', 'observers o', 'standbys s', 'load 40/s from all', 'reads 5/s from a b'],
    ...['loss 2%', 'duplicate 1%', 'reorder 5%', 'latency a-b 40..60'],
    ...['at 2s cut a-b', 'at 4s heal', 'at 4s freeze b', 'at 5s resume b'],
    ...[
      'at 6s hide c',
      'at 8s show c',
      'at 9s reload a',
      'at 10s crash any',
      'at 12s restart a b c',
    ],
    ...['at 13s close c', 'at 14s restart c', 'at 15s duplicate a', 'expect committed >= 50%'],
  )
  expect(outcome.violation).toBeUndefined()
  expect(outcome.judgements.map(({ state }) => state)).toEqual(['met'])
  expect(texts(outcome)).toContain('cut a-b')
})

test.each(['unanimous', 'raft'] satisfies Protocol[])(
  '[SC6] a store that is wiped under %s never votes under its old name',
  (protocol) => {
    const outcome = play(
      { protocol, seed: 1 },
      ...['load 20/s from all', 'at 2s wipe a', 'at 3s restart a', 'at 5s crash b'],
    )
    // Of three votes one is gone for ever, and one is away: nothing can be decided.
    expect(outcome.violation).toBeUndefined()
    expect(outcome.committed).toBeLessThan(40)
  },
)

test('[SC6] a disk that is rolled back is where it was at time 0', () => {
  const outcome = play(
    { protocol: 'raft', seed: 1 },
    ...['load 20/s from c', 'at 5s rollback a', 'at 6s restart a'],
  )
  expect(texts(outcome)).toContain('rollback a')
  expect(outcome.committed).toBeGreaterThan(90)
})

test('[SC8] a history names every operation, its beginning, its end and what it found', () => {
  const { history } = play(
    { protocol: 'unanimous', seed: 1 },
    ...['load 20/s from all', 'reads 20/s from all', 'at 8s cut b-*', 'at 10s crash b'],
  )
  const open = new Set<number>()
  const written = new Map<string, Set<unknown>>()
  for (const { process, type, f, key, value, time } of history) {
    expect(time).toBeGreaterThanOrEqual(0)
    expect(open.has(process)).toBe(type !== 'invoke')
    if (type === 'invoke') open.add(process)
    else open.delete(process)
    const values = written.get(key) ?? new Set()
    written.set(key, values)
    if (f === 'write' && value !== null) values.add(value)
    // A read finds nothing that nobody has begun to write.
    if (f === 'read' && type === 'ok' && value !== null) expect(values).toContain(value)
  }
  expect(open.size).toBe(0)
  expect(
    history.some(({ type, f, value }) => type === 'ok' && f === 'read' && value !== null),
  ).toBe(true)
  expect(history.some(({ type }) => type === 'info')).toBe(true)
})

test('[SC3] what waits neither passes nor fails', () => {
  const { judgements } = play(
    { protocol: 'unanimous', seed: 1 },
    ...[
      'load 20/s from all',
      'expect changes = 1',
      'awaits a miracle',
      'expect changes = 2',
      'expect changes = 0',
    ],
  )
  expect(judgements.map(({ state, met, awaits }) => [state, met, awaits])).toEqual([
    ['failed', false, undefined],
    ['awaiting', false, 'a miracle'],
    ['awaiting', true, 'a miracle'],
  ])
})
