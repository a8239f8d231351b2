/** The journal in IndexedDB: one database a store, one strict transaction and one value a record. */
import type { DBSchema, IDBPDatabase } from 'idb'
import { deleteDB, openDB } from 'idb'
import { StorageError } from '../base/errors.ts'
import type { OutboxStore, Storage } from '../ports/storage.ts'
import { StorageLoss } from './storage-loss.ts'

/** 2: with an outbox. */
const schemaVersion = 2
const journal = 'journal'
const outbox = 'outbox'

interface Schema extends DBSchema {
  [journal]: { key: number; value: Uint8Array<ArrayBuffer> }
  [outbox]: { key: string; value: Uint8Array<ArrayBuffer> }
}

/** How a store is opened. */
export interface IndexeddbOptions {
  /** Ends the wait for a database that another tab holds open in an older version, in ms. 10 000 unless told. */
  readonly openMsMax?: number
}

const openMsMaxDefault = 10_000

interface Wanted {
  readonly name: string
  readonly openMsMax: number
  readonly lost: (why: string) => void
}

async function openDatabase({ name, openMsMax, lost }: Wanted): Promise<IDBPDatabase<Schema>> {
  let why = `The database ${name} did not open within ${openMsMax / 1000} s: reload this tab.`
  let opening: Promise<IDBPDatabase<Schema>> | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new StorageError(why)), openMsMax)
  })
  try {
    opening = openDB<Schema>(name, schemaVersion, {
      upgrade(database, before) {
        if (before < 1) database.createObjectStore(journal)
        database.createObjectStore(outbox)
      },
      blocked: () => {
        why = 'Another tab holds an older version of this store open: close it and reload this tab.'
      },
      blocking: (_, wanted) =>
        lost(
          wanted === null
            ? 'This store was deleted: reload this tab.'
            : 'A newer version of this page needs the store: reload this tab.',
        ),
      terminated: () => lost('The browser closed this store: reload this tab.'),
    })
    return await Promise.race([opening, late])
  } catch (cause) {
    // Should it still open, nobody waits for it any more.
    void opening?.then(
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
export async function indexeddbStorage(
  name: string,
  { openMsMax = openMsMaxDefault }: IndexeddbOptions = {},
): Promise<Storage> {
  const loss = new StorageLoss()
  const database = await openDatabase({
    name,
    openMsMax,
    lost: (why) => {
      loss.happen(why)
      // Keeping it open would block whoever needs it; nothing is written to it any more.
      queueMicrotask(() => database.close())
    },
  })
  let position = 0
  const put = async (record: Uint8Array<ArrayBuffer>, at: number | undefined): Promise<void> => {
    // To begin a transaction takes the browser longer than to send a frame: what this turn sends goes first.
    await Promise.resolve()
    if (loss.why !== undefined) throw new StorageError(loss.why)
    try {
      await write(database, at, record)
    } catch (cause) {
      // What is on the disk is not known any more: whatever comes must not be written behind it.
      loss.why = whyFailed(cause)
      throw new StorageError(loss.why, { cause })
    }
    position = (at ?? 0) + 1
  }
  return {
    kind: 'indexeddb',
    async load() {
      const records = await readAll(database)
      position = records.length
      return records
    },
    append: (record) => put(record.slice(), position),
    replace: (record) => put(record.slice(), undefined),
    outbox: outboxIn(database, () => loss.why),
    onLost: (listener) => loss.listen(listener),
    close() {
      database.close()
      return Promise.resolve()
    },
  }
}

/** Not strict: the browser has it when the page goes, and that is enough for what may be lost. */
const outboxIn = (
  database: IDBPDatabase<Schema>,
  whyLost: () => string | undefined,
): OutboxStore => ({
  load: () => database.getAll(outbox),
  async write(changes) {
    const why = whyLost()
    if (why !== undefined) throw new StorageError(why)
    const transaction = database.transaction(outbox, 'readwrite', { durability: 'relaxed' })
    const requests = changes.map(({ key, record }) =>
      record === undefined
        ? transaction.store.delete(key)
        : transaction.store.put(record.slice(), key),
    )
    transaction.commit()
    await Promise.all([...requests, transaction.done])
  },
})

async function readAll(database: IDBPDatabase<Schema>): Promise<readonly Uint8Array[]> {
  let keys: readonly number[]
  let records: readonly Uint8Array[]
  try {
    const { store } = database.transaction(journal, 'readonly')
    const read = await Promise.all([store.getAllKeys(), store.getAll()])
    keys = read[0]
    records = read[1]
  } catch (cause) {
    throw new StorageError('The browser did not read from the disk: reload this tab.', { cause })
  }
  const end = (keys.at(-1) ?? -1) + 1
  if (end !== records.length) {
    throw new StorageError(
      `This store holds ${records.length} of its ${end} records. Delete this site’s data for the group to join it anew.`,
    )
  }
  return records
}

/** `position` undefined: the record is the only one from then on. */
async function write(
  database: IDBPDatabase<Schema>,
  position: number | undefined,
  record: Uint8Array<ArrayBuffer>,
): Promise<void> {
  const transaction = database.transaction(journal, 'readwrite', { durability: 'strict' })
  // Its failure fails the transaction, which tells.
  if (position === undefined) transaction.store.clear().catch(() => undefined)
  const put = transaction.store.add(record, position ?? 0)
  transaction.commit()
  // Success of the request says nothing; only the transaction's `complete` means that it is on the disk.
  const [requested, completed] = await Promise.allSettled([put, transaction.done])
  if (completed.status === 'fulfilled') return
  const reasons = [reasonOf(requested), transaction.error, reasonOf(completed)]
  throw reasons.find(tells) ?? reasonOf(completed)
}

const reasonOf = (result: PromiseSettledResult<unknown>): unknown =>
  result.status === 'rejected' ? result.reason : undefined

/** Of a request and its transaction one knows why it failed, the other one only that it was aborted. */
const tells = (reason: unknown): boolean =>
  reason instanceof DOMException && reason.name !== 'AbortError'

function whyFailed(cause: unknown): string {
  if (cause instanceof DOMException && cause.name === 'QuotaExceededError') {
    return 'The disk quota of this site is used up: free some space and reload this tab.'
  }
  return 'The browser did not write to the disk: reload this tab.'
}

/** Deletes a store for good; its identity is gone with it. Whoever has it open loses it. */
export async function deleteIndexeddbStorage(name: string): Promise<void> {
  await deleteDB(name)
}
