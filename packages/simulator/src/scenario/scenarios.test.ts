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
