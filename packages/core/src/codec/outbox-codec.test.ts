import { expect, test } from 'vitest'
import { incarnation, index, replicaId } from '../protocol/ids.ts'
import { decodeHanded, encodeHanded } from './outbox-codec.ts'

const author = replicaId('a'.repeat(32))
const handed = {
  ...{ author, incarnation: incarnation(3), session: index(9), low: 4, seq: 5 },
  command: Uint8Array.of(1, 2, 3),
}

test('[XO7] a kept proposal is read back as it was, by its author', () => {
  expect(decodeHanded(encodeHanded(handed), author)).toEqual(handed)
})

test('[XO7] one that is damaged, wherever, is none', () => {
  const bytes = encodeHanded(handed)
  for (let bit = 0; bit < bytes.length * 8; bit += 1) {
    const damaged = bytes.slice()
    damaged[bit >> 3] = (damaged[bit >> 3] ?? 0) ^ (1 << (bit & 7))
    expect(decodeHanded(damaged, author)).toBeUndefined()
  }
  expect(decodeHanded(bytes.subarray(0, -1), author)).toBeUndefined()
  expect(decodeHanded(new Uint8Array(), author)).toBeUndefined()
})
