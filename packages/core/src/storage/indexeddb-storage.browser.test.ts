import { afterEach, describe, expect, it, vi } from 'vitest'
import { cdp } from 'vitest/browser'
import { StorageError } from '../base/errors.ts'
import { deleteIndexeddbStorage, indexeddbStorage } from './indexeddb-storage.ts'
// What Node runs against a model runs here against the real one.
import './indexeddb-storage.test.ts'

const name = 'unanimous browser test'
const { origin } = location

/** The browser's own controls; its types are those of whatever drives it. */
const control = cdp() as unknown as {
  send(method: string, parameters: Readonly<Record<string, unknown>>): Promise<unknown>
}

afterEach(async () => {
  // While the browser still clears its disk it breaks off what it is asked, that of the next test too.
  await vi.waitFor(() => deleteIndexeddbStorage(name), { timeout: 30_000 })
})

describe('a store in Chromium', () => {
  it('[ST7] is written with strict durability', async () => {
    const storage = await indexeddbStorage(name)
    await storage.load()
    const used: IDBTransactionDurability[] = []
    const commit = Reflect.get(IDBTransaction.prototype, 'commit')
    IDBTransaction.prototype.commit = function (this: IDBTransaction) {
      used.push(this.durability)
      commit.call(this)
    }
    await storage.append(new Uint8Array(10))
    IDBTransaction.prototype.commit = commit
    expect(used).toEqual(['strict'])
    await storage.close()
  })

  it('[ST11] that the browser closes by force says so', async () => {
    const storage = await indexeddbStorage(name)
    const told = new Promise<string>((resolve) => storage.onLost(resolve))
    await control.send('Storage.clearDataForOrigin', { origin, storageTypes: 'indexeddb' })
    expect(await told).toMatch(/The browser closed this store|This store was deleted/)
    await expect(storage.append(new Uint8Array(1))).rejects.toThrow(StorageError)
  })
})
