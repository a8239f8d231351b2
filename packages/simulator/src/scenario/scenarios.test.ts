/** Every row of the table as a story: what the product does on each network, as a page that is compared with the one before. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { pageOf } from './page.ts'
import { parseScenario } from './parse.ts'
import type { Protocol } from './protocol.ts'
import type { Outcome } from './run.ts'
import { runScenario } from './run.ts'

const folder = join(import.meta.dirname, '../../scenarios')
const names = readdirSync(folder)
  .filter((file) => file.endsWith('.scenario'))
  .map((file) => file.replace('.scenario', ''))

function play(name: string, protocol: Protocol, seed = 1): Outcome {
  const parsed = parseScenario(readFileSync(join(folder, `${name}.scenario`), 'utf8'))
  if (!parsed.ok) throw new Error(`${name}: ${JSON.stringify(parsed.errors)}`)
  return runScenario(parsed.scenario, { protocol, seed })
}

test.each(names)(
  '[SC5] %s comes out as expected, and as it did before',
  async (name) => {
    const outcome = play(name, 'unanimous')
    expect(outcome.violation).toBeUndefined()
    expect(outcome.judgements.filter(({ state }) => state === 'failed')).toEqual([])
    await expect(pageOf(name, outcome)).toMatchFileSnapshot(join(folder, `${name}.trace`))
    // Ten minutes of a world take a while on a busy machine.
  },
  240_000,
)

test('[SC6] the same seed is the same run, another seed is another one', () => {
  const [once, again, other] = [1, 1, 2].map((seed) => play('X1', 'unanimous', seed))
  expect(again).toEqual(once)
  expect(other?.story).not.toEqual(once?.story)
})

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

test('[SC12] a star ends led by its hub, through which messages go no more then', () => {
  const { leader, handovers, changes, hops } = play('QL', 'unanimous', 2)
  expect({ leader, handovers, changes }).toEqual({ leader: 'a', handovers: 1, changes: 0 })
  expect(hops).toBeGreaterThan(1)
  expect(hops).toBeLessThan(2)
})
