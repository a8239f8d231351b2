/**
 * A store as a journal of records: one record a commit, each with a checksum, its position and its predecessor's checksum,
 * so that a hole, a torn or a rotten record is found before anything that follows it is believed.
 */
import { compareBallots, zeroBallot } from '../protocol/ballot.ts'
import type { Ballot } from '../protocol/ballot.ts'
import type { Entry } from '../protocol/entry.ts'
import type { Armed, DurableEstate, Receipt } from '../protocol/estate.ts'
import type { Incarnation, Index, ReplicaId, VoteId } from '../protocol/ids.ts'
import { oldSecretsMax, secretLengthMax, votesMax } from '../protocol/limits.ts'
import type { Compacted } from '../protocol/snapshot-state.ts'
import type { Rewrite, StorageOp } from '../protocol/storage-op.ts'
import type { Group } from '../membership/founding.ts'
import { crc32 } from './checksum.ts'
import type { EntriesCodec } from './entries-codec.ts'
import type { Reader } from './reader.ts'
import { Malformed } from './malformed.ts'
import { packer, unpack, versionOf } from './reader.ts'
import { packEpoch, packRefounding, unpackRefounding } from './refounding-codec.ts'
import { packCompacted, unpackCompacted } from './snapshot-codec.ts'

/** Raised with every change of a record's form. */
export const journalVersion = 5
/** The oldest that is read: what it knows means the same since. */
const journalVersionMin = 1

const types = [
  ...(['identity', 'join', 'start', 'promise', 'splice', 'decide'] as const),
  ...(['arm', 'votes', 'receipt', 'snapshot', 'secrets'] as const),
] as const
const verdicts = ['held', 'void'] as const
const secretBytes = 32
const headerBytes = 4

/** The store's own operations, beside those of the protocol: `opsOf` says what a rewriting comes to. */
export type JournalOp =
  | Exclude<StorageOp, Rewrite>
  | { readonly type: 'identity'; readonly secret: Uint8Array }
  | ({ readonly type: 'snapshot' } & Compacted)
  /** All secrets of the group that the store knows from here on, the newest last. */
  | { readonly type: 'secrets'; readonly secrets: readonly StoredSecret[] }

/** A secret of the group, and how often it had been changed when it came to this one; empty: of a public room. */
export interface StoredSecret {
  readonly number: number
  readonly secret: string
}

/** Where the next record goes. */
export interface JournalEnd {
  readonly position: number
  readonly checksum: number
}

export const journalStart: JournalEnd = { position: 0, checksum: 0 }

/** What a journal says. */
export interface Contents {
  readonly secret: Uint8Array
  /** Of the group, the newest last; none where it never changed its secret. */
  readonly secrets: readonly StoredSecret[]
  readonly incarnation: Incarnation
  readonly group: Group | undefined
  readonly promised: Ballot
  readonly accepted: Ballot
  /** Undefined: `entries` are the whole log. */
  readonly compacted: Compacted | undefined
  readonly entries: readonly Entry[]
  readonly decidedEnd: Index
  readonly estate: StoredEstate
  readonly end: JournalEnd
}

/** What a store knows that nothing was written to. */
const nothing = {
  secrets: [],
  incarnation: 0 as Incarnation,
  group: undefined,
  promised: zeroBallot,
  accepted: zeroBallot,
  compacted: undefined,
  decidedEnd: 0 as Index,
} as const

/** A store that nothing was written to. */
export const blankContents = (secret: Uint8Array): Contents => ({
  ...nothing,
  secret,
  entries: [],
  estate: { votes: undefined, armed: undefined, receipts: new Map() },
  end: journalStart,
})

/** As `DurableEstate`; a store that never wrote of its votes has the one that it was born with. */
export interface StoredEstate extends Omit<DurableEstate, 'votes'> {
  readonly votes: readonly VoteId[] | undefined
}

export type JournalFailure = { readonly position: number; readonly why: string }

