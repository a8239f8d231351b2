/** A hash over decided entries, byte for byte and in order: two replicas that agree have the same. */
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'
import type { EntriesCodec } from '../codec/entries-codec.ts'
import type { Entry } from '../protocol/entry.ts'

/** What two people compare to see that their replicas agree. */
export interface Digest {
  /** How many entries are covered. */
  readonly end: number
  /** Different commands among them; a repeated one counts once. */
  readonly commands: number
  /** 64 hex digits. */
  readonly hash: string
}

export function digestOf(entries: readonly Entry[], codec: EntriesCodec): Digest {
  const hash = sha256.create()
  const commands = new Set<string>()
  for (const entry of entries) {
    // One by one: how entries were batched on their way differs from replica to replica.
    hash.update(codec.encode([entry]))
    if (entry.kind === 'command') {
      commands.add(`${entry.author}.${entry.incarnation}.${entry.seq}`)
    }
  }
  return { end: entries.length, commands: commands.size, hash: bytesToHex(hash.digest()) }
}
