/** A hash over decided entries, byte for byte and in order: two replicas that agree have the same. */
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js'
import type { EntriesCodec } from '../codec/entries-codec.ts'
import type { Entry } from '../protocol/entry.ts'
import type { Index } from '../protocol/ids.ts'
import { sliceOfLog } from '../protocol/log.ts'
import { execute, loadSessions, noSessions } from '../protocol/sessions.ts'
import type { Snapshot } from '../protocol/snapshot-state.ts'
import type { ProtocolState } from '../protocol/state.ts'

/** What two people compare to see that their replicas agree. */
export interface Digest {
  /** How many entries are covered. */
  readonly end: number
  /** Different commands among them; a repeated one counts once. */
  readonly commands: number
  /** 64 hex digits. */
  readonly hash: string
}

/** Over the first `end` decided entries: over all when there are fewer, over those that are summed up when it is less than that. */
export function digestUpTo(state: ProtocolState, end: number, codec: EntriesCodec): Digest {
  const { log, snapshots, decidedEnd } = state
  const known = [snapshots.last, snapshots.previous].filter((each) => each !== undefined)
  const below = known.find(({ head }) => head.end <= end)
  const begin = below ?? (log.base > 0 ? known.at(-1) : undefined)
  const from = begin?.head.end ?? (0 as Index)
  const until = Math.max(from, Math.min(end, decidedEnd)) as Index
  return digestOf(sliceOfLog(log, from, until), codec, begin)
}

/** `before`: what the entries below sum up to; undefined when there are none. Each hash is over the one before and one entry. */
export function digestOf(
  entries: readonly Entry[],
  codec: EntriesCodec,
  before?: Pick<Snapshot, 'head' | 'sessions'>,
): Digest {
  const sessions = noSessions()
  if (before !== undefined) loadSessions(sessions, before.sessions, before.head.sessionsFloor)
  let hash = before === undefined ? new Uint8Array() : hexToBytes(before.head.digest)
  let commands = before?.head.commands ?? 0
  let at = before?.head.end ?? 0
  for (const entry of entries) {
    hash = sha256
      .create()
      .update(hash)
      .update(codec.encode([entry]))
      .digest()
    if (entry.kind === 'command' && execute(sessions, entry, at as Index) === 'runs') commands += 1
    at += 1
  }
  return { end: at, commands, hash: bytesToHex(hash.length === 0 ? sha256(hash) : hash) }
}
