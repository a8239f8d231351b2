/** A proposal on the disk of its author, until what came of it is known. Knows bytes, not when they are written. */
import type { Handed } from '../protocol/entry.ts'
import type { ReplicaId } from '../protocol/ids.ts'
import { commandBytesMax } from '../protocol/limits.ts'
import { crc32 } from './checksum.ts'
import { unpackPlace } from './entries-codec.ts'
import { Malformed } from './malformed.ts'
import { packer, unpack, versionOf } from './reader.ts'

/** Raised with every change of a record's form; another one is not read, as if it had been lost. */
const outboxVersion = 1

export function encodeHanded({ incarnation, session, low, seq, command }: Handed): Uint8Array {
  const said = packer.encode([incarnation, session, low, seq, command])
  return packer.encode([outboxVersion, crc32(said), said])
}

/** Undefined: damaged, or of another version; to lose one is always safe. */
export function decodeHanded(bytes: Uint8Array, author: ReplicaId): Handed | undefined {
  if (versionOf(bytes) !== outboxVersion) return undefined
  try {
    const outer = unpack(bytes)
    outer.count(outboxVersion)
    const checksum = outer.count()
    const said = outer.bytes(Number.MAX_SAFE_INTEGER)
    outer.end()
    if (crc32(said) !== checksum) return undefined
    const reader = unpack(said)
    const incarnation = reader.incarnation()
    const place = unpackPlace(reader)
    const [seq, command] = [reader.count(), reader.bytes(commandBytesMax)]
    reader.end()
    return { author, incarnation, ...place, seq, command }
  } catch (error) {
    if (error instanceof Malformed) return undefined
    throw error
  }
}
