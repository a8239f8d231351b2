/** What a disk holds, read and checked: a store that is damaged must not speak under its old name. */
import { StorageError } from '../base/errors.ts'
import type { EntriesCodec } from '../codec/entries-codec.ts'
import type { Contents } from '../codec/journal.ts'
import { blankContents, readJournal } from '../codec/journal.ts'
import type { Storage } from '../ports/storage.ts'
import { secretBytes } from './identity.ts'

export interface StoredJournal {
  /** How many it was read from. */
  readonly records: number
  /** Undefined: nothing was ever written. */
  readonly contents: Contents | undefined
}

/** Throws StorageError when the disk does not hold what was written to it. */
export async function loadJournal(storage: Storage, entries: EntriesCodec): Promise<StoredJournal> {
  const records = await storage.load()
  const read = readJournal(records, entries)
  if (read !== undefined && 'why' in read) {
    throw new StorageError(
      `Record ${read.position} of this store is damaged (${read.why}). Delete this site’s data for the group to join it anew.`,
    )
  }
  return { records: records.length, contents: read }
}

/** A store that nothing was written to, under a name that nobody had. */
export const blank = (random: (length: number) => Uint8Array): Contents =>
  blankContents(random(secretBytes))
