/** One strict IndexedDB commit of one value, with nothing around it. */

const store = 'values'

export interface Disk {
  /** Resolves when the transaction is complete. */
  commit(bytes: Uint8Array<ArrayBuffer>): Promise<void>
}

export async function openDisk(name: string): Promise<Disk> {
  const database = await new Promise<IDBDatabase>((resolve, reject) => {
    const opening = indexedDB.open(name, 1)
    opening.onupgradeneeded = () => void opening.result.createObjectStore(store)
    opening.onsuccess = () => resolve(opening.result)
    opening.onerror = () => reject(opening.error ?? new Error('The database did not open.'))
  })
  let key = 0
  return {
    commit: (bytes) =>
      new Promise((resolve, reject) => {
        const transaction = database.transaction(store, 'readwrite', { durability: 'strict' })
        transaction.oncomplete = () => resolve()
        transaction.onabort = () => reject(transaction.error ?? new Error('The commit failed.'))
        key += 1
        transaction.objectStore(store).add(bytes, key)
        transaction.commit()
      }),
  }
}
