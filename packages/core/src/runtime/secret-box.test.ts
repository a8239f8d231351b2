import { describe, expect, test } from 'vitest'
import type { GroupId } from '../protocol/ids.ts'
import { replicaId } from '../protocol/ids.ts'
import { keysOf } from './identity.ts'
import { drawnSecret, hashOfSecret, isSecretOf, openBox, sealBox } from './secret-box.ts'

const group = 'c'.repeat(64) as GroupId
const secret = drawnSecret((length) => new Uint8Array(length).fill(5))
const rotation = { number: 2, hash: hashOfSecret(group, 2, secret) }
const store = replicaId('b'.repeat(32))
const place = { group, rotation, store }
const [leader, reader, other] = [1, 2, 3].map((byte) => keysOf(new Uint8Array(32).fill(byte)))
const agreed = (one = leader, with_ = reader): Uint8Array =>
  one?.agree(with_?.publicKey ?? new Uint8Array()) ?? new Uint8Array()
const sealed = sealBox(agreed(), place, secret)

describe('a secret in a box', () => {
  test('[RS1] comes out at the store that it was made for', () => {
    expect(secret).toMatch(/^[0-9a-f]{32}$/)
    expect(sealed).toHaveLength(32)
    expect(openBox(agreed(reader, leader), place, sealed)).toBe(secret)
  })

  test('[RS1] does not come out for anybody else, from anybody else, or if a bit of it is another', () => {
    expect(openBox(agreed(other, leader), place, sealed)).toBeUndefined()
    expect(openBox(agreed(reader, other), place, sealed)).toBeUndefined()
    for (let bit = 0; bit < sealed.length * 8; bit += 1) {
      const altered = sealed.map((byte, at) => (at === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte))
      expect(openBox(agreed(), place, altered)).toBeUndefined()
    }
    expect(openBox(agreed(), place, sealed.subarray(1))).toBeUndefined()
    expect(openBox(agreed(), place, new Uint8Array())).toBeUndefined()
  })

  test('[RS1] does not come out where it is put into another entry, group or name', () => {
    const places = [
      { ...place, rotation: { ...rotation, number: 3 } },
      { ...place, rotation: { ...rotation, hash: '0'.repeat(32) } },
      { ...place, group: 'd'.repeat(64) as GroupId },
      { ...place, store: replicaId('d'.repeat(32)) },
    ]
    for (const elsewhere of places) {
      expect(openBox(agreed(), elsewhere, sealed)).toBeUndefined()
    }
  })

  test('[RS1] must hold the secret that the entry names', () => {
    const lying = sealBox(agreed(), place, '0'.repeat(32))
    expect(openBox(agreed(), place, lying)).toBeUndefined()
    expect(isSecretOf(place, secret)).toBe(true)
    expect(isSecretOf(place, '0'.repeat(32))).toBe(false)
    expect(hashOfSecret(group, 3, secret)).not.toBe(rotation.hash)
  })
})
