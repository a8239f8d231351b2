/**
 * What a page notes while it closes: that it left its votes to nobody. `localStorage` is the one store of a page whose writes
 * are done when the call returns.
 */
import type { LastWords, ReplicaId } from '@unanimous/core'

/** The part of `localStorage` that is used. */
export interface WordMemory {
  getItem(key: string): string | null
  setItem(key: string, value: string): void
}

const keyOf = (store: ReplicaId): string => `unanimous/not-sent/${store}`

/** Where pages may not remember anything, nothing is noted: the store asks its heir instead. */
export function lastWordsIn(memory: () => WordMemory): LastWords {
  return {
    read: (store) => {
      try {
        const noted = memory().getItem(keyOf(store))
        return noted !== null && /^[1-9][0-9]{0,15}$/.test(noted) ? Number(noted) : undefined
      } catch {
        return undefined
      }
    },
    write: (store, incarnation) => {
      try {
        memory().setItem(keyOf(store), String(incarnation))
      } catch {
        // Storage is switched off or full.
      }
    },
  }
}
