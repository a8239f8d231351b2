import { encode } from '@msgpack/msgpack'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Entry } from '../protocol/entry.ts'
import { outOfSession } from '../protocol/entry.ts'
import { incarnation, replicaId, wallMillis } from '../protocol/ids.ts'
import { commandBytesMax } from '../protocol/limits.ts'
import { anyEntries } from '../testing/arbitraries.ts'
import { createEntriesCodec } from './entries-codec.ts'

const node = replicaId('a'.repeat(32))
const nonce = '0'.repeat(32)
const stranger = 'b'.repeat(32)

const command = (seq: number, bytes: Uint8Array): Entry => ({
  kind: 'command',
  ballot: { num: 1, node },
  stamp: wallMillis(5),
  author: node,
  incarnation: incarnation(1),
  ...outOfSession,
  seq,
  command: bytes,
})

const commands = (count: number): readonly Entry[] =>
  Array.from({ length: count }, (_, seq) => command(seq, Uint8Array.of(seq)))

const decode = (value: unknown, countMax = 100): readonly Entry[] =>
  createEntriesCodec().decode(encode(value), countMax)

/** A run of commands as the wire has it, with something about it changed. */
const run = (change: Readonly<Record<number, unknown>> = {}): unknown[] =>
  Object.assign([0, 1, node, 5, node, 1, 0, [1, 2], Uint8Array.of(7, 8, 9)], change)

describe('entries as bytes', () => {
  it('[CO2] survive unchanged and in order', () => {
    fc.assert(
      fc.property(anyEntries, (entries) => {
        const bytes = createEntriesCodec().encode(entries)
        expect(createEntriesCodec().decode(bytes, entries.length)).toEqual(entries)
      }),
      { seed: 2, numRuns: 300 },
    )
  })

  it('[CO2] equal entries are equal bytes', () => {
    fc.assert(
      fc.property(anyEntries, (entries) => {
        const bytes = createEntriesCodec().encode(entries)
        const again = createEntriesCodec().decode(bytes, entries.length)
        expect(createEntriesCodec().encode([...again])).toEqual(bytes)
      }),
      { seed: 3, numRuns: 200 },
    )
  })

  it('[CO10] one list is encoded once, and what was decoded is passed on as it came', () => {
    const codec = createEntriesCodec()
    const entries = commands(3)
    const bytes = codec.encode(entries)
    expect(codec.encode(entries)).toBe(bytes)
    expect(codec.encode([...entries])).not.toBe(bytes)
    expect(codec.encode(codec.decode(bytes, 3))).toBe(bytes)
  })

  it('[CO10] a command costs its bytes and one length beside those of its run', () => {
    const codec = createEntriesCodec()
    const one = codec.encode(commands(1)).length
    expect(codec.encode(commands(101)).length).toBeLessThanOrEqual(one + 100 * 2 + 4)
  })

  it('[CO6] more of them than are allowed are refused, in one run and in many', () => {
    const codec = createEntriesCodec()
    const together = codec.encode(commands(5))
    const apart = codec.encode(commands(10).filter((_, at) => at % 2 === 0))
    for (const bytes of [together, apart]) {
      expect(codec.decode(bytes, 5)).toHaveLength(5)
      expect(() => codec.decode(bytes, 4)).toThrow('too many')
    }
  })

  it('[CO6] a command of the largest size passes, a longer one does not', () => {
    const codec = createEntriesCodec()
    const largest = codec.encode([command(0, new Uint8Array(commandBytesMax))])
    expect(codec.decode(largest, 1)).toHaveLength(1)
    const longer = codec.encode([command(0, new Uint8Array(commandBytesMax + 1))])
    expect(() => codec.decode(longer, 1)).toThrow('not a count within bounds')
  })

  it.each<[string, unknown]>([
    ['lengths that sum up to more than the bytes', [run({ 7: [1, 3] })]],
    ['lengths that sum up to less than the bytes', [run({ 7: [1, 1] })]],
    ['a run of nothing', [run({ 7: [], 8: new Uint8Array() })]],
    ['a length that is no number', [run({ 7: [1, true] })]],
    ['numbers beyond the last safe one', [run({ 6: Number.MAX_SAFE_INTEGER - 1 })]],
    ['a run with something behind it', [[...run(), 0]]],
    ['a run that is cut off', [run().slice(0, -1)]],
    ['a kind that does not exist', [[4, 1, node, 5]]],
    ['an author that is no replica', [run({ 4: 'somebody' })]],
    ['a ballot without a node', [[3, 1, '', 5]]],
    ['a zero ballot with a node', [[3, 0, node, 5]]],
    ['voters that are not sorted', [[2, 1, node, 5, [stranger, node], [0, 0]]]],
    ['a voter that is there twice', [[2, 1, node, 5, [node, node], [0, 0]]]],
    ['no voters', [[2, 1, node, 5, [], []]]],
    ['fewer joins than voters', [[2, 1, node, 5, [node, stranger], [0]]]],
    ['more joins than voters', [[2, 1, node, 5, [node], [0, 0]]]],
    ['a nonce that is not hexadecimal', [[1, 1, node, 5, 'r', node, 'x'.repeat(32)]]],
    ['a room that is too long', [[1, 1, node, 5, 'r'.repeat(129), node, nonce]]],
    ['a number in place of a run', [7]],
    ['a text in place of the list', 'entries'],
  ])('[CO8] %s is refused', (_, value) => {
    expect(() => decode(value)).toThrow(/./)
    expect(() => decode(value)).not.toThrow(TypeError)
  })

  it('[CO8] the same run without a fault is taken', () => {
    expect(decode([run()])).toEqual([command(0, Uint8Array.of(7)), command(1, Uint8Array.of(8, 9))])
  })
})
