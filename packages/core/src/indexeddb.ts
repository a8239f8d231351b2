/** Storage in IndexedDB, an entry of its own so that only who uses it carries it. */
export { deleteIndexeddbStorage, indexeddbStorage } from './storage/indexeddb-storage.ts'
export type { IndexeddbOptions } from './storage/indexeddb-storage.ts'
