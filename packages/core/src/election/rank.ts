/** Who should lead next, by a total order that all who see the same world agree on (protocol.md section 4). */
import { compareBallots } from '../protocol/ballot.ts'
import { isInAny } from '../protocol/configuration.ts'
import type { ReplicaId } from '../protocol/ids.ts'
import type { Beacon } from '../protocol/message.ts'
import type { View } from './view.ts'

export interface Candidate {
  readonly id: ReplicaId
  readonly beacon: Beacon
}

/** Negative: `a` should lead rather than `b`. Connectivity before freshness: phase 1 repairs a short log, nothing repairs a missing link. */
export function compareCandidates(a: Candidate, b: Candidate): number {
  return (
    // Not excluded: a group whose last voters all want to leave needs a leader that lets them go.
    Number(a.beacon.leaving) - Number(b.beacon.leaving) ||
    Number(a.beacon.quiet) - Number(b.beacon.quiet) ||
    Number(b.beacon.storageOk) - Number(a.beacon.storageOk) ||
    b.beacon.heard.length - a.beacon.heard.length ||
    compareBallots(b.beacon.accepted, a.beacon.accepted) ||
    b.beacon.logEnd - a.beacon.logEnd ||
    (a.id < b.id ? -1 : 1)
  )
}

/** How many unhappy, quorum-connected holders of a vote should lead rather than this replica. */
export function rankOf(self: Candidate, view: View): number {
  const candidates = view.reached.filter(
    ({ beacon }) =>
      isInAny(view.configurations, beacon.votes) && !beacon.happy && beacon.quorumConnected,
  )
  return candidates.filter((candidate) => compareCandidates(candidate, self) < 0).length
}
