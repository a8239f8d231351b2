/** How the group looks from this tab. */
import { useMemo } from 'react'
import type { GroupStatus } from 'unanimous'
import type { SharedGroup } from './shared-group.ts'
import { useSharedGroup } from './use-group.ts'
import { useSelected } from './use-selected.ts'

const all = (status: GroupStatus): GroupStatus => status

const statusOf = ({ group }: SharedGroup) => ({
  subscribe: (listener: () => void) => group.subscribe(listener),
  whole: () => group.status,
})

/** The status, or what `select` gives of it: then the component renders again only when that is another value. */
export function useStatus(): GroupStatus
export function useStatus<T>(
  select: (status: GroupStatus) => T,
  isEqual?: (a: T, b: T) => boolean,
): T
export function useStatus<T>(
  select: (status: GroupStatus) => T | GroupStatus = all,
  isEqual: (a: T | GroupStatus, b: T | GroupStatus) => boolean = Object.is,
): T | GroupStatus {
  const shared = useSharedGroup()
  return useSelected(
    useMemo(() => statusOf(shared), [shared]),
    select,
    isEqual,
  )
}
