import { deleteDB, openDB } from 'idb'
import { afterEach, describe, expect, it } from 'vitest'
import { StorageError } from '../base/errors.ts'
import type { Storage } from '../ports/storage.ts'
import { createMemoryWorld } from '../testing/memory-world.ts'
import { describeStorageContract } from '../testing/storage-contract.ts'

// In Node a model of it; in a browser, where this file runs too, the real one.
const real = 'indexedDB' in globalThis
if (!real) Object.assign(globalThis, await import('fake-indexeddb'))
const { deleteIndexeddbStorage, indexeddbStorage } = await import('./indexeddb-storage.ts')

let count = 0
const freshName = (): string => `unanimous test ${(count += 1)}`
const used: { readonly name: string; readonly storage: Storage }[] = []

async function open(name: string): Promise<Storage> {
  const storage = await indexeddbStorage(name)
  used.push({ name, storage })
  return storage
}

async function clean(): Promise<void> {
  const all = used.splice(0)
  for (const { storage } of all) await storage.close()
  for (const { name } of all) await deleteDB(name)
}

const record = (...bytes: readonly number[]): Uint8Array => Uint8Array.from(bytes)

async function refusalOf(promise: Promise<unknown>): Promise<StorageError> {
  const refusal: unknown = await promise.then(
    () => undefined,
    (error: unknown) => error,
  )
  if (!(refusal instanceof StorageError)) throw new Error(`not refused but ${String(refusal)}`)
  return refusal
}

/** Puts something in the place of a method of the platform until `undo`. */
const undo: (() => void)[] = []
function patch<T extends object, K extends keyof T>(
  place: T,
  name: K,
  make: (old: T[K]) => T[K],
): void {
  const old = place[name]
  place[name] = make(old)
  undo.push(() => {
    place[name] = old
  })
}

afterEach(async () => {
  for (const restore of undo.splice(0)) restore()
  await clean()
})

describeStorageContract(
  { describe, it, expect },
  real ? 'IndexedDB' : 'a model of IndexedDB',
  () => {
    const prefix = freshName()
    return Promise.resolve({ open: (name) => open(`${prefix} ${name}`), clean })
  },
)

