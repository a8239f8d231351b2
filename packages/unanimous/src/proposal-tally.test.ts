import { expect, test } from 'vitest'
import type { Outcome } from './proposal.ts'
import { ProposalTally } from './proposal-tally.ts'

const nobody = (): never => {
  throw new Error('nobody asks again')
}

test('[IX1] proposals are counted by how they ended, and timed from call to result', async () => {
  let now = 0
  const tally = new ProposalTally(() => now)
  expect(tally.latency()).toBeUndefined()
  const ends: Outcome<unknown>[] = [
    { kind: 'committed', index: 1, result: undefined },
    { kind: 'committed', index: 2, result: undefined },
    { kind: 'refused', index: 3, code: 'NO', detail: undefined },
    { kind: 'not-sent', why: 'timeout' },
    { kind: 'unknown', why: 'closed', retry: nobody },
  ]
  for (const [at, end] of ends.entries()) {
    const outcome = Promise.resolve(end)
    tally.follow(outcome)
    now += 10 * (at + 1)
    await outcome
    await Promise.resolve()
  }
  expect(tally.counts()).toEqual({ committed: 2, refused: 1, notSent: 1, unknown: 1 })
  expect(tally.latency()).toEqual({ count: 3, p50: 20, p95: 30, max: 30 })
})

test('[IX1] only the last ones are timed', async () => {
  let now = 0
  const tally = new ProposalTally(() => now)
  const end: Outcome<unknown> = { kind: 'committed', index: 1, result: undefined }
  for (let each = 0; each < 600; each += 1) {
    tally.follow(Promise.resolve(end))
    now += each < 88 ? 1000 : 1
    await Promise.resolve()
    await Promise.resolve()
  }
  expect(tally.counts().committed).toBe(600)
  expect(tally.latency()).toMatchObject({ count: 512, max: 1 })
})
