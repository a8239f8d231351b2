/** Which majority counts where. Reads the log and the decided end; decides nothing. */
import type { ConfigEntry } from './entry.ts'
import type { Index, VoteId } from './ids.ts'
import type { Configuration, Log } from './log.ts'
import { configurationAt, configurationsFrom, newestConfiguration } from './log.ts'
import { isMajority } from './quorum.ts'
import type { ProtocolState } from './state.ts'

/** Every configuration that may still count: the one in force at the decided end, and each one after it. */
export const activeConfigurations = (state: ProtocolState): readonly Configuration[] =>
  configurationsFrom(state.log, state.decidedEnd)

export function isInAny(
  configurations: readonly Configuration[],
  votes: readonly VoteId[],
): boolean {
  return configurations.some(({ voters }) => votes.some((vote) => voters.includes(vote)))
}

export const isMajorityOfEach = (
  configurations: readonly Configuration[],
  votes: ReadonlySet<VoteId>,
): boolean =>
  configurations.length > 0 && configurations.every(({ voters }) => isMajority(voters, votes))

/** A majority of each is still thinkable once the `lost` votes are gone. */
export function isMajorityLeft(
  configurations: readonly Configuration[],
  lost: ReadonlySet<VoteId>,
): boolean {
  return configurations.every(({ voters }) =>
    isMajority(voters, new Set(voters.filter((vote) => !lost.has(vote)))),
  )
}

/** The newest configuration that is decided, if there is a group at all. */
export const decidedConfiguration = (state: ProtocolState): Configuration | undefined =>
  configurationAt(state.log, state.decidedEnd)

/** The index of the newest configuration entry; -1 for an empty log. */
export const configIndexOf = (log: Log): number => newestConfiguration(log)?.index ?? -1

/** A membership that goes on keeps the index at which it began; a new one begins at `at`. */
export function joinsOf(
  before: Configuration,
  voters: readonly VoteId[],
  at: Index,
): ConfigEntry['joins'] {
  return Object.fromEntries(voters.map((vote) => [vote, before.joins[vote] ?? at]))
}
