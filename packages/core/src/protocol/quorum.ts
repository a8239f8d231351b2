/** Arithmetic of majorities: sets and numbers in, a number or a truth out. Knows no state and no role. */
import type { Index, VoteId } from './ids.ts'

export const majoritySize = (voters: readonly VoteId[]): number => Math.floor(voters.length / 2) + 1

export function isMajority(voters: readonly VoteId[], supporters: ReadonlySet<VoteId>): boolean {
  let count = 0
  for (const vote of voters) if (supporters.has(vote)) count += 1
  return count >= majoritySize(voters)
}

/**
 * The first index that a majority of `voters` does not hold, when each vote holds what lies below its end in `ends`.
 * A vote without an end holds nothing.
 */
export function majorityEnd(voters: readonly VoteId[], ends: ReadonlyMap<VoteId, Index>): Index {
  const sorted = voters.map((vote) => ends.get(vote) ?? (0 as Index)).sort((a, b) => b - a)
  return sorted[majoritySize(voters) - 1] ?? (0 as Index)
}
