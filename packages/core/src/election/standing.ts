/**
 * How well each store is placed among the others: with how many voters it has links both ways, and how far the farthest one
 * is. Arithmetic over whom each newest beacon says that it hears; knows no clocks.
 */
import { isInAny } from '../protocol/configuration.ts'
import type { ReplicaId } from '../protocol/ids.ts'
import type { Configuration } from '../protocol/log.ts'
import type { Reached } from './view.ts'

export interface Standing {
  /** Voters that it hears, and that hear it, over one link each. */
  readonly degree: number
  /** Links on the shortest way to the voter that is farthest from it. */
  readonly eccentricity: number
}

/** Of each of `stores`, which relay for each other. */
export function standingsOf(
  stores: readonly Reached[],
  configurations: readonly Configuration[],
): ReadonlyMap<ReplicaId, Standing> {
  const voters = stores.filter(({ beacon }) => isInAny(configurations, beacon.votes))
  return new Map(
    stores.map((store) => [
      store.id,
      { degree: degreeOf(store, voters), eccentricity: eccentricityOf(store, stores, voters) },
    ]),
  )
}

const degreeOf = ({ id, beacon }: Reached, voters: readonly Reached[]): number =>
  voters.filter((voter) => beacon.heard.includes(voter.id) && voter.beacon.heard.includes(id))
    .length

function eccentricityOf(
  { id }: Reached,
  stores: readonly Reached[],
  voters: readonly Reached[],
): number {
  const steps = new Map<ReplicaId, number>([[id, 0]])
  // A map that grows while it is walked visits what is added.
  for (const [from, count] of steps) {
    for (const { id: to, beacon } of stores) {
      if (beacon.heard.includes(from) && !steps.has(to)) steps.set(to, count + 1)
    }
  }
  // Whom no known way leads to is farther than anybody.
  return Math.max(0, ...voters.map((voter) => steps.get(voter.id) ?? stores.length))
}
