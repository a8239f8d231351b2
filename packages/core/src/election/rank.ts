/** Who should lead, by a total order that all who see the same world agree on (protocol.md section 4). */
import { compareBallots } from '../protocol/ballot.ts'
import { isInAny } from '../protocol/configuration.ts'
import { batchEntriesMax } from '../protocol/limits.ts'
import type { Standing } from './standing.ts'
import { standingsOf } from './standing.ts'
import type { Reached, View } from './view.ts'

export interface Candidate extends Reached {
  readonly standing: Standing
}

/** Negative: `a` is placed better than `b`, whatever they hold: what a leader that does well would hand over for. */
export function comparePlaces(a: Candidate, b: Candidate): number {
  return (
    // Not excluded: a group whose last voters all want to leave needs a leader that lets them go.
    Number(a.beacon.leaving) - Number(b.beacon.leaving) ||
    Number(a.beacon.quiet) - Number(b.beacon.quiet) ||
    Number(b.beacon.storageOk) - Number(a.beacon.storageOk) ||
    b.standing.degree - a.standing.degree ||
    a.standing.eccentricity - b.standing.eccentricity ||
    a.beacon.tripClass - b.beacon.tripClass
  )
}

/** Negative: `a` should lead rather than `b`. Connectivity before freshness: phase 1 repairs a short log, nothing repairs a missing link. */
export function compareCandidates(a: Candidate, b: Candidate): number {
  return (
    comparePlaces(a, b) ||
    compareBallots(b.beacon.accepted, a.beacon.accepted) ||
    batchesOf(b) - batchesOf(a) ||
    (a.id < b.id ? -1 : 1)
  )
}

/**
 * What fits one message is no difference: a log that grows while beacons are on their way would make each the longest in its
 * own eyes, and all of them first.
 */
const batchesOf = ({ beacon }: Candidate): number => Math.floor(beacon.logEnd / batchEntriesMax)

/** All that are reached, and `self`, as candidates. */
export function candidatesOf(view: View, self: Reached): readonly Candidate[] {
  const stores = [self, ...view.reached]
  const standings = standingsOf(stores, view.configurations)
  return stores.flatMap((store) => {
    const standing = standings.get(store.id)
    return standing === undefined ? [] : [{ ...store, standing }]
  })
}

/** How many unhappy, quorum-connected holders of a vote should lead rather than this replica. */
export function rankOf(self: Reached, view: View): number {
  const candidates = candidatesOf(view, self)
  const own = candidates.find(({ id }) => id === self.id)
  if (own === undefined) return 0
  return candidates.filter(
    (candidate) =>
      candidate !== own && isRival(candidate, view) && compareCandidates(candidate, own) < 0,
  ).length
}

/** Where frames are relayed, whoever is reached both ways reaches whom we reach, whether it has noticed or not. */
const isRival = ({ beacon }: Candidate, { configurations, relays }: View): boolean =>
  isInAny(configurations, beacon.votes) && !beacon.happy && (relays || beacon.quorumConnected)
