/** What becomes of others on the networks of the table, and of this protocol without its ways through others. */
import { expect, test } from 'vitest'
import { readScenario } from '../cli/scenario-files.ts'
import type { Protocol } from '../src/scenario/protocol.ts'
import type { Outcome } from '../src/scenario/run.ts'
import { runScenario } from '../src/scenario/run.ts'

const play = (name: string, protocol: Protocol): Outcome =>
  runScenario(readScenario(name).scenario, { protocol, seed: 1 })

test.each(['U1', 'U2', 'HA1', 'C1'])('[BL2] textbook Raft loses a fifth of %s or more', (name) => {
  const { committed, changes, violation } = play(name, 'raft')
  expect(violation).toBeUndefined()
  expect(committed).toBeLessThan(80)
  expect(changes).toBeGreaterThan(5)
})

test.each([
  ['HA2', 'raft-pv'],
  ['QL', 'raft-pv'],
  ['CE', 'raft'],
  ['CE', 'raft-pv'],
  ['CE', 'raft-pv-cq'],
  ['DL', 'raft'],
  ['DL', 'raft-pv'],
  ['L7', 'raft'],
  ['L7', 'raft-pv-cq'],
  ['L7', 'omni'],
] as const)('[BL2] %s is the end of %s', (name, protocol) => {
  const { committed, violation } = play(name, protocol)
  expect(violation).toBeUndefined()
  expect(committed).toBe(0)
})

test.each([
  ['U2', 'raft-pv'],
  ['U1', 'raft-pv-cq'],
  ['HA2', 'raft-pv-cq'],
  ['QL', 'raft-pv-cq'],
  ['DL', 'raft-pv-cq'],
  ['QL', 'omni'],
  ['CE', 'omni'],
] as const)('[BL2] %s is survived by %s', (name, protocol) => {
  const { committed, violation } = play(name, protocol)
  expect(violation).toBeUndefined()
  expect(committed).toBeGreaterThan(99)
})

test.each([
  ['U1', 0],
  ['U2', 0],
  ['U3', 0],
  ['HA1', 0],
  ['HA2', 1],
  ['QL', 1],
  ['CE', 1],
  ['CH', 0],
  ['DL', 1],
  ['C1', 0],
  ['X1', 1],
] as const)('[BL5] %s without relays: within its bounds, %i leader changes', (name, expected) => {
  const { changes, hops, violation, judgements } = play(name, 'unanimous-direct')
  expect(violation).toBeUndefined()
  // Who has no link of its own to a leader gets no answers then.
  const failed = judgements.filter(({ met, text }) => !met && !text.startsWith('answered'))
  expect(failed).toEqual([])
  expect({ changes, hops }).toEqual({ changes: expected, hops: 1 })
})

test('[BL5] L7 without relays: nothing can be decided, and nothing is claimed to be', () => {
  const { committed, violation } = play('L7', 'unanimous-direct')
  expect(violation).toBeUndefined()
  expect(committed).toBe(0)
})
