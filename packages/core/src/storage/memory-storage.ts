/** A store that dies with the page: for tests, and for groups that are not meant to last. */
import { StorageError } from '../base/errors.ts'
import type { OpenStorage, Storage } from '../ports/storage.ts'

/** Each name is one disk, which outlives `close` as long as this function does. */
export function memoryStorage(): OpenStorage {
  const disks = new Map<string, Uint8Array[]>()
  return (name) => {
    const records = disks.get(name) ?? []
    disks.set(name, records)
    return Promise.resolve(storeOn(records))
  }
}

function storeOn(records: Uint8Array[]): Storage {
  let closed = false
  return {
    kind: 'memory',
    load: () => Promise.resolve(records.map((record) => record.slice())),
    append(record) {
      if (closed) return Promise.reject(new StorageError('This store is closed: open it again.'))
      records.push(record.slice())
      return Promise.resolve()
    },
    replace(record) {
      if (closed) return Promise.reject(new StorageError('This store is closed: open it again.'))
      records.splice(0, records.length, record.slice())
      return Promise.resolve()
    },
    onLost: () => undefined,
    close() {
      closed = true
      return Promise.resolve()
    },
  }
}