export function encodeRecord(
  ops: readonly JournalOp[],
  end: JournalEnd,
  entries: EntriesCodec,
): { readonly bytes: Uint8Array; readonly end: JournalEnd } {
  const packed = ops.map((op) => [types.indexOf(op.type), ...packOp(op, entries)])
  // The packer's own buffer: copied here, before it is used again.
  const payload = packer.encodeSharedRef([journalVersion, end.position, end.checksum, packed])
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
    case 'join': {
      const { group, epoch, genesis, refounding } = op
      return [group, ...packEpoch(epoch), entries.encode([genesis]), ...packRefounding(refounding)]
    }
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
    case 'arm':
      return op.armed === undefined ? [] : [op.armed.heir, op.armed.incarnation]
    case 'votes':
      return [...op.votes]
    case 'receipt': {
      const { incarnation, verdict, votes } = op.receipt
      return [op.from, incarnation, verdicts.indexOf(verdict), ...votes]
    }
    case 'snapshot':
      return packCompacted(op)
    case 'secrets':
      return op.secrets.flatMap(({ number, secret }) => [number, secret])
  }
}

/** A journal of one record that says the same. */
export function opsOf(contents: Omit<Contents, 'end'>): readonly JournalOp[] {
  const { secret, secrets, group, incarnation, promised, accepted, compacted } = contents
  const { entries, decidedEnd } = contents
  const ops: JournalOp[] = [{ type: 'identity', secret }]
  if (group !== undefined) {
    const { id, epoch, genesis, refounding } = group
    ops.push({ type: 'join', group: id, epoch, genesis, refounding })
  }
  if (incarnation > 0) ops.push({ type: 'start', incarnation })
  if (promised.num > 0) ops.push({ type: 'promise', ballot: promised })
  if (compacted !== undefined) ops.push({ type: 'snapshot', ...compacted })
  if (entries.length > 0 || compacted !== undefined) {
    const from = compacted?.base ?? (0 as Index)
    ops.push({ type: 'splice', from, entries, accepted, decidedEnd })
  }
  const { votes, armed, receipts } = contents.estate
  if (votes !== undefined) ops.push({ type: 'votes', votes })
  if (armed !== undefined) ops.push({ type: 'arm', armed })
  for (const [from, receipt] of receipts) ops.push({ type: 'receipt', from, receipt })
  if (secrets.length > 0) ops.push({ type: 'secrets', secrets })
  return ops
}

interface Folded {
  secret: Uint8Array | undefined
  secrets: readonly StoredSecret[]
  incarnation: Incarnation
  group: Group | undefined
  promised: Ballot
  accepted: Ballot
  compacted: Compacted | undefined
  readonly entries: Entry[]
  decidedEnd: Index
  votes: readonly VoteId[] | undefined
  armed: Armed | undefined
  readonly receipts: Map<ReplicaId, Receipt>
}

