/** What tabs show of themselves to each other, past the log: cursors, names, what is selected. Types only. */
import type { Json } from './json.ts'
import type { MemberId } from './machine.ts'

/**
 * Told to every member that can be reached, and passed down to observers; what an observer shows is seen by those that it is linked
 * with. At most 20 times a second, never logged and never decided. What a tab shows is
 * gone with the tab; a tab that freezes is forgotten within seconds.
 */
export interface Presence {
  /** What this tab shows; undefined for nothing. */
  readonly mine: Json | undefined
  /** What the others show; another object whenever it changes. */
  readonly others: ReadonlyMap<MemberId, Json>
  /**
   * Shows this from now on, undefined for nothing. Only the newest of many in a row is told. Throws `PresenceTooLarge` above
   * 4096 bytes of JSON.
   */
  set(shown: Json | undefined): void
  /** Called when `others` or `mine` has changed, at most once a frame's worth of changes. Returns how to stop. */
  subscribe(listener: () => void): () => void
}
