/** A store that dies with the page: for tests, and for groups that are not meant to last. */
import type { OpenStorage, Storage } from '../ports/storage.ts'

/** Each name is one disk, which outlives `close` as long as this function does. */
export function memoryStorage(): OpenStorage {
  const disks = new Map<string, Uint8Array[]>()
  return (name) => {
    const records = disks.get(name) ?? []
    disks.set(name, records)
    const storage: Storage = {
      kind: 'memory',
      load: () => Promise.resolve([...records]),
      append(record) {
        records.push(record.slice())
        return Promise.resolve()
      },
      onLost: () => undefined,
      close: () => Promise.resolve(),
    }
    return Promise.resolve(storage)
  }
}
