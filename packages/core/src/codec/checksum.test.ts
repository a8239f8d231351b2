import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { crc32 } from './checksum.ts'

/** The definition, a bit at a time. */
function crc32BitByBit(bytes: Uint8Array): number {
  let crc = 0xffffffff
  for (const byte of bytes) {
    for (let bit = 0; bit < 8; bit += 1) {
      const carry = (crc ^ (byte >>> bit)) & 1
      crc = (crc >>> 1) ^ (carry === 1 ? 0xedb88320 : 0)
    }
  }
  return (crc ^ 0xffffffff) >>> 0
}

const ascii = (text: string): Uint8Array => new TextEncoder().encode(text)

describe('the checksum of a record', () => {
  it.each([
    ['', 0],
    ['a', 0xe8b7be43],
    ['123456789', 0xcbf43926],
    ['The quick brown fox jumps over the lazy dog', 0x414fa339],
  ])('[JO2] of %j is the published one', (text, expected) => {
    expect(crc32(ascii(text))).toBe(expected)
  })

  it('[JO2] agrees with the definition, wherever the bytes lie in their buffer', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 70 }), fc.nat(5), (bytes, offset) => {
        const shifted = new Uint8Array(offset + bytes.length + 3).fill(0xaa)
        shifted.set(bytes, offset)
        const view = shifted.subarray(offset, offset + bytes.length)
        expect(crc32(view)).toBe(crc32BitByBit(bytes))
      }),
      { seed: 1 },
    )
  })
})
