import { hkdfSync } from 'node:crypto'
import { xchacha20poly1305 } from '@noble/ciphers/chacha.js'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fromBase64, toBase64 } from './base64.ts'
import { groupKeyOf } from './group-key.ts'
import { toHex } from './hex.ts'
import { SignalSeal, type SealParts } from './signal-seal.ts'
import { idOf } from './testing/mesh-world.ts'

const [one, two, three] = [idOf('1'), idOf('2'), idOf('3')]
let drawn = 0
const sealOf = (self: typeof one, parts: Partial<SealParts> = {}): SignalSeal =>
  new SignalSeal({
    self,
    room: 'room',
    groupKey: new Uint8Array(32).fill(7),
    randomBytes: (length) => new Uint8Array(length).fill((drawn += 1)),
    ...parts,
  })

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text)
const hkdf = (key: Uint8Array, salt: string, info: string): Uint8Array =>
  new Uint8Array(hkdfSync('sha256', key, bytesOf(salt), bytesOf(info), 32))

test('[SE1] a sealed signal is what WIRE.md says, with keys by another implementation', () => {
  const groupKey = groupKeyOf('the secret', 'the room')
  expect(toHex(groupKey)).toBe(
    toHex(hkdf(bytesOf('the secret'), 'unanimous group key 1', 'the room')),
  )
  expect(toHex(groupKey)).toBe('292a0b9350e9e41040f751348584ae30bf3886ce4404f1f1335bdd48ca70732c')
  const randomBytes = (length: number): Uint8Array => new Uint8Array(length).fill(5)
  const sealed = sealOf(one, { room: 'the room', groupKey, randomBytes }).seal(two, '{}')
  const bound = bytesOf(`unanimous signal 1\n${one}\n${two}\nthe room`)
  const cipher = xchacha20poly1305(
    hkdf(groupKey, '', 'unanimous signals 1'),
    new Uint8Array(24).fill(5),
    bound,
  )
  const bytes = fromBase64(sealed) ?? new Uint8Array()
  expect(new TextDecoder().decode(cipher.decrypt(bytes.subarray(24)))).toBe('{}')
  expect(sealed).toBe('BQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFFte8E7FvzN32qgjSG6FbbPri')
})

test('[SE1] what is sealed opens where it is meant to, once', () => {
  const reader = sealOf(two)
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (text) => {
      const sealed = sealOf(one).seal(two, text)
      expect(reader.open(one, sealed)).toEqual({ ok: true, text })
      expect(reader.open(one, sealed)).toEqual({ ok: false, why: 'repeated' })
    }),
    { seed: 20_240_507, numRuns: 100 },
  )
})

test.each([
  ['by another than it says', () => sealOf(three).open(two, sealOf(one).seal(three, 'x'))],
  ['for another', () => sealOf(three).open(one, sealOf(one).seal(two, 'x'))],
  ['in another room', () => sealOf(two, { room: 'r' }).open(one, sealOf(one).seal(two, 'x'))],
  [
    'with another secret',
    () => sealOf(two, { groupKey: new Uint8Array(32) }).open(one, sealOf(one).seal(two, 'x')),
  ],
  ['by nobody', () => sealOf(two).open(one, '')],
  ['as text', () => sealOf(two).open(one, '{"v":2,"type":"call"}')],
])('[SE1] what is sealed %s does not open', (_, open) => {
  expect(open()).toEqual({ ok: false, why: 'unreadable' })
})

test('[SE1] one flipped bit anywhere, or one byte less, and it does not open', () => {
  const sealed = fromBase64(sealOf(one).seal(two, 'a short text')) ?? new Uint8Array()
  for (let at = 0; at < sealed.length; at++) {
    const flipped = sealed.map((byte, index) => (index === at ? byte ^ 1 : byte))
    expect(sealOf(two).open(one, toBase64(flipped)).ok).toBe(false)
  }
  expect(sealOf(two).open(one, toBase64(sealed.subarray(0, -1))).ok).toBe(false)
})
