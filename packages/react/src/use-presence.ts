/** What tabs show of themselves to each other. */
import { useCallback, useMemo } from 'react'
import type { Json, MemberId, Presence } from 'unanimous'
import { useSharedGroup } from './use-group.ts'
import { useSelected } from './use-selected.ts'

const sourceOf = (presence: Presence) => ({
  subscribe: (listener: () => void) => presence.subscribe(listener),
  mine: () => presence.mine,
  others: () => presence.others,
})

const same = <T>(value: T): T => value

/**
 * `[mine, setMine, others]`: what this tab shows, how it shows something else, and what the others show by member. `P` is what
 * your app shows; what others show is theirs to say and is not checked.
 */
export function usePresence<P extends Json>(): readonly [
  mine: P | undefined,
  setMine: (shown: P | undefined) => void,
  others: ReadonlyMap<MemberId, P>,
] {
  const { presence } = useSharedGroup().group
  const { subscribe, mine, others } = useMemo(() => sourceOf(presence), [presence])
  const setMine = useCallback((shown: P | undefined) => presence.set(shown), [presence])
  return [
    useSelected({ subscribe, whole: mine }, same, Object.is) as P | undefined,
    setMine,
    useSelected({ subscribe, whole: others }, same, Object.is) as ReadonlyMap<MemberId, P>,
  ]
}
