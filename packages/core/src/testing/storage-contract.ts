/** What every storage must do. Knows the port, no implementation; whatever breaks a disk is for the caller to try. */
import { StorageError } from '../base/errors.ts'
import type { Storage } from '../ports/storage.ts'
import type { Case, TestRunner } from './test-runner.ts'
import { fact, runCases } from './test-runner.ts'

/** A place with disks, made anew for each test. */
export interface StorageBench {
  /** Opens the store `name`; a second time, it is the same disk. */
  open(name: string): Promise<Storage>
  /** Called when the test is over, whatever became of it. */
  clean(): Promise<void>
}

const recordOf = (length: number, seed: number): Uint8Array =>
  Uint8Array.from({ length }, (_, at) => (at * 31 + seed * 7) & 0xff)

async function refusalOf(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise
  } catch (error) {
    return error
  }
  return undefined
}

const cases: readonly Case<StorageBench>[] = [
  fact('[ST1] a new store is empty', async (bench, expect) => {
    const storage = await bench.open('new')
    expect(await storage.load()).toEqual([])
    await storage.close()
  }),

  fact(
    '[ST1] records come back whole, in the order in which they were appended',
    async (bench, expect) => {
      const records = [1, 0, 300, 20_000, 2].map(recordOf)
      const storage = await bench.open('order')
      await storage.load()
      for (const record of records) await storage.append(record)
      expect(await storage.load()).toEqual(records)
      await storage.close()
    },
  ),

  fact(
    '[ST2] what was appended is there after a reopening, and the order goes on',
    async (bench, expect) => {
      const records = [recordOf(5, 1), recordOf(6, 2), recordOf(7, 3)]
      for (const [at, record] of records.entries()) {
        const storage = await bench.open('reopened')
        expect(await storage.load()).toEqual(records.slice(0, at))
        await storage.append(record)
        await storage.close()
      }
    },
  ),

  fact('[ST3] a record is what it was when it was appended', async (bench, expect) => {
    const storage = await bench.open('copied')
    await storage.load()
    const record = recordOf(4, 1)
    const appended = storage.append(record)
    record.fill(0)
    await appended
    const [loaded] = await storage.load()
    expect(loaded).toEqual(recordOf(4, 1))
    loaded?.fill(0)
    expect(await storage.load()).toEqual([recordOf(4, 1)])
    await storage.close()
  }),

  fact('[ST3] a part of a larger buffer is stored as that part', async (bench, expect) => {
    const storage = await bench.open('part')
    await storage.load()
    await storage.append(recordOf(100, 1).subarray(10, 13))
    const [loaded] = await storage.load()
    expect(loaded).toEqual(recordOf(100, 1).slice(10, 13))
    expect(loaded?.buffer.byteLength).toBe(3)
    await storage.close()
  }),

  fact('[ST4] two names are two stores', async (bench, expect) => {
    const [one, other] = [await bench.open('one'), await bench.open('other')]
    await one.load()
    await other.load()
    await one.append(recordOf(3, 1))
    expect(await other.load()).toEqual([])
    expect(await one.load()).toEqual([recordOf(3, 1)])
    await one.close()
    await other.close()
  }),

  fact(
    '[ST5] after close nothing is written, and the refusal is a StorageError',
    async (bench, expect) => {
      const storage = await bench.open('closed')
      await storage.load()
      await storage.append(recordOf(3, 1))
      await storage.close()
      await storage.close()
      const refusal = await refusalOf(storage.append(recordOf(3, 2)))
      expect(refusal instanceof StorageError).toBe(true)
      const again = await bench.open('closed')
      expect(await again.load()).toEqual([recordOf(3, 1)])
      await again.close()
    },
  ),

  fact(
    '[ST13] a record that replaces the others is the only one, and those that follow come behind it',
    async (bench, expect) => {
      const storage = await bench.open('replaced')
      await storage.load()
      for (const seed of [1, 2, 3]) await storage.append(recordOf(5, seed))
      const record = recordOf(6, 4)
      const replaced = storage.replace(record)
      record.fill(0)
      await replaced
      expect(await storage.load()).toEqual([recordOf(6, 4)])
      await storage.append(recordOf(7, 5))
      await storage.close()
      const again = await bench.open('replaced')
      expect(await again.load()).toEqual([recordOf(6, 4), recordOf(7, 5)])
      await again.replace(recordOf(8, 6))
      await again.append(recordOf(9, 7))
      expect(await again.load()).toEqual([recordOf(8, 6), recordOf(9, 7)])
      await again.close()
      expect((await refusalOf(again.replace(recordOf(1, 1)))) instanceof StorageError).toBe(true)
    },
  ),

  fact(
    '[ST14] an outbox, where there is one, keeps what is put into it until it is taken out, beside the journal',
    async (bench, expect) => {
      const storage = await bench.open('outbox')
      await storage.load()
      if (storage.outbox === undefined) return storage.close()
      expect(await storage.outbox.load()).toEqual([])
      const record = recordOf(5, 1)
      const first = storage.outbox.write([
        { key: '1.0', record },
        { key: '1.1', record: recordOf(6, 2) },
      ])
      record.fill(0)
      const second = storage.outbox.write([{ key: '1.1', record: undefined }])
      await storage.append(recordOf(3, 3))
      await Promise.all([first, second])
      await storage.close()
      expect((await refusalOf(storage.outbox.write([{ key: '1.2', record }]))) !== undefined).toBe(
        true,
      )
      const again = await bench.open('outbox')
      expect(await again.load()).toEqual([recordOf(3, 3)])
      expect(await again.outbox?.load()).toEqual([recordOf(5, 1)])
      await again.replace(recordOf(4, 4))
      expect(await again.outbox?.load()).toEqual([recordOf(5, 1)])
      await again.close()
    },
  ),

  fact(
    '[ST14] what is put into an outbox last is what counts, all of it',
    async (bench, expect) => {
      const storage = await bench.open('outbox in order')
      await storage.load()
      const { outbox } = storage
      if (outbox === undefined) return storage.close()
      const writes = [...Array(20).keys()].map((seed) =>
        outbox.write([
          { key: '2.0', record: recordOf(5, seed) },
          { key: `2.${seed + 1}`, record: recordOf(4, seed) },
          { key: `2.${seed}`, record: seed === 0 ? recordOf(5, seed) : undefined },
        ]),
      )
      await Promise.all(writes)
      expect(await outbox.load()).toEqual([recordOf(5, 19), recordOf(4, 19)])
      await storage.close()
    },
  ),

  fact('[ST6] says what kind of disk it is', async (bench, expect) => {
    const storage = await bench.open('kind')
    expect(/^[a-z]+$/.test(storage.kind)).toBe(true)
    await storage.close()
  }),
]

/** Runs the suite. `bench` is called for each test. */
export function describeStorageContract(
  runner: TestRunner,
  name: string,
  bench: () => Promise<StorageBench>,
): void {
  runCases(runner, `${name} as a storage`, { cases, bench })
}
