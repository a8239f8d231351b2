/** When a replica nominates itself: conservatively, corroborated, in order of rank (protocol.md section 4). */
import { configIndexOf } from '../protocol/configuration.ts'
import type { Millis } from '../protocol/ids.ts'
import type { ProtocolState } from '../protocol/state.ts'
import { rankOf } from './rank.ts'
import type { Reached, View } from './view.ts'
import { holdsVote } from './view.ts'

export interface Election {
  happy: boolean
  /** Own nominations since anything was decided: each failed one makes the next one twice as patient. */
  attempts: number
  /** How much was decided in the last round, and when that last grew. */
  decidedEnd: number
  decidedAt: Millis
  /** Rounds in a row in which everything but the rank allowed a nomination. */
  waitRounds: number
}

/** Once a round: what is decided shows that leaderships are long enough. */
export function noteDecisions(
  election: Election,
  { decidedEnd }: ProtocolState,
  now: Millis,
): void {
  if (decidedEnd > election.decidedEnd) {
    election.attempts = 0
    election.decidedAt = now
  }
  election.decidedEnd = decidedEnd
}

/**
 * A claim to lead that came to nothing: nobody is left to promise, or the others have a leader that makes progress. To hold
 * on to it would only unsettle them.
 */
export function givesUp({ happy }: Election, { role }: ProtocolState, view: View): boolean {
  if (role.phase !== 'preparing' || happy) return false
  return !view.quorumConnected || view.reached.some(({ beacon }) => beacon.happy)
}

/** Evaluated once a round. True: take over now. */
export function nominates(
  election: Election,
  state: ProtocolState,
  view: View,
  self: Reached,
): boolean {
  const willing =
    // A leader that waits for its followers would only make them begin anew.
    state.role.phase !== 'leading' &&
    holdsVote(state, view.configurations) &&
    !election.happy &&
    view.quorumConnected &&
    !view.reached.some(({ beacon }) => beacon.happy)
  if (!willing) {
    election.waitRounds = 0
    return false
  }
  const newer = view.reached.some(({ beacon }) => beacon.configIndex > configIndexOf(state.log))
  const rank = rankOf(self, view) + (newer ? 1 : 0)
  if (election.waitRounds >= rank) {
    election.waitRounds = 0
    return true
  }
  election.waitRounds += 1
  return false
}
