/**
 * The journal in a folder: one LevelDB a store, one value a record, and each write flushed to the disk; the outbox lies beside it. The one
 * file that knows the library, whose lock lets one process in.
 */
import type { Storage } from '@unanimous/core'
import { StorageError, StorageLoss } from '@unanimous/core'
import { ClassicLevel } from 'classic-level'
import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { FolderInUse } from './errors.ts'
import { isOfOutbox, levelOutbox } from './level-outbox.ts'

type Database = ClassicLevel<string, Uint8Array>

/** Written before the write is done; without it LevelDB leaves that to the system. */
const durable = { sync: true } as const
const digits = 12
/** Every LevelDB has a file of this name. */
const marker = 'CURRENT'

/** Of the record at `position`: keys are in the order of the records. */
const keyAt = (position: number): string => String(position).padStart(digits, '0')

/** Makes the folder if there is none. Rejects with FolderInUse, or with StorageError when the disk is not to be used. */
export async function levelStorage(folder: string): Promise<Storage> {
  const database = await openDatabase(folder)
  const loss = new StorageLoss()
  let position = 0
  const guarded = async (write: () => Promise<void>): Promise<void> => {
    // What is written into a folder that was deleted is gone with this process.
    if (!existsSync(join(folder, marker))) loss.happen(`The folder ${folder} was deleted.`)
    if (loss.why !== undefined) throw new StorageError(loss.why)
    try {
      await write()
    } catch (cause) {
      // What is on the disk is not known any more: whatever comes must not be written behind it.
      loss.why = whyFailed(folder, cause)
      throw new StorageError(loss.why, { cause })
    }
  }
  const put = async (record: Uint8Array, at: number | undefined): Promise<void> => {
    await guarded(() =>
      at === undefined ? replaceAll(database, record) : append(database, at, record),
    )
    position = (at ?? 0) + 1
  }
  return {
    kind: 'leveldb',
    async load() {
      const records = await readAll(database, folder)
      position = records.length
      return records
    },
    append: (record) => put(record.slice(), position),
    replace: (record) => put(record.slice(), undefined),
    outbox: levelOutbox({
      read: async (keys) =>
        (await database.values(keys).all()).map((each) => Uint8Array.from(each)),
      write: (operations) => guarded(() => database.batch([...operations], { sync: false })),
    }),
    onLost: (listener) => loss.listen(listener),
    close: () => database.close(),
  }
}

/** Deletes what `levelStorage` keeps there, once it is closed. */
export async function deleteLevelStorage(folder: string): Promise<void> {
  await ClassicLevel.destroy(folder)
}

async function openDatabase(folder: string): Promise<Database> {
  const options = { keyEncoding: 'utf8', valueEncoding: 'view' } as const
  const database: Database = new ClassicLevel(folder, options)
  try {
    await mkdir(folder, { recursive: true })
    await database.open()
    return database
  } catch (cause) {
    if (codesOf(cause).includes('LEVEL_LOCKED')) throw new FolderInUse(folder, cause)
    throw new StorageError(`The store in ${folder} does not open: ${wordsOf(cause)}.`, { cause })
  }
}

const append = (database: Database, at: number, record: Uint8Array): Promise<void> =>
  database.put(keyAt(at), record, durable)

/** One write of LevelDB, whatever it consists of: the disk holds all of it or nothing. */
async function replaceAll(database: Database, record: Uint8Array): Promise<void> {
  const keys = (await database.keys().all()).filter((key) => !isOfOutbox(key))
  await database.batch(
    [
      ...keys.map((key) => ({ type: 'del', key }) as const),
      { type: 'put', key: keyAt(0), value: record },
    ],
    durable,
  )
}

async function readAll(database: Database, folder: string): Promise<readonly Uint8Array[]> {
  const anew = 'Delete the folder to join the group anew.'
  let entries: readonly (readonly [string, Uint8Array])[]
  try {
    entries = (await database.iterator().all()).filter(([key]) => !isOfOutbox(key))
  } catch (cause) {
    throw new StorageError(`The store in ${folder} is not readable. ${anew}`, { cause })
  }
  const end = entries.length
  if (entries.some(([key], at) => key !== keyAt(at))) {
    throw new StorageError(`The store in ${folder} lacks some of its records. ${anew}`)
  }
  return entries.slice(0, end).map(([, record]) => Uint8Array.from(record))
}

const whyFailed = (folder: string, cause: unknown): string =>
  codesOf(cause).includes('LEVEL_DATABASE_NOT_OPEN')
    ? 'This store is closed: open it again.'
    : `The disk did not take a record for ${folder} (${wordsOf(cause)}): see to the disk, then start the peer again.`

/** The library wraps what LevelDB says. */
const chainOf = (error: unknown): readonly Error[] =>
  error instanceof Error ? [error, ...chainOf(error.cause)] : []

const codesOf = (error: unknown): readonly unknown[] =>
  chainOf(error).map((each) => ('code' in each ? each.code : undefined))

const wordsOf = (error: unknown): string => chainOf(error).at(-1)?.message ?? String(error)
