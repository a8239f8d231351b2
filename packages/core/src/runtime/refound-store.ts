/** From the disk of one survivor to a group that can decide again: what `refound` says, as one record in place of all others. */
import { bytesToHex } from '@noble/hashes/utils.js'
import { StorageError } from '../base/errors.ts'
import { createEntriesCodec } from '../codec/entries-codec.ts'
import { encodeRecord, opsOf } from '../codec/journal.ts'
import type { Storage } from '../ports/storage.ts'
import type { Index } from '../protocol/ids.ts'
import { incarnation } from '../protocol/ids.ts'
import { refound } from '../protocol/refounding.ts'
import { idOfKey, keysOf } from './identity.ts'
import { blank, loadJournal } from './stored-journal.ts'

const epochIdBytes = 16

/** What a group that was begun anew begins with. */
export interface Refounded {
  /** Counts how often the group was begun anew. */
  readonly epoch: number
  /** What was decided at this index of the epoch before, or above it, may be lost. */
  readonly lostFrom: Index
}

/**
 * Begins the group of this store anew: the same group in a later epoch, with this store as its only voter. To be opened with
 * `openStore` afterwards. Nobody may use the store meanwhile. `random` fills an array with cryptographically strong bytes.
 *
 * Throws StorageError when the disk is damaged or refuses, or when there is no group on it; nothing is changed then.
 */
export async function refoundStore(
  storage: Storage,
  random: (length: number) => Uint8Array,
): Promise<Refounded> {
  const entries = createEntriesCodec()
  const { contents } = await loadJournal(storage, entries)
  if (contents?.group === undefined || contents.decidedEnd === 0) {
    throw new StorageError('There is no group in this store that could be begun anew.')
  }
  const { group, secret, secrets, accepted } = contents
  const start = incarnation(contents.incarnation + 1)
  const self = idOfKey(keysOf(secret).publicKey)
  const after = refound(contents, { self, incarnation: start })
  const lostFrom = (after.decidedEnd - 1) as Index
  const epoch = { number: group.epoch.number + 1, id: bytesToHex(random(epochIdBytes)) }
  const refounding = { of: group.epoch, accepted, logEnd: lostFrom }
  const record = encodeRecord(
    opsOf({
      ...{ ...after, secret, secrets, incarnation: start, compacted: contents.compacted },
      group: { ...group, epoch, refounding },
    }),
    contents.end,
    entries,
  )
  await storage.replace(record.bytes)
  return { epoch: epoch.number, lostFrom }
}

/** Makes a stranger of this store: it forgets its group and its name, in one step. Nobody may use the store meanwhile. */
export async function renewStore(
  storage: Storage,
  random: (length: number) => Uint8Array,
): Promise<void> {
  const fresh = blank(random)
  const entries = createEntriesCodec()
  // The stranger comes in by the secret that the group goes by now.
  const { contents } = await loadJournal(storage, entries)
  const record = encodeRecord(
    opsOf({ ...fresh, secrets: contents?.secrets ?? [] }),
    fresh.end,
    entries,
  )
  await storage.replace(record.bytes)
}