describe('a store in IndexedDB', () => {
  it('[ST7] asks for strict durability, one transaction and one value a record', async () => {
    const transactions: (readonly [IDBTransactionMode | undefined, string | undefined])[] = []
    let added = 0
    const storage = await open(freshName())
    await storage.load()
    patch(
      IDBDatabase.prototype,
      'transaction',
      (old) =>
        function (this: IDBDatabase, names, mode, options) {
          transactions.push([mode, options?.durability])
          return old.call(this, names, mode, options)
        },
    )
    patch(
      IDBObjectStore.prototype,
      'add',
      (old) =>
        function (this: IDBObjectStore, value: unknown, key?: IDBValidKey) {
          added += 1
          return old.call(this, value, key)
        },
    )
    for (const length of [1, 1000, 100_000]) await storage.append(new Uint8Array(length))
    expect(transactions).toEqual(transactions.map(() => ['readwrite', 'strict']))
    expect([transactions.length, added]).toEqual([3, 3])
  })

  it('[ST8] finds that records are missing, wherever they were', async () => {
    for (const missing of [0, 1]) {
      const name = freshName()
      const storage = await open(name)
      await storage.load()
      for (const byte of [1, 2, 3]) await storage.append(record(byte))
      await storage.close()
      const database = await openDB(name, 2)
      await database.delete('journal', missing)
      database.close()
      const refusal = await refusalOf((await open(name)).load())
      expect(refusal.message).toContain('This store holds 2 of its 3 records.')
    }
  })

  it('[ST9] says that the quota is used up, and writes nothing more', async () => {
    const storage = await open(freshName())
    await storage.load()
    await storage.append(record(1))
    patch(IDBObjectStore.prototype, 'add', () => () => {
      throw new DOMException('too much', 'QuotaExceededError')
    })
    const refusal = await refusalOf(storage.append(record(2)))
    expect(refusal.message).toBe(
      'The disk quota of this site is used up: free some space and reload this tab.',
    )
    expect(refusal.cause).toBeInstanceOf(DOMException)
    for (const restore of undo.splice(0)) restore()
    expect((await refusalOf(storage.append(record(2)))).message).toBe(refusal.message)
    expect(await storage.load()).toEqual([record(1)])
  })

  it('[ST9] takes the reason of the transaction, not that of the request that it aborted', async () => {
    const storage = await open(freshName())
    await storage.load()
    patch(
      IDBTransaction.prototype,
      'commit',
      () =>
        function (this: IDBTransaction) {
          this.abort()
        },
    )
    const refusal = await refusalOf(storage.append(record(1)))
    expect(refusal.message).toBe('The browser did not write to the disk: reload this tab.')
    expect(await storage.load()).toEqual([])
  })

  it('[ST9] refuses what would overwrite a record', async () => {
    const name = freshName()
    const [one, other] = [await open(name), await open(name)]
    await one.load()
    await other.load()
    await one.append(record(1))
    expect((await refusalOf(other.append(record(2)))).cause).toMatchObject({
      name: 'ConstraintError',
    })
    expect(await one.load()).toEqual([record(1)])
  })

  it('[ST10] a browser that gives no database is a StorageError with its cause', async () => {
    const forbidden = new DOMException('not here', 'SecurityError')
    patch(indexedDB, 'open', () => () => {
      throw forbidden
    })
    const refusal = await refusalOf(indexeddbStorage(freshName()))
    expect(refusal.message).toBe('This browser does not open a database for this page.')
    expect(refusal.cause).toBe(forbidden)
  })

  it('[ST11] lets go when it is deleted, tells so once, and writes nothing more', async () => {
    const name = freshName()
    const storage = await open(name)
    await storage.load()
    const told: string[] = []
    storage.onLost((why) => told.push(why))
    await deleteIndexeddbStorage(name)
    expect(told).toEqual(['This store was deleted: reload this tab.'])
    expect((await refusalOf(storage.append(record(1)))).message).toBe(told[0])
    const again = await open(name)
    expect(await again.load()).toEqual([])
  })

  it('[ST11] lets go when a newer version of the page wants it', async () => {
    const name = freshName()
    const storage = await open(name)
    const told = new Promise<string>((resolve) => storage.onLost(resolve))
    const newer = await openDB(name, 3)
    newer.close()
    expect(await told).toBe('A newer version of this page needs the store: reload this tab.')
  })

  it('[ST11] tells who asks later, too', async () => {
    const name = freshName()
    const storage = await open(name)
    await deleteIndexeddbStorage(name)
    const told: string[] = []
    storage.onLost((why) => told.push(why))
    expect(told).toHaveLength(1)
  })

  it('[ST12] does not wait for ever for a tab that holds an older version', async () => {
    const name = freshName()
    const older = await openDB(name, 1, {
      upgrade: (database) => void database.createObjectStore('x'),
    })
    // An old page that does not let go, and somebody who waits for it before us.
    const removed = deleteDB(name)
    const refusal = await refusalOf(indexeddbStorage(name, { openMsMax: 200 }))
    expect(refusal.message).toContain('did not open within 0.2 s')
    older.close()
    await removed
    const storage = await open(name)
    expect(await storage.load()).toEqual([])
  })

  it('[ST12] a store of the version before is taken over, and gets an outbox', async () => {
    const name = freshName()
    const older = await openDB(name, 1, {
      upgrade: (database) => void database.createObjectStore('journal'),
    })
    await older.put('journal', record(1), 0)
    older.close()
    const storage = await open(name)
    expect(await storage.load()).toEqual([record(1)])
    await storage.outbox?.write([{ key: '1.0', record: record(2) }])
    expect(await storage.outbox?.load()).toEqual([record(2)])
  })

  it('[ST12] a store of a newer version is refused', async () => {
    const name = freshName()
    const newer = await openDB(name, 3)
    newer.close()
    expect((await refusalOf(indexeddbStorage(name))).cause).toMatchObject({ name: 'VersionError' })
    await deleteDB(name)
  })

  it('[ST11] [RT12] deleting the site’s data under a replica halts it', async () => {
    const prefix = freshName()
    const world = createMemoryWorld((name) => open(`${prefix} ${name}`))
    const node = await world.open('a')
    node.replica.found('0'.repeat(32))
    while (node.replica.status().phase !== 'ready') {
      // This disk takes real time.
      await new Promise((resolve) => setTimeout(resolve, 5))
      await world.clock.advance(50)
    }
    await deleteIndexeddbStorage(`${prefix} a`)
    expect(node.replica.lifecycle).toMatchObject({
      state: 'halted',
      error: new StorageError('This store was deleted: reload this tab.'),
    })
  })
})
