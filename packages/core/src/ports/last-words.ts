/** What a page can still write down while it closes, synchronously: that it left its votes to nobody. */
import type { ReplicaId } from '../protocol/ids.ts'

/** Losing a note is always safe: then the store asks its heir. Keeping one that was never made is not. */
export interface LastWords {
  /** The start of `store` that closed without a bequest, if it was noted. */
  read(store: ReplicaId): number | undefined
  /** Done when it returns, or not at all; never throws. */
  write(store: ReplicaId, incarnation: number): void
}

/** For stores that cannot note anything. */
export const noLastWords: LastWords = { read: () => undefined, write: () => undefined }
