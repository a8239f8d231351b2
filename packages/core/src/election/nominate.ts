/** When a replica nominates itself: conservatively, corroborated, in order of rank (protocol.md section 4). */
import { configIndexOf } from '../protocol/configuration.ts'
import type { ProtocolState } from '../protocol/state.ts'
import type { Candidate } from './rank.ts'
import { rankOf } from './rank.ts'
import type { View } from './view.ts'
import { holdsVote } from './view.ts'

export interface Election {
  happy: boolean
  /** Rounds in a row in which everything but the rank allowed a nomination. */
  waitRounds: number
}

/** Evaluated once a round. True: take over now. */
export function nominates(
  election: Election,
  state: ProtocolState,
  view: View,
  self: Candidate,
): boolean {
  const willing =
    holdsVote(state, view.configurations) &&
    !election.happy &&
    view.quorumConnected &&
    !self.beacon.leaving &&
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
