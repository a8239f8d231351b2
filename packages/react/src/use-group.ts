/** The group of the nearest provider. */
import { useContext } from 'react'
import type { Commands, Group } from 'unanimous'
import type { CommandsOf, MachineLike, StateOf } from './machine-types.ts'
import { SharedGroupContext } from './shared-group.ts'
import type { SharedGroup } from './shared-group.ts'

export function useSharedGroup(): SharedGroup {
  const shared = useContext(SharedGroupContext)
  if (shared === undefined) {
    throw new Error(
      'There is no group here yet: put this component inside a GroupProvider, and not into its fallback.',
    )
  }
  return shared
}

/**
 * The group itself, for what has no hook. Throws outside of a `GroupProvider`.
 *
 * @example
 * const group = useGroup<typeof seats>()
 */
export function useGroup<M extends MachineLike>(): Group<
  StateOf<M>,
  CommandsOf<M> & Commands<StateOf<M>>
> {
  // Whose machine it is, the type parameter says.
  return useSharedGroup().group as unknown as Group<
    StateOf<M>,
    CommandsOf<M> & Commands<StateOf<M>>
  >
}
