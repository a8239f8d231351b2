/**
 * A store on a disk, as the runtime sees it: a journal that grows, or begins anew. Knows bytes, not what they mean; the codec's journal
 * gives each record a checksum and a place.
 */
export interface Storage {
  /** What kind of disk this is, for people: 'indexeddb', 'memory'. */
  readonly kind: string
  /** Every record, in the order in which they were appended. Empty for a store that was never written to. */
  load(): Promise<readonly Uint8Array[]>
  /**
   * Resolves only when the record would survive the machine losing power. Rejects with a StorageError when it may not have
   * been written, or when the store is closed; nothing may be appended after that. One append at a time.
   */
  append(record: Uint8Array): Promise<void>
  /** As `append`, but the record takes the place of all that were there, in one step: the disk holds them, or it alone. */
  replace(record: Uint8Array): Promise<void>
  /** Absent: this disk keeps no such thing, and what was in doubt at the end of a start stays so. */
  readonly outbox?: OutboxStore
  /** Called at most once, when the store is taken away from outside: evicted, deleted, or wanted by a newer version. */
  onLost(listener: (why: string) => void): void
  /** Idempotent. */
  close(): Promise<void>
}

/**
 * A drawer beside the journal, for what its owner may lose: gone with the store, written without waiting for the disk itself. A
 * page that ends leaves what it wrote to the browser; only the machine losing power may take some of the last writes.
 */
export interface OutboxStore {
  /** Every record. */
  load(): Promise<readonly Uint8Array[]>
  /** All of `changes`, or none. What was asked for first is written first; the writing begins before this returns. */
  write(changes: readonly OutboxChange[]): Promise<void>
}

/** Undefined: there is none any more. */
export interface OutboxChange {
  readonly key: string
  readonly record: Uint8Array | undefined
}

/** Opens the store of one identity; `name` is unique to it within the origin. */
export type OpenStorage = (name: string) => Promise<Storage>
