/**
 * Group commit: while one record is on its way to the disk, everything else piles up into the next one. What a step wants
 * sent or applied after its writes waits for them; what wants no write and has none before it does not wait at all.
 */
import { errorOf } from '../base/assert.ts'
import { StorageError } from '../base/errors.ts'
import type { EntriesCodec } from '../codec/entries-codec.ts'
import type { Contents, JournalEnd, JournalOp } from '../codec/journal.ts'
import { encodeRecord, opsOf } from '../codec/journal.ts'
import type { Storage } from '../ports/storage.ts'
import { sameBallot } from '../protocol/ballot.ts'
import type { Effects } from '../protocol/effects.ts'
import { noEffects } from '../protocol/effects.ts'
import type { ReplicaId } from '../protocol/ids.ts'
import type { Accepted, Envelope } from '../protocol/message.ts'
import type { Rewrite } from '../protocol/storage-op.ts'

/** The part of the effects that comes after the writes. */
export type AfterWrites = Pick<Effects, 'send' | 'apply' | 'restore' | 'notify'>

export interface WriterOptions {
  readonly storage: Storage
  readonly entries: EntriesCodec
  readonly end: JournalEnd
  /** Whose store it is now: what a record says that takes the place of all others. */
  readonly owner: () => Pick<Contents, 'secret' | 'secrets' | 'group' | 'incarnation'>
  /** Called in order, once per batch, as soon as all writes before it are durable; never from within itself. */
  readonly done: (after: AfterWrites) => void
  /** Called once: the write failed, or `done` threw. Nothing follows it. */
  readonly failed: (error: Error) => void
}

interface Batch {
  ops: JournalOp[]
  /** The record takes the place of all that are there. */
  anew: boolean
  readonly after: Effects[]
}

const emptyBatch = (): Batch => ({ ops: [], anew: false, after: [] })

export class Writer {
  readonly #options: WriterOptions
  #end: JournalEnd
  #next: Batch = emptyBatch()
  #writing = false
  #advancing = false
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

  /** The record that is on its way to the disk, counted from 1; undefined: none is. */
  get underWay(): number | undefined {
    return this.#writing ? this.#commits : undefined
  }

  enqueue(effects: Effects): void {
    if (this.#stopped) return
    for (const op of effects.persist) {
      if (op.type === 'rewrite') this.#rewrite(op)
      else this.#next.ops.push(op)
    }
    this.#next.after.push(effects)
    this.#advance()
  }

  /** What no step asked for: nothing waits for it. */
  note(op: JournalOp): void {
    if (this.#stopped) return
    this.#next.ops.push(op)
    this.#next.after.push(noEffects())
    this.#advance()
  }

  /** It says all that was to be written before it, too. */
  #rewrite({ snapshot, base, ...rest }: Rewrite): void {
    const contents = { ...this.#options.owner(), ...rest, compacted: { snapshot, base } }
    this.#next.ops = [...opsOf(contents)]
    this.#next.anew = true
  }

  /** Nothing is written, sent or applied any more. */
  stop(): void {
    this.#stopped = true
  }

  /** What `done` enqueues has its turn after what `done` was called for. */
  #advance(): void {
    if (this.#advancing) return
    this.#advancing = true
    try {
      while (!this.#stopped && !this.#writing && this.#next.after.length > 0) {
        this.#begin()
      }
    } finally {
      this.#advancing = false
    }
  }

  #begin(): void {
    const batch = this.#next
    this.#next = emptyBatch()
    if (batch.ops.length === 0) {
      this.#options.done(joined(batch.after))
      return
    }
    const record = encodeRecord(batch.ops, this.#end, this.#options.entries)
    this.#end = record.end
    this.#writing = true
    this.#bytes += record.bytes.length
    this.#commits += 1
    void this.#write(record.bytes, batch)
  }

  /** Never rejects: whatever goes wrong ends in `failed`. */
  async #write(bytes: Uint8Array, batch: Batch): Promise<void> {
    try {
      const { storage } = this.#options
      await (batch.anew ? storage.replace(bytes) : storage.append(bytes))
    } catch (cause) {
      this.#fail(
        cause instanceof StorageError ? cause : new StorageError('The write failed.', { cause }),
      )
      return
    }
    if (this.#stopped) return
    try {
      // Until this is done, what comes up waits: it belongs behind it.
      this.#options.done(joined(batch.after))
      this.#writing = false
      this.#advance()
    } catch (cause) {
      this.#fail(errorOf(cause))
    }
  }

  #fail(error: Error): void {
    if (this.#stopped) return
    this.#stopped = true
    this.#options.failed(error)
  }
}

function joined(all: readonly Effects[]): AfterWrites {
  const [only] = all
  if (only !== undefined && all.length === 1 && only.send.length < 2) return only
  return {
    send: withoutCovered(all.flatMap(({ send }) => send)),
    apply: all.flatMap(({ apply }) => apply),
    restore: all.flatMap(({ restore }) => restore),
    notify: all.flatMap(({ notify }) => notify),
  }
}

/** An acceptance says all that an earlier one to the same leader said. */
function withoutCovered(sends: readonly Envelope[]): Envelope[] {
  const kept: Envelope[] = []
  const latest = new Map<ReplicaId, Accepted>()
  for (const envelope of [...sends].reverse()) {
    const { to, message } = envelope
    if (message.type === 'accepted') {
      const later = latest.get(to)
      if (later !== undefined && covers(later, message)) continue
      latest.set(to, message)
    }
    kept.push(envelope)
  }
  return kept.reverse()
}

const covers = (later: Accepted, earlier: Accepted): boolean =>
  sameBallot(later.ballot, earlier.ballot) && later.logEnd >= earlier.logEnd
