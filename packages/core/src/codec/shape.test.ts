import { encode } from '@msgpack/msgpack'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Malformed } from './malformed.ts'
import { checkShape } from './shape.ts'

const bytesOf = (...values: readonly number[]): Uint8Array => Uint8Array.from(values)

/** Numbers, truths, texts, bytes, and lists of them. */
const anyLeaf = fc.oneof(
  fc.maxSafeNat(),
  fc.nat(300),
  fc.boolean(),
  fc.string({ maxLength: 40 }),
  fc.integer({ min: 250, max: 260 }).map((length) => 'x'.repeat(length)),
  fc.uint8Array({ maxLength: 300 }),
)
const anyList = fc.array(anyLeaf, { maxLength: 40 })
const anySent = fc.array(
  fc.oneof(anyLeaf, anyList, fc.array(fc.oneof(anyLeaf, anyList), { maxLength: 4 })),
  { maxLength: 20 },
)

describe('the shape of what comes', () => {
  it('[CO4] is right for everything of the kinds that are sent', () => {
    fc.assert(
      fc.property(anySent, (value) => checkShape(encode(value))),
      { seed: 4, numRuns: 300 },
    )
  })

  it('[CO4] is wrong for every beginning of a value, and for every value with more behind it', () => {
    fc.assert(
      fc.property(anySent, fc.nat(), (value, at) => {
        const bytes = encode(value)
        expect(() => checkShape(bytes.subarray(0, at % bytes.length))).toThrow(Malformed)
        expect(() => checkShape(Uint8Array.from([...bytes, 0]))).toThrow(Malformed)
      }),
      { seed: 5, numRuns: 200 },
    )
  })

  it.each([
    ['a list of 65 535 that is not there', bytesOf(0xdc, 0xff, 0xff)],
    ['a list of 4 294 967 295 that is not there', bytesOf(0xdd, 0xff, 0xff, 0xff, 0xff)],
    ['bytes that are not there', bytesOf(0x91, 0xc6, 0xff, 0xff, 0xff, 0xff, 0)],
    ['a text that is not there', bytesOf(0x91, 0xda, 0xff, 0xff)],
    ['a length that is cut off', bytesOf(0x91, 0xc5, 0x01)],
    ['lists in lists in lists in lists', bytesOf(0x91, 0x91, 0x91, 0x91, 0)],
    ['a map', bytesOf(0x91, 0x81, 0, 0)],
    ['a long map', bytesOf(0x91, 0xde, 0, 1, 0, 0)],
    ['nothing', bytesOf(0x91, 0xc0)],
    ['an extension', bytesOf(0x91, 0xd4, 1, 0)],
    ['a fraction', bytesOf(0x91, 0xca, 0, 0, 0, 0)],
    ['a negative number', bytesOf(0x91, 0xff)],
    ['no bytes at all', bytesOf()],
  ])('[CO4] is wrong for %s', (_, bytes) => {
    expect(() => checkShape(bytes)).toThrow(Malformed)
  })

  it('[CO4] a list that claims too much is refused before its elements are looked at', () => {
    const claims = new Uint8Array(300_000).fill(0xdd)
    expect(() => checkShape(claims)).toThrow('shorter than it says')
  })
})
