/** A fixed set of worlds; `cli/fuzz.ts` runs more of them. */
import { expect, test } from 'vitest'
import { fuzz, optionsFrom } from '../src/fuzz.ts'

const worlds = 200
const part = 25

for (let first = 0; first < worlds; first += part) {
  test(`the worlds of seeds ${first} to ${first + part - 1} agree, and go on after their faults`, () => {
    let decided = 0
    for (let seed = first; seed < first + part; seed += 1) {
      decided += fuzz(optionsFrom(seed)).decided
    }
    expect(decided).toBeGreaterThan(0)
  })
}