/** Reads a whole journal, in order. Undefined: there is none, which is not the same as an empty log. */
export function readJournal(
  records: readonly Uint8Array[],
  entries: EntriesCodec,
): Contents | JournalFailure | undefined {
  if (records.length === 0) return undefined
  const folded: Folded = {
    ...nothing,
    ...{ secret: undefined, entries: [], votes: undefined, armed: undefined, receipts: new Map() },
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
  const { secret, votes, armed, receipts } = folded
  if (secret === undefined) return { position: 0, why: 'no identity' }
  if (folded.decidedEnd < (folded.compacted?.snapshot.head.end ?? 0)) {
    return { position: end.position - 1, why: 'a snapshot of what is not decided' }
  }
  return { ...folded, secret, estate: { votes, armed, receipts }, end }
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
  const version = versionOf(payload)
  if (version !== undefined && (version < journalVersionMin || version > journalVersion)) {
    throw new Malformed(`written by version ${version} of the format, this is ${journalVersion}`)
  }
  const reader = unpack(payload)
  reader.count(journalVersion)
  const position = reader.count()
  const before = reader.count()
  const ops = reader.inner()
  reader.end()
  // One that took the place of all before it says who the store is, and has no predecessor any more.
  const anew = end === journalStart && position > 0
  if (!anew && position !== end.position) throw new Malformed('a record is missing before it')
  if (!anew && before !== end.checksum) throw new Malformed('it does not follow its predecessor')
  const [first] = ops.left > 0 ? [ops.inner()] : []
  if (anew && first?.peek() !== types.indexOf('identity')) {
    throw new Malformed('a record is missing before it')
  }
  if (first !== undefined) foldOp(folded, first, entries)
  while (ops.left > 0) foldOp(folded, ops.inner(), entries)
  return { position: position + 1, checksum }
}

function foldOp(folded: Folded, reader: Reader, entries: EntriesCodec): void {
  const type = reader.oneOf(types)
  switch (type) {
    case 'identity':
      if (folded.secret !== undefined) throw new Malformed('a second identity')
      folded.secret = reader.bytes(secretBytes)
      if (folded.secret.length !== secretBytes) throw new Malformed('not a secret')
      break
    case 'join':
      if (folded.group !== undefined) throw new Malformed('a second group')
      folded.group = readGroup(reader, entries)
      break
    case 'start': {
      const incarnation = reader.incarnation()
      if (incarnation <= folded.incarnation) throw new Malformed('a start that was before')
      folded.incarnation = incarnation
      break
    }
    case 'promise': {
      const promised = reader.ballot()
      if (compareBallots(promised, folded.promised) <= 0) throw new Malformed('a promise went back')
      folded.promised = promised
      break
    }
    case 'splice':
      foldSplice(folded, reader, entries)
      break
    case 'decide':
      foldDecided(folded, reader.index())
      break
    case 'arm':
      folded.armed =
        reader.left === 0
          ? undefined
          : { heir: reader.replica(), incarnation: reader.incarnation() }
      break
    case 'votes':
      folded.votes = votesToEnd(reader)
      break
    case 'receipt':
      foldReceipt(folded, reader)
      break
    case 'snapshot':
      if (folded.entries.length > 0 || folded.compacted !== undefined) {
        throw new Malformed('a snapshot behind a log')
      }
      folded.compacted = unpackCompacted(reader)
      break
    case 'secrets':
      folded.secrets = secretsToEnd(reader)
      break
  }
  reader.end()
}

function secretsToEnd(reader: Reader): readonly StoredSecret[] {
  const secrets: StoredSecret[] = []
  while (reader.left > 0) {
    secrets.push({ number: reader.count(), secret: reader.text(secretLengthMax) })
  }
  if (secrets.length === 0 || secrets.length > oldSecretsMax + 1) throw new Malformed('no secrets')
  return secrets
}

function readGroup(reader: Reader, entries: EntriesCodec): Group {
  const id = reader.group()
  const epoch = reader.epoch()
  const [genesis] = entries.decode(reader.bytes(Number.MAX_SAFE_INTEGER), 1)
  if (id === undefined || genesis?.kind !== 'genesis') throw new Malformed('no genesis')
  return { id, epoch, genesis, refounding: unpackRefounding(reader) }
}

function foldSplice(folded: Folded, reader: Reader, entries: EntriesCodec): void {
  const from = reader.index()
  const base = folded.compacted?.base ?? 0
  if (from > base + folded.entries.length) throw new Malformed('a hole in the log')
  if (from < base) throw new Malformed('begins below the snapshot')
  if (from < folded.decidedEnd) throw new Malformed('cuts off what is decided')
  const bytes = reader.bytes(Number.MAX_SAFE_INTEGER)
  folded.entries.length = from - base
  for (const entry of entries.decode(bytes, Number.MAX_SAFE_INTEGER)) folded.entries.push(entry)
  const accepted = reader.ballot()
  if (compareBallots(accepted, folded.promised) > 0) throw new Malformed('accepted, not promised')
  if (compareBallots(accepted, folded.accepted) < 0) throw new Malformed('an acceptance went back')
  folded.accepted = accepted
  foldDecided(folded, reader.index())
}

function votesToEnd(reader: Reader): readonly VoteId[] {
  const votes: VoteId[] = []
  while (reader.left > 0) votes.push(reader.vote())
  if (votes.length > votesMax) throw new Malformed('too many votes')
  return votes
}

/** A later one of the same store replaces an earlier one, never the other way round. */
function foldReceipt(folded: Folded, reader: Reader): void {
  const from = reader.replica()
  const incarnation = reader.incarnation()
  const before = folded.receipts.get(from)?.incarnation ?? 0
  if (incarnation <= before) throw new Malformed('a receipt that was before')
  const receipt = { incarnation, verdict: reader.oneOf(verdicts), votes: votesToEnd(reader) }
  folded.receipts.set(from, receipt)
}

function foldDecided(folded: Folded, end: Index): void {
  if (end < folded.decidedEnd) throw new Malformed('the decided prefix shrank')
  const base = folded.compacted?.base ?? 0
  if (end > base + folded.entries.length) throw new Malformed('decided beyond the log')
  folded.decidedEnd = end
}
