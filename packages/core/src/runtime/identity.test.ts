import { describe, expect, it } from 'vitest'
import { createEntriesCodec } from '../codec/entries-codec.ts'
import { readJournal } from '../codec/journal.ts'
import { isReplicaId } from '../protocol/ids.ts'
import { memoryStorage } from '../storage/memory-storage.ts'
import { failingStorage } from '../testing/failing-storage.ts'
import { replicaIdOf } from './identity.ts'
import { openStore } from './open-replica.ts'

const randomOf =
  (byte: number) =>
  (length: number): Uint8Array =>
    new Uint8Array(length).fill(byte)

describe('who a store is', () => {
  it('[RT10] follows from its secret alone', () => {
    const id = replicaIdOf(randomOf(1)(32))
    expect(isReplicaId(id)).toBe(true)
    expect(replicaIdOf(randomOf(1)(32))).toBe(id)
    expect(replicaIdOf(randomOf(2)(32))).not.toBe(id)
    // The first 128 bits of SHA-256 of the X25519 public key of the secret 0909….
    expect(replicaIdOf(randomOf(9)(32))).toBe('0710e7de882119e331610cac720c1b15')
  })

  it('[RT10] is drawn once; each opening after that counts one start more', async () => {
    const open = memoryStorage()
    const first = await openStore(await open('a'), randomOf(1))
    const second = await openStore(await open('a'), randomOf(2))
    expect(second.self).toBe(first.self)
    expect([first.incarnation, second.incarnation]).toEqual([1, 2])
  })

  it('[RT10] is on the disk before anybody may speak in its name', async () => {
    const disk = failingStorage(await memoryStorage()('a'), { at: 0, fault: 'hang' })
    let opened = false
    const opening = openStore(disk, randomOf(1)).then(() => {
      opened = true
    })
    await new Promise((resolve) => setTimeout(resolve, 0))
    expect(opened).toBe(false)
    disk.release()
    await opening
    expect(readJournal(await disk.load(), createEntriesCodec())).toMatchObject({ incarnation: 1 })
  })

  it('[RT10] is not given when the disk does not take it', async () => {
    const disk = failingStorage(await memoryStorage()('a'), { at: 0, fault: 'fail' })
    await expect(openStore(disk, randomOf(1))).rejects.toThrow('made to fail')
  })
})
