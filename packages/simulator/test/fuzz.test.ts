/** A fixed set of worlds, and as many new ones as fit into a while; `pnpm sim fuzz` runs more of them. */
import { expect, test } from 'vitest'
import { fuzz, optionsFrom } from '../src/fuzz.ts'

const worlds = 40
const part = 20
const freshMs = 2_000

for (let first = 0; first < worlds; first += part) {
  test(`the worlds of seeds ${first} to ${first + part - 1} agree, and go on after their faults`, () => {
    let decided = 0
    for (let seed = first; seed < first + part; seed += 1) {
      decided += fuzz(optionsFrom(seed)).decided
    }
    expect(decided).toBeGreaterThan(0)
  })
}

test('worlds that nobody has seen before agree too', () => {
  const began = Date.now()
  // Any number below 2^32 that is another one each time; printed, so that a failure can be seen again.
  const first = Math.floor(began / 1000) % 2 ** 32
  let seed = first
  for (; Date.now() - began < freshMs; seed += 1) {
    try {
      fuzz(optionsFrom(seed))
    } catch (error) {
      throw new Error(`npx -y pnpm sim replay ${seed}`, { cause: error })
    }
  }
  console.log(`fresh worlds: seeds ${first} to ${seed - 1}`)
  expect(seed).toBeGreaterThan(first)
})
