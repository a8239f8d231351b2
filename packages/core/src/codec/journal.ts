/**
 * A store as a journal of records: one record a commit, each with a checksum, its position and its predecessor's checksum,
 * so that a hole, a torn or a rotten record is found before anything that follows it is believed.
 */
import type { GenesisEntry } from '../protocol/entry.ts'
import { zeroBallot } from '../protocol/ballot.ts'
import type { Ballot } from '../protocol/ballot.ts'
import type { Entry } from '../protocol/entry.ts'
import type { Incarnation, Index } from '../protocol/ids.ts'
import type { StorageOp } from '../protocol/storage-op.ts'
import type { Group } from '../membership/founding.ts'
import { crc32 } from './checksum.ts'
import type { EntriesCodec } from './entries-codec.ts'
import type { Reader } from './reader.ts'
import { Malformed, packer, unpack } from './reader.ts'

/** Raised with every change of a record's form. */
export const journalVersion = 1

const types = ['identity', 'join', 'start', 'promise', 'splice', 'decide'] as const
const secretBytes = 32
const headerBytes = 4

/** The store's own first operation, beside those of the protocol. */
export type JournalOp = StorageOp | { readonly type: 'identity'; readonly secret: Uint8Array }

/** Where the next record goes. */
export interface JournalEnd {
  readonly position: number
  readonly checksum: number
}

export const journalStart: JournalEnd = { position: 0, checksum: 0 }

/** What a journal says. */
export interface Contents {
  readonly secret: Uint8Array
  readonly incarnation: Incarnation
  readonly group: Group | undefined
  readonly promised: Ballot
  readonly accepted: Ballot
  readonly entries: readonly Entry[]
  readonly decidedEnd: Index
  readonly end: JournalEnd
}

export type JournalFailure = { readonly position: number; readonly why: string }

export function encodeRecord(
  ops: readonly JournalOp[],
  end: JournalEnd,
  entries: EntriesCodec,
): { readonly bytes: Uint8Array; readonly end: JournalEnd } {
  const packed = ops.map((op) => [types.indexOf(op.type), ...packOp(op, entries)])
  const payload = packer.encode([journalVersion, end.position, end.checksum, packed])
  const checksum = crc32(payload)
  const bytes = new Uint8Array(headerBytes + payload.length)
  new DataView(bytes.buffer).setUint32(0, checksum)
  bytes.set(payload, headerBytes)
  return { bytes, end: { position: end.position + 1, checksum } }
}

function packOp(op: JournalOp, entries: EntriesCodec): unknown[] {
  switch (op.type) {
    case 'identity':
      return [op.secret]
    case 'join':
      return [op.group, op.epoch.number, op.epoch.id, entries.encode([op.genesis])]
    case 'start':
      return [op.incarnation]
    case 'promise':
      return [op.ballot.num, op.ballot.node]
    case 'splice': {
      const { from, accepted, decidedEnd } = op
      return [from, entries.encode(op.entries), accepted.num, accepted.node, decidedEnd]
    }
    case 'decide':
      return [op.decidedEnd]
  }
}

interface Folded {
  secret: Uint8Array | undefined
  incarnation: Incarnation
  group: Group | undefined
  promised: Ballot
  accepted: Ballot
  readonly entries: Entry[]
  decidedEnd: Index
}

/** Reads a whole journal, in order. Undefined: there is none, which is not the same as an empty log. */
export function readJournal(
  records: readonly Uint8Array[],
  entries: EntriesCodec,
): Contents | JournalFailure | undefined {
  if (records.length === 0) return undefined
  const folded: Folded = {
    secret: undefined,
    incarnation: 0 as Incarnation,
    group: undefined,
    promised: zeroBallot,
    accepted: zeroBallot,
    entries: [],
    decidedEnd: 0 as Index,
  }
  let end = journalStart
  for (const record of records) {
    try {
      end = foldRecord(folded, record, { end, entries })
    } catch (error) {
      if (error instanceof Malformed) return { position: end.position, why: error.message }
      throw error
    }
  }
  const { secret } = folded
  if (secret === undefined) return { position: 0, why: 'no identity' }
  return { ...folded, secret, end }
}

function foldRecord(
  folded: Folded,
  record: Uint8Array,
  { end, entries }: { end: JournalEnd; entries: EntriesCodec },
): JournalEnd {
  if (record.length < headerBytes) throw new Malformed('torn')
  const payload = record.subarray(headerBytes)
  const checksum = crc32(payload)
  const stated = new DataView(record.buffer, record.byteOffset, headerBytes).getUint32(0)
  if (stated !== checksum) throw new Malformed('wrong checksum')
  const reader = unpack(payload)
  const version = reader.count()
  if (version !== journalVersion) {
    throw new Malformed(`written by version ${version} of the format, this is ${journalVersion}`)
  }
  if (reader.count() !== end.position) throw new Malformed('a record is missing before it')
  if (reader.count() !== end.checksum) throw new Malformed('it does not follow its predecessor')
  const ops = reader.inner()
  reader.end()
  while (ops.left > 0) foldOp(folded, ops.inner(), entries)
  return { position: end.position + 1, checksum }
}

function foldOp(folded: Folded, reader: Reader, entries: EntriesCodec): void {
  const type = reader.oneOf(types)
  switch (type) {
    case 'identity':
      folded.secret = reader.bytes(secretBytes)
      break
    case 'join': {
      const id = reader.group()
      const epoch = reader.epoch()
      const [genesis] = entries.decode(reader.bytes(Number.MAX_SAFE_INTEGER), 1)
      if (id === undefined || genesis?.kind !== 'genesis') throw new Malformed('no genesis')
      folded.group = { id, epoch, genesis: genesis satisfies GenesisEntry }
      break
    }
    case 'start':
      folded.incarnation = reader.incarnation()
      break
    case 'promise':
      folded.promised = reader.ballot()
      break
    case 'splice': {
      const from = reader.index()
      if (from > folded.entries.length) throw new Malformed('a hole in the log')
      const bytes = reader.bytes(Number.MAX_SAFE_INTEGER)
      folded.entries.length = from
      for (const entry of entries.decode(bytes, Number.MAX_SAFE_INTEGER)) folded.entries.push(entry)
      folded.accepted = reader.ballot()
      folded.decidedEnd = reader.index()
      break
    }
    case 'decide':
      folded.decidedEnd = reader.index()
      break
  }
  reader.end()
  if (folded.decidedEnd > folded.entries.length) throw new Malformed('decided beyond the log')
}
