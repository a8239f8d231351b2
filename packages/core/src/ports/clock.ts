/** Time, as the runtime sees it. */
import type { Millis, WallMillis } from '../protocol/ids.ts'

/** Implemented by the page and by tests; the core itself has no time but what this says. */
export interface Clock {
  /** Monotonic. */
  now(): Millis
  wall(): WallMillis
  /** Calls back about every `periodMs`; a late call is one call, never a burst. Returns how to stop it. */
  every(periodMs: number, tick: () => void): () => void
}
