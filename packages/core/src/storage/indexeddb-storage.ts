/** The journal in IndexedDB: one database a store, one strict transaction and one value a record. */
import type { DBSchema, IDBPDatabase } from 'idb'
import { deleteDB, openDB } from 'idb'
import { StorageError } from '../base/errors.ts'
import type { Storage } from '../ports/storage.ts'

const schemaVersion = 1
const journal = 'journal'

interface Schema extends DBSchema {
  [journal]: { key: number; value: Uint8Array<ArrayBuffer> }
}

const deleted = 'The data of this site was deleted. Reload this tab to join the group anew.'
const wantedElsewhere = 'A newer version of this page needs the store. Reload this tab.'

/** Ends the wait for a database that another tab holds open in an older version. */
const openMsMax = 10_000

async function openDatabase(
  name: string,
  lost: (why: string) => void,
): Promise<IDBPDatabase<Schema>> {
  let refuse: (why: StorageError) => void = () => undefined
  const refused = new Promise<never>((_, reject) => {
    refuse = reject
  })
  const timer = setTimeout(() => {
    refuse(new StorageError(`The database ${name} did not open within ${openMsMax / 1000} s.`))
  }, openMsMax)
  const opening = openDB<Schema>(name, schemaVersion, {
    upgrade: (database) => void database.createObjectStore(journal),
    blocked: () => {
      refuse(new StorageError('Another tab holds an older version of this store open. Close it.'))
    },
    // No version: the database is being deleted.
    blocking: (_ours, wanted) => lost(wanted === null ? deleted : wantedElsewhere),
    terminated: () => lost('The browser closed this store. Reload this tab.'),
  })
  try {
    return await Promise.race([opening, refused])
  } catch (cause) {
    // Should it still open, nobody waits for it any more.
    void opening.then(
      (database) => database.close(),
      () => undefined,
    )
    throw cause instanceof StorageError
      ? cause
      : new StorageError('This browser does not open a database for this page.', { cause })
  } finally {
    clearTimeout(timer)
  }
}

/** Rejects with StorageError when the browser gives no database (private mode, blocked site data). */
export async function indexeddbStorage(name: string): Promise<Storage> {
  let tell: ((why: string) => void) | undefined
  let lostBecause: string | undefined
  const database = await openDatabase(name, (why) => {
    lostBecause = why
    tell?.(why)
    // Keeping it open would block whoever needs it; nothing is written to it any more.
    queueMicrotask(() => database.close())
  })
  let position = 0
  return {
    kind: 'indexeddb',
    async load() {
      const transaction = database.transaction(journal, 'readonly')
      const keys = await transaction.store.getAllKeys()
      const records = await transaction.store.getAll()
      position = keys.length === 0 ? 0 : (keys.at(-1) ?? 0) + 1
      if (position !== records.length) {
        throw new StorageError(`The store has ${records.length} records where ${position} belong.`)
      }
      return records
    },
    async append(record) {
      if (lostBecause !== undefined) throw new StorageError(lostBecause)
      try {
        const transaction = database.transaction(journal, 'readwrite', { durability: 'strict' })
        const put = transaction.store.add(record.slice(), position)
        transaction.commit()
        // Success of the request says nothing; only the transaction's `complete` means that it is on the disk.
        await Promise.all([put, transaction.done])
      } catch (cause) {
        throw new StorageError(whyFailed(cause), { cause })
      }
      position += 1
    },
    onLost(listener) {
      tell = listener
      if (lostBecause !== undefined) listener(lostBecause)
    },
    close() {
      database.close()
      return Promise.resolve()
    },
  }
}

function whyFailed(cause: unknown): string {
  if (cause instanceof DOMException && cause.name === 'QuotaExceededError') {
    return 'The disk quota of this site is used up: free some space and reload this tab.'
  }
  return 'The browser did not write to the disk: reload this tab.'
}

/** Deletes a store for good; its identity is gone with it. */
export async function deleteIndexeddbStorage(name: string): Promise<void> {
  await deleteDB(name)
}
