import { describe, expect, it } from 'vitest'
import type { Storage } from '../ports/storage.ts'
import { memoryStorage } from '../storage/memory-storage.ts'
import type { Fault } from '../testing/failing-storage.ts'
import { failingStorage } from '../testing/failing-storage.ts'
import { openStore, recordsMax } from './open-replica.ts'

const random = (length: number): Uint8Array => new Uint8Array(length).fill(7)

/** A disk that was started so often, and how to open it. */
async function startedDisk(times: number): Promise<() => Promise<Storage>> {
  const disks = memoryStorage()
  for (let time = 0; time < times; time += 1) await openStore(await disks('disk'), random)
  return () => disks('disk')
}

const recordsOf = async (open: () => Promise<Storage>): Promise<number> =>
  (await (await open()).load()).length

describe('a store with a long journal', () => {
  it('[JO9] is one record after its next start, and the same store', async () => {
    const open = await startedDisk(recordsMax)
    expect(await recordsOf(open)).toBe(recordsMax)
    const again = await openStore(await open(), random)
    expect(await recordsOf(open)).toBe(1)
    const later = await openStore(await open(), random)
    expect(await recordsOf(open)).toBe(2)
    expect([later.self, later.incarnation]).toEqual([again.self, again.incarnation + 1])
  })

  it.each<Fault>(['fail', 'tear', 'lie'])(
    '[JO9] is whole whatever becomes of the write that shortens it: %s',
    async (fault) => {
      const open = await startedDisk(recordsMax)
      const broken = failingStorage(await open(), { at: 0, fault })
      await expect(openStore(broken, random)).rejects.toThrow('made to fail')
      expect(await recordsOf(open)).toBe(fault === 'lie' ? 1 : recordsMax)
      const again = await openStore(await open(), random)
      expect(again.incarnation).toBe(fault === 'lie' ? recordsMax + 2 : recordsMax + 1)
    },
  )
})
