/** The decided state, by selectors. */
import type { MachineLike, StateOf } from './machine-types.ts'
import { useSharedGroup } from './use-group.ts'
import { useSelected } from './use-selected.ts'

/**
 * What `select` gives of the decided state, and of what optimistic commands of this tab expect. The component renders again only
 * when that is another value: by `Object.is`, or by `isEqual`.
 *
 * @example
 * const by = useGroupState<typeof seats, string | undefined>((state) => state.taken['A1'])
 */
export function useGroupState<M extends MachineLike, T>(
  select: (state: StateOf<M>) => T,
  isEqual: (a: T, b: T) => boolean = Object.is,
): T {
  const { subscribe, state } = useSharedGroup()
  return useSelected({ subscribe, whole: state as () => StateOf<M> }, select, isEqual)
}
