/** One value out of something that changes as a whole: a component renders again only when that value is another one. */
import { useRef, useSyncExternalStore } from 'react'

export interface Source<Whole> {
  readonly subscribe: (listener: () => void) => () => void
  /** The same until it changes. */
  readonly whole: () => Whole
}

interface Known<Whole, T> {
  readonly whole: Whole
  readonly select: (whole: Whole) => T
  readonly value: T
}

export function useSelected<Whole, T>(
  { subscribe, whole }: Source<Whole>,
  select: (whole: Whole) => T,
  isEqual: (a: T, b: T) => boolean,
): T {
  const known = useRef<Known<Whole, T>>(undefined)
  const read = (): T => {
    const now = whole()
    const before = known.current
    if (before !== undefined && before.whole === now && before.select === select)
      return before.value
    const selected = select(now)
    const value = before !== undefined && isEqual(before.value, selected) ? before.value : selected
    known.current = { whole: now, select, value }
    return value
  }
  return useSyncExternalStore(subscribe, read, read)
}
