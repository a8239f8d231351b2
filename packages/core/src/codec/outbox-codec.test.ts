import { expect, test } from 'vitest'
import { incarnation, index, replicaId } from '../protocol/ids.ts'
import { decodeBundle, encodeBundle } from './outbox-codec.ts'

const author = replicaId('a'.repeat(32))
const handed = (seq: number) => ({
  ...{ author, incarnation: incarnation(3), session: index(9), low: 4, seq },
  command: Uint8Array.of(1, 2, seq),
})
const bundle = { key: '3.0', handed: [handed(5), handed(6)] }

test('[XO7] kept proposals are read back as they were, by their author', () => {
  expect(decodeBundle(encodeBundle(bundle), author)).toEqual(bundle)
})

test('[XO7] a record that is damaged, wherever, is none', () => {
  const bytes = encodeBundle(bundle)
  for (let bit = 0; bit < bytes.length * 8; bit += 1) {
    const damaged = bytes.slice()
    damaged[bit >> 3] = (damaged[bit >> 3] ?? 0) ^ (1 << (bit & 7))
    expect(decodeBundle(damaged, author)).toBeUndefined()
  }
  expect(decodeBundle(bytes.subarray(0, -1), author)).toBeUndefined()
  expect(decodeBundle(new Uint8Array(), author)).toBeUndefined()
})
