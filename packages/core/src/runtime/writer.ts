/**
 * Group commit: while one record is on its way to the disk, everything else piles up into the next one. What a step wants
 * sent or applied after its writes waits for them; what wants no write and has none before it does not wait at all.
 */
import { StorageError } from '../base/errors.ts'
import type { EntriesCodec } from '../codec/entries-codec.ts'
import type { JournalEnd, JournalOp } from '../codec/journal.ts'
import { encodeRecord } from '../codec/journal.ts'
import type { Storage } from '../ports/storage.ts'
import { sameBallot } from '../protocol/ballot.ts'
import type { Effects } from '../protocol/effects.ts'
import type { Millis } from '../protocol/ids.ts'
import type { Envelope } from '../protocol/message.ts'

/** The part of the effects that comes after the writes. */
export type AfterWrites = Pick<Effects, 'send' | 'apply' | 'notify'>

export interface WriterOptions {
  readonly storage: Storage
  readonly entries: EntriesCodec
  readonly end: JournalEnd
  /** The monotonic clock. */
  readonly now: () => Millis
  /** Called in order, once per batch, as soon as all writes before it are durable. */
  readonly done: (after: AfterWrites) => void
  readonly failed: (error: StorageError) => void
}

interface Batch {
  readonly ops: JournalOp[]
  readonly after: Effects[]
}

const emptyBatch = (): Batch => ({ ops: [], after: [] })

export class Writer {
  readonly #options: WriterOptions
  #end: JournalEnd
  #next: Batch = emptyBatch()
  /** When the write that is under way began; undefined: none is. */
  #writingSince: Millis | undefined
  #stopped = false
  #commits = 0
  #bytes = 0

  constructor(options: WriterOptions) {
    this.#options = options
    this.#end = options.end
  }

  get commits(): number {
    return this.#commits
  }

  get bytes(): number {
    return this.#bytes
  }

  /** How long the disk has been busy with one record, in milliseconds. */
  busyMs(): number {
    return this.#writingSince === undefined ? 0 : this.#options.now() - this.#writingSince
  }

  enqueue(effects: Effects): void {
    if (this.#stopped) return
    for (const op of effects.persist) this.#next.ops.push(op)
    this.#next.after.push(effects)
    this.#advance()
  }

  /** Nothing is written, sent or applied any more. */
  stop(): void {
    this.#stopped = true
  }

  #advance(): void {
    if (this.#writingSince !== undefined) return
    const batch = this.#next
    if (batch.after.length === 0) return
    this.#next = emptyBatch()
    if (batch.ops.length === 0) {
      this.#options.done(joined(batch.after))
      return
    }
    const record = encodeRecord(batch.ops, this.#end, this.#options.entries)
    this.#end = record.end
    this.#writingSince = this.#options.now()
    this.#bytes += record.bytes.length
    this.#commits += 1
    void this.#write(record.bytes, batch)
  }

  /** Never rejects: whatever goes wrong ends in `failed`. */
  async #write(bytes: Uint8Array, batch: Batch): Promise<void> {
    try {
      await this.#options.storage.append(bytes)
    } catch (cause) {
      this.#writingSince = undefined
      if (this.#stopped) return
      this.#stopped = true
      this.#options.failed(
        cause instanceof StorageError ? cause : new StorageError('the write failed', { cause }),
      )
      return
    }
    this.#writingSince = undefined
    if (this.#stopped) return
    this.#options.done(joined(batch.after))
    this.#advance()
  }
}

/** An acceptance says all that an earlier one to the same leader said. */
function joined(all: readonly Effects[]): AfterWrites {
  const sends = all.flatMap(({ send }) => send)
  return {
    send: sends.filter(
      (envelope, at) => !sends.some((later, i) => i > at && covers(later, envelope)),
    ),
    apply: all.flatMap(({ apply }) => apply),
    notify: all.flatMap(({ notify }) => notify),
  }
}

const covers = (later: Envelope, earlier: Envelope): boolean =>
  later.to === earlier.to &&
  later.message.type === 'accepted' &&
  earlier.message.type === 'accepted' &&
  sameBallot(later.message.ballot, earlier.message.ballot) &&
  later.message.logEnd >= earlier.message.logEnd
