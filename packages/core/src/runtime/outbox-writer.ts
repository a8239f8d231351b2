/**
 * Keeps a store's own proposals on its disk until what came of them is known, so that the next start can ask again. Nobody
 * waits for it: whatever is lost of it is not asked for again, and to ask again for what is over is harmless. So its writes
 * are not strict; what piles up during one is the next one.
 */
import { encodeHanded } from '../codec/outbox-codec.ts'
import type { OutboxChange, OutboxStore } from '../ports/storage.ts'
import type { OutboxOp } from '../protocol/effects.ts'
import type { OutboxKey } from '../protocol/state.ts'
import { outboxKey } from '../protocol/state.ts'

export class OutboxWriter {
  readonly #store: OutboxStore
  readonly #waiting = new Map<OutboxKey, Uint8Array | undefined>()
  /** What is on the disk, or on its way there. */
  readonly #kept: Set<OutboxKey>
  #writing = false
  #stopped = false

  /** `kept`: what was found on the disk. */
  constructor(store: OutboxStore, kept: readonly OutboxKey[]) {
    this.#store = store
    this.#kept = new Set(kept)
  }

  take(ops: readonly OutboxOp[]): void {
    for (const op of ops) {
      const key = outboxKey(op.proposal)
      if (op.type === 'keep') this.#waiting.set(key, encodeHanded(op.proposal))
      else if (this.#kept.has(key)) this.#waiting.set(key, undefined)
      else this.#waiting.delete(key)
    }
    this.#advance()
  }

  #advance(): void {
    if (this.#writing || this.#stopped || this.#waiting.size === 0) return
    const changes: readonly OutboxChange[] = [...this.#waiting].map(([key, record]) => ({
      ...{ key, record },
    }))
    this.#waiting.clear()
    for (const { key, record } of changes) {
      if (record === undefined) this.#kept.delete(key as OutboxKey)
      else this.#kept.add(key as OutboxKey)
    }
    this.#writing = true
    this.#store.write(changes).then(
      () => {
        this.#writing = false
        this.#advance()
      },
      // The store is closed or broken: whoever writes the journal finds out, and says so.
      () => {
        this.#stopped = true
      },
    )
  }
}
