/**
 * What a store asked for and has not heard of, in the same LevelDB as its journal. Not flushed: what the process wrote is with the system
 * when it is killed, and only the machine losing power takes some of it. Knows keys, not the library, nor what is in the records.
 */
import type { OutboxStore } from '@unanimous/core'

/** Behind all keys of the journal, which are digits. */
const prefix = 'outbox/'
const range = { gte: prefix, lt: 'outbox0' } as const

export const isOfOutbox = (key: string): boolean => key.startsWith(prefix)

/** What becomes of one key. */
export type Operation =
  | { readonly type: 'del'; readonly key: string }
  | { readonly type: 'put'; readonly key: string; readonly value: Uint8Array }

/** The database, as far as an outbox needs it. */
export interface Shelf {
  read(keys: { readonly gte: string; readonly lt: string }): Promise<readonly Uint8Array[]>
  /** All of them or none; not flushed. */
  write(operations: readonly Operation[]): Promise<void>
}

export function levelOutbox(shelf: Shelf): OutboxStore {
  let writing: Promise<void> | undefined
  return {
    load: () => shelf.read(range),
    write(changes) {
      const operations = changes.map(({ key, record }): Operation =>
        record === undefined
          ? { type: 'del', key: prefix + key }
          : { type: 'put', key: prefix + key, value: record.slice() },
      )
      const run = (): Promise<void> => shelf.write(operations)
      // LevelDB may take two that are under way in either order.
      const done = writing === undefined ? run() : writing.then(run)
      const settled = done
        .catch(() => undefined)
        .then(() => {
          if (writing === settled) writing = undefined
        })
      writing = settled
      return done
    },
  }
}
