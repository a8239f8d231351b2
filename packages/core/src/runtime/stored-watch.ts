/**
 * Tells which proposals of this replica came to stand in the log that it holds: the leader has them then, and they are not
 * safe yet. Looks at the log after a step; changes nothing.
 */
import type { Ballot } from '../protocol/ballot.ts'
import { sameBallot, zeroBallot } from '../protocol/ballot.ts'
import type { Index } from '../protocol/ids.ts'
import { entryAt, logEnd } from '../protocol/log.ts'
import type { OutboxKey, ProtocolState } from '../protocol/state.ts'
import { outboxKey } from '../protocol/state.ts'

export class StoredWatch {
  #accepted: Ballot = zeroBallot
  #end = 0

  /** `onStored` is called for each entry of this store that was not looked at before, and perhaps for some that were. */
  look(state: ProtocolState, onStored: (key: OutboxKey, index: Index) => void): void {
    const end = logEnd(state.log)
    // Within one ballot a log only grows; another ballot may have replaced all that is not decided.
    const begin = sameBallot(state.accepted, this.#accepted)
      ? this.#end
      : Math.min(this.#end, state.decidedEnd)
    this.#accepted = state.accepted
    this.#end = end
    for (let at = Math.max(begin, state.log.base); at < end; at += 1) {
      const entry = entryAt(state.log, at as Index)
      if (entry.kind !== 'command' || entry.author !== state.self) continue
      onStored(outboxKey(entry), at as Index)
    }
  }
}
