import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createEntriesCodec } from '../codec/entries-codec.ts'
import type { Entry } from '../protocol/entry.ts'
import { outOfSession } from '../protocol/entry.ts'
import { incarnation, replicaId, wallMillis } from '../protocol/ids.ts'
import { anyEntries } from '../testing/arbitraries.ts'
import type { Digest } from './digest.ts'
import { digestOf } from './digest.ts'

const node = replicaId('a'.repeat(32))
const digest = (entries: readonly Entry[]): Digest => digestOf(entries, createEntriesCodec())

const command = (seq: number): Entry => ({
  ...{ kind: 'command', ballot: { num: 1, node }, stamp: wallMillis(0) },
  ...outOfSession,
  ...{ author: node, incarnation: incarnation(1), seq, command: Uint8Array.of(seq) },
})

describe('a digest', () => {
  it('[RT18] is the same for the same entries, however they came', () => {
    fc.assert(
      fc.property(anyEntries, fc.nat(), (entries, cut) => {
        const codec = createEntriesCodec()
        const at = entries.length === 0 ? 0 : cut % entries.length
        // As they came over the wire, in two batches.
        const batches = [entries.slice(0, at), entries.slice(at)]
        const arrived = batches.flatMap((batch) => codec.decode(codec.encode(batch), 1000))
        expect(digestOf(arrived, codec)).toEqual(digest(entries))
      }),
      { seed: 20, numRuns: 200 },
    )
  })

  it('[RT18] is another one for any other entries', () => {
    const long = Array.from({ length: 3000 }, (_, seq) => command(seq))
    const hashes = [long, long.slice(0, -1), long.toReversed(), long.with(2500, command(7))].map(
      (entries) => digest(entries).hash,
    )
    expect(new Set(hashes).size).toBe(4)
  })

  it('[RT18] counts a command that is there twice once', () => {
    expect(digest([0, 1, 1, 5, 0, 5].map(command))).toMatchObject({ end: 6, commands: 3 })
  })

  it('[RT18] of nothing is that of no bytes', () => {
    expect(digest([])).toEqual({
      ...{ end: 0, commands: 0 },
      hash: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    })
  })
})
