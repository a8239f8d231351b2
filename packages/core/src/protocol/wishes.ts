/** What people decided about single stores, as the newest configuration holds it. Data and how it is read; decides nothing. */
import type { ReplicaId, VoteId } from './ids.ts'
import { storeOfVote } from './ids.ts'
import { wishesMax } from './limits.ts'

/** `voter`: others give up their votes first. `standby`: it gets no vote by itself. `out`: it is not fed, and only watches. */
export const wishes = ['voter', 'standby', 'out'] as const
export type Wish = (typeof wishes)[number]

export interface Wished {
  readonly store: ReplicaId
  readonly wish: Wish
}

/** One for each store, the newest last. */
export type Wishes = readonly Wished[]

export const wishFor = (known: Wishes | undefined, store: ReplicaId): Wish | undefined =>
  known?.find((wished) => wished.store === store)?.wish

/** `wish` undefined: the group decides about that store by itself again. The oldest are forgotten beyond a bound. */
export function withWish(
  known: Wishes | undefined,
  store: ReplicaId,
  wish: Wish | undefined,
): Wishes {
  const others = (known ?? []).filter((wished) => wished.store !== store)
  return wish === undefined ? others : [...others, { store, wish }].slice(-wishesMax)
}

/** A store that was asked to vote and does not any more is one like any other. */
export const wishesWith = (known: Wishes | undefined, voters: readonly VoteId[]): Wishes =>
  (known ?? []).filter(
    ({ store, wish }) => wish !== 'voter' || voters.some((vote) => storeOfVote(vote) === store),
  )
