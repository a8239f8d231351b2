/**
 * Which version of the application's machine the group should go over to, if any: the highest that everybody who runs it could
 * run. Knows numbers, not what they mean; what is decided of it is an entry of the log.
 */
import { isReached } from '../overlay/failure-detector.ts'
import type { VoteId } from '../protocol/ids.ts'
import { machineAwayMs, returnMs } from '../protocol/limits.ts'
import type { MachineMark } from '../protocol/log.ts'
import { machineAt, newestConfiguration } from '../protocol/log.ts'
import type { ProtocolState } from '../protocol/state.ts'
import type { Surroundings } from './voters.ts'
import { holderOf } from './voters.ts'

/** The newest in the log, whether it is decided or not. */
const newestMachine = ({ log }: ProtocolState): MachineMark | undefined => log.machines.at(-1)

/** In force for what is decided next; undefined: none was decided on yet. */
export const machineInForce = ({ log, decidedEnd }: ProtocolState): number | undefined =>
  machineAt(log, decidedEnd)?.version

/** Whoever runs no machine has nothing to lack, and before a version is decided on any will do. */
export function runsMachine(state: ProtocolState, versions: readonly number[]): boolean {
  const version = machineInForce(state)
  return version === undefined || versions.length === 0 || versions.includes(version)
}

/** `ours`: the versions that this leader's own page carries. Undefined: leave it as it is. */
export function nextMachine(
  surroundings: Surroundings,
  ours: readonly number[],
): number | undefined {
  const { state, role } = surroundings
  const current = newestConfiguration(state.log)
  const newest = newestMachine(state)
  if (current === undefined || role.gate !== undefined) return undefined
  // One change at a time, of voters or of the machine.
  if (Math.max(current.index, newest?.index ?? 0) >= state.decidedEnd) return undefined
  const carried = carriedBy(surroundings, current.voters, ours)
  // Whoever cannot run the version in force, or no machine at all, would not notice another one.
  const running = carried?.filter((versions) => runsMachine(state, versions) && versions.length > 0)
  const [first, ...others] = running ?? []
  const common = first?.filter((version) => others.every((versions) => versions.includes(version)))
  const highest = Math.max(...(common ?? []))
  return highest > (newest?.version ?? 0) ? highest : undefined
}

/** What the page of each voter carries; undefined: of somebody who may be back any moment it is not known. */
function carriedBy(
  surroundings: Surroundings,
  voters: readonly VoteId[],
  ours: readonly number[],
): readonly (readonly number[])[] | undefined {
  const { state, peers, now } = surroundings
  const carried: (readonly number[])[] = []
  for (const vote of voters) {
    if (state.votes.includes(vote)) {
      carried.push(ours)
      continue
    }
    const peer = peers.get(holderOf(surroundings, vote))
    if (peer?.beacon !== undefined && isReached(peer, now)) carried.push(peer.beacon.machine)
    else if (!isGone(surroundings, vote)) return undefined
  }
  return carried
}

/** It closed its page and did not load it anew at once, or nothing was heard of it for long: it will find what is decided then. */
function isGone({ members, now }: Surroundings, vote: VoteId): boolean {
  const closedAt = members.closedSince.get(vote) ?? Infinity
  const downAt = members.downSince.get(vote) ?? Infinity
  return now - closedAt >= returnMs || now - downAt >= machineAwayMs
}
