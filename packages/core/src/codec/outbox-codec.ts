/** Proposals on the disk of their author, until what came of them is known. Knows bytes, not when they are written. */
import type { Handed } from '../protocol/entry.ts'
import type { ReplicaId } from '../protocol/ids.ts'
import { commandBytesMax } from '../protocol/limits.ts'
import { crc32 } from './checksum.ts'
import { unpackPlace } from './entries-codec.ts'
import { Malformed } from './malformed.ts'
import { packer, unpack, versionOf } from './reader.ts'

/** Raised with every change of a record's form; another one is not read, as if it had been lost. */
const outboxVersion = 2

const keyLengthMax = 64

/** Proposals that were asked for together, and the key of the record that they are in. */
export interface Bundle {
  readonly key: string
  readonly handed: readonly Handed[]
}

export function encodeBundle({ key, handed }: Bundle): Uint8Array {
  const fields = handed.flatMap(({ incarnation, session, low, seq, command }) => [
    ...[incarnation, session, low, seq, command],
  ])
  const said = packer.encode([key, ...fields])
  return packer.encode([outboxVersion, crc32(said), said])
}

/** Undefined: damaged, or of another version; to lose one is always safe. */
export function decodeBundle(bytes: Uint8Array, author: ReplicaId): Bundle | undefined {
  if (versionOf(bytes) !== outboxVersion) return undefined
  try {
    const outer = unpack(bytes)
    outer.count(outboxVersion)
    const checksum = outer.count()
    const said = outer.bytes(Number.MAX_SAFE_INTEGER)
    outer.end()
    if (crc32(said) !== checksum) return undefined
    const reader = unpack(said)
    const key = reader.text(keyLengthMax)
    const handed: Handed[] = []
    while (reader.left > 0) {
      const incarnation = reader.incarnation()
      const place = unpackPlace(reader)
      const [seq, command] = [reader.count(), reader.bytes(commandBytesMax)]
      handed.push({ author, incarnation, ...place, seq, command })
    }
    return { key, handed }
  } catch (error) {
    if (error instanceof Malformed) return undefined
    throw error
  }
}
