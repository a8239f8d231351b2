/** A store that dies with the page: for tests, and for groups that are not meant to last. */
import { StorageError } from '../base/errors.ts'
import type { OpenStorage, OutboxStore, Storage } from '../ports/storage.ts'

/** Each name is one disk, which outlives `close` as long as this function does. */
export function memoryStorage(): OpenStorage {
  const disks = new Map<string, Disk>()
  return (name) => {
    const disk = disks.get(name) ?? { records: [], outbox: new Map() }
    disks.set(name, disk)
    return Promise.resolve(storeOn(disk))
  }
}

interface Disk {
  readonly records: Uint8Array[]
  readonly outbox: Map<string, Uint8Array>
}

function storeOn({ records, outbox }: Disk): Storage {
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
    outbox: outboxOn(outbox, () => closed),
    onLost: () => undefined,
    close() {
      closed = true
      return Promise.resolve()
    },
  }
}

const outboxOn = (records: Map<string, Uint8Array>, isClosed: () => boolean): OutboxStore => ({
  load: () => Promise.resolve([...records.values()].map((record) => record.slice())),
  write(changes) {
    if (isClosed()) return Promise.reject(new StorageError('This store is closed: open it again.'))
    for (const { key, record } of changes) {
      if (record === undefined) records.delete(key)
      else records.set(key, record.slice())
    }
    return Promise.resolve()
  },
})
