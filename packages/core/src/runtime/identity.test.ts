import { describe, expect, it } from 'vitest'
import { createEntriesCodec } from '../codec/entries-codec.ts'
import { readJournal } from '../codec/journal.ts'
import { isReplicaId } from '../protocol/ids.ts'
import { memoryStorage } from '../storage/memory-storage.ts'
import { failingStorage } from '../testing/failing-storage.ts'
import { idOfKey, keysOf } from './identity.ts'
import { openStore } from './open-replica.ts'

const randomOf =
  (byte: number) =>
  (length: number): Uint8Array =>
    new Uint8Array(length).fill(byte)

const hex = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString('hex')

describe('who a store is', () => {
  it('[RT10] follows from its secret alone', () => {
    const idOf = (byte: number): string => idOfKey(keysOf(randomOf(byte)(32)).publicKey)
    expect(isReplicaId(idOf(1))).toBe(true)
    expect(idOf(1)).toBe(idOf(1))
    expect(idOf(2)).not.toBe(idOf(1))
    // The first 128 bits of SHA-256 of the X25519 public key of the secret 0909….
    expect(idOf(9)).toBe('0710e7de882119e331610cac720c1b15')
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

describe('the secret of two stores', () => {
  const [one, two, three] = [1, 2, 3].map((byte) => keysOf(randomOf(byte)(32)))
  if (one === undefined || two === undefined || three === undefined) throw new Error('three pairs')

  it('[RT22] is the same from both ends, and another one for every two', () => {
    expect(hex(one.agree(two.publicKey))).toBe(hex(two.agree(one.publicKey)))
    expect(hex(one.agree(three.publicKey))).not.toBe(hex(one.agree(two.publicKey)))
    expect(one.agree(two.publicKey)).toHaveLength(32)
  })

  it('[RT22] is HKDF-SHA256 of the X25519 secret over a domain and both public keys in order', () => {
    const [a, b] = [9, 1].map((byte) => keysOf(randomOf(byte)(32)))
    // Computed by another implementation: OpenSSL 3 by way of Node’s crypto.
    expect(hex(a?.agree(b?.publicKey ?? new Uint8Array()))).toBe(
      'b97ad74f979fc994b0a9d6537fd06479051a5d923493f53efbbced5414b97fe2',
    )
  })

  it.each([
    { why: 'its length is wrong', key: new Uint8Array(31).fill(5) },
    { why: 'it is the neutral element', key: new Uint8Array(32) },
    { why: 'its order is low', key: Uint8Array.of(1, ...new Uint8Array(31)) },
  ])('[RT22] is not shared with a key of which $why', ({ key }) => {
    expect(one.agree(key)).toBeUndefined()
  })
})
