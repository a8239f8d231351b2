/** What a store remembers of itself while it only observes. Data only; `observe.ts` says what becomes of it. */
import type { Ballot } from './ballot.ts'
import type { Entry } from './entry.ts'
import type { Snapshot } from './snapshot-state.ts'

export interface Observing {
  /** On its disk, where nothing is written meanwhile. */
  readonly promised: Ballot
  /** Told, and not taken yet: decided, from the end of `snapshot` or else from the decided end on. */
  readonly held: Entry[]
  snapshot: Snapshot | undefined
}
