import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Index, VoteId } from './ids.ts'
import { isMajority, majorityEnd, majoritySize } from './quorum.ts'

const votes = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i'] as string[] as VoteId[]
const seeded = { seed: 20_260 }
const someVotes = fc.subarray(votes, { minLength: 1 })

test('[CF8] two majorities of one configuration always share a vote', () => {
  fc.assert(
    fc.property(someVotes, fc.subarray(votes), fc.subarray(votes), (voters, one, other) => {
      const both = [one, other].every((set) => isMajority(voters, new Set(set)))
      fc.pre(both)
      expect(voters.some((vote) => one.includes(vote) && other.includes(vote))).toBe(true)
    }),
    seeded,
  )
})

test('[CF8] a majority is counted like this, and a stranger’s support is nothing', () => {
  fc.assert(
    fc.property(someVotes, fc.subarray(votes), (voters, supporters) => {
      const inside = voters.filter((vote) => supporters.includes(vote)).length
      expect(isMajority(voters, new Set(supporters))).toBe(inside * 2 > voters.length)
      expect(majoritySize(voters) * 2).toBeGreaterThan(voters.length)
    }),
    seeded,
  )
})

test('[CF8] majorityEnd agrees with asking index by index who holds it', () => {
  const ends = fc.dictionary(fc.constantFrom<string>(...votes), fc.nat(12))
  fc.assert(
    fc.property(someVotes, ends, (voters, held) => {
      const holds = new Map(Object.entries(held) as [VoteId, Index][])
      let end = 0
      const holders = (index: number): Set<VoteId> =>
        new Set(voters.filter((vote) => (holds.get(vote) ?? 0) > index))
      while (isMajority(voters, holders(end))) end += 1
      expect(majorityEnd(voters, holds)).toBe(end)
    }),
    seeded,
  )
})
