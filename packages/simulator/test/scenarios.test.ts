/** Every row of the table as a story: what the product does on each network, as a page that is compared with the one before. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { pageOf } from '../src/scenario/page.ts'
import { parseScenario } from '../src/scenario/parse.ts'
import type { Outcome } from '../src/scenario/run.ts'
import { runScenario } from '../src/scenario/run.ts'

const folder = join(import.meta.dirname, '../scenarios')
const names = readdirSync(folder)
  .filter((file) => file.endsWith('.scenario'))
  .map((file) => file.replace('.scenario', ''))

function play(name: string, seed = 1): Outcome {
  const parsed = parseScenario(readFileSync(join(folder, `${name}.scenario`), 'utf8'))
  if (!parsed.ok) throw new Error(`${name}: ${JSON.stringify(parsed.errors)}`)
  return runScenario(parsed.scenario, { protocol: 'unanimous', seed })
}

test.each(names)(
  '[SC5] %s comes out as expected, and as it did before',
  async (name) => {
    const outcome = play(name)
    expect(outcome.violation).toBeUndefined()
    expect(outcome.judgements.filter(({ state }) => state === 'failed')).toEqual([])
    await expect(pageOf(name, outcome)).toMatchFileSnapshot(join(folder, `${name}.trace`))
    // Ten minutes of a world take a while on a busy machine.
  },
  240_000,
)

test('[SC6] the same seed is the same run, another seed is another one', () => {
  const [once, again, other] = [1, 1, 2].map((seed) => play('X1', seed))
  expect(again).toEqual(once)
  expect(other?.story).not.toEqual(once?.story)
})

test('[SC12] a star ends led by its hub, through which messages go no more then', () => {
  const { leader, handovers, changes, hops } = play('QL', 2)
  expect({ leader, handovers, changes }).toEqual({ leader: 'a', handovers: 1, changes: 0 })
  expect(hops).toBeGreaterThan(1)
  expect(hops).toBeLessThan(2)
})
