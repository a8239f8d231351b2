/** What a store remembers of itself while it only observes. Data only; `observe.ts` says what becomes of it. */
import type { Ballot } from './ballot.ts'
import type { Entry } from './entry.ts'
import type { Index } from './ids.ts'
import type { Snapshot } from './snapshot-state.ts'

export interface Observing {
  /** On its disk, where nothing is written meanwhile. */
  readonly promised: Ballot
  /** Told, and not taken yet: decided, from `from` on. */
  readonly held: Entry[]
  /** The end of `snapshot`, or else what was the decided end when `held` began. */
  from: Index
  snapshot: Snapshot | undefined
}
