/** A hash over decided entries, byte for byte and in order: two replicas that agree have the same. */
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'
import type { EntriesCodec } from '../codec/entries-codec.ts'
import type { Entry } from '../protocol/entry.ts'
import type { Sessions } from '../protocol/sessions.ts'
import { execute } from '../protocol/sessions.ts'

/** What two people compare to see that their replicas agree. */
export interface Digest {
  /** How many entries are covered. */
  readonly end: number
  /** Different commands among them; a repeated one counts once. */
  readonly commands: number
  /** 64 hex digits. */
  readonly hash: string
}

/** Entries are encoded so many at a time, counted from the first: how they came in batches differs from replica to replica. */
const pieceLength = 1024

export function digestOf(entries: readonly Entry[], codec: EntriesCodec): Digest {
  const hash = sha256.create()
  for (let from = 0; from < entries.length; from += pieceLength) {
    hash.update(codec.encode(entries.slice(from, from + pieceLength)))
  }
  const sessions: Sessions = new Map()
  let commands = 0
  for (const entry of entries) {
    if (entry.kind === 'command' && execute(sessions, entry)) commands += 1
  }
  return { end: entries.length, commands, hash: bytesToHex(hash.digest()) }
}
