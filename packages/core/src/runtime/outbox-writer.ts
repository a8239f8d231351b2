/**
 * Keeps a store's own proposals on its disk until what came of them is known, so that the next start can ask again. Nobody
 * waits for it: whatever is lost of it is not asked for again, and to ask again for what is over is harmless. So its writes
 * are not strict; what piles up during one is the next one. What is asked for together is one record: a browser takes ten
 * times as long for a hundred small values as for one that holds them all.
 */
import type { Bundle } from '../codec/outbox-codec.ts'
import { encodeBundle } from '../codec/outbox-codec.ts'
import type { OutboxChange, OutboxStore } from '../ports/storage.ts'
import type { OutboxOp } from '../protocol/effects.ts'
import type { Handed } from '../protocol/entry.ts'
import type { Incarnation } from '../protocol/ids.ts'
import type { OutboxKey } from '../protocol/state.ts'
import { outboxKey } from '../protocol/state.ts'

type Kept = Map<OutboxKey, Handed>

export class OutboxWriter {
  readonly #store: OutboxStore
  readonly #incarnation: Incarnation
  /** By the key of the record that is on the disk, or on its way there. */
  readonly #records = new Map<string, Kept>()
  readonly #recordOf = new Map<OutboxKey, string>()
  readonly #changed = new Set<string>()
  #fresh: Kept = new Map()
  #bundles = 0
  #writing = false
  #stopped = false

  /** `found`: what was on the disk at this start, which is called `incarnation`. */
  constructor(store: OutboxStore, incarnation: Incarnation, found: readonly Bundle[]) {
    this.#store = store
    this.#incarnation = incarnation
    for (const { key, handed } of found) this.#file(key, new Map(handed.map(keyed)))
  }

  take(ops: readonly OutboxOp[]): void {
    for (const { type, proposal } of ops) {
      const key = outboxKey(proposal)
      if (type === 'drop') this.#drop(key)
      else if (!this.#recordOf.has(key)) this.#fresh.set(key, proposal)
    }
    this.#advance()
  }

  #drop(key: OutboxKey): void {
    this.#fresh.delete(key)
    const record = this.#recordOf.get(key)
    if (record === undefined) return
    this.#recordOf.delete(key)
    this.#records.get(record)?.delete(key)
    this.#changed.add(record)
  }

  #file(record: string, kept: Kept): void {
    this.#records.set(record, kept)
    for (const key of kept.keys()) this.#recordOf.set(key, record)
  }

  #advance(): void {
    if (this.#writing || this.#stopped) return
    if (this.#fresh.size > 0) {
      // No start has the number of another.
      const record = `${this.#incarnation}.${this.#bundles}`
      this.#bundles += 1
      this.#file(record, this.#fresh)
      this.#fresh = new Map()
      this.#changed.add(record)
    }
    if (this.#changed.size === 0) return
    const changes = [...this.#changed].map((record) => this.#change(record))
    this.#changed.clear()
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

  #change(key: string): OutboxChange {
    const handed = [...(this.#records.get(key)?.values() ?? [])]
    if (handed.length > 0) return { key, record: encodeBundle({ key, handed }) }
    this.#records.delete(key)
    return { key, record: undefined }
  }
}

const keyed = (handed: Handed): [OutboxKey, Handed] => [outboxKey(handed), handed]
