/** Messages as bytes, and back: the trust boundary. `decode` gives a frame or a reason, whatever the bytes are. */
import { assertNever } from '../base/assert.ts'
import type { GroupName } from '../protocol/ids.ts'
import { firstEpoch } from '../protocol/ids.ts'
import {
  batchEntriesMax,
  hopsMax,
  keyBytes,
  presenceBytesMax,
  roomLengthMax,
  sealBytes,
} from '../protocol/limits.ts'
import type { Beacon, Message, Relayed } from '../protocol/message.ts'
import {
  isAboutSnapshots,
  isAboutTree,
  isAskMessage,
  isAskType,
  isPayload,
  isSnapshotType,
  isTreeType,
  isWill,
  isWillType,
} from '../protocol/message-kinds.ts'
import type { Frame } from '../replica/input.ts'
import { packAsk, unpackAsk } from './ask-codec.ts'
import { packBeacon, packWord, two, unpackBeacon } from './beacon-codec.ts'
import type { EntriesCodec } from './entries-codec.ts'
import { packBytes, unpackBatch, unpackPlace } from './entries-codec.ts'
import type { Reader } from './reader.ts'
import { Malformed } from './malformed.ts'
import { types } from './message-types.ts'
import { packWill, unpackWill } from './will-codec.ts'
import { packer, unpack, versionOf } from './reader.ts'
import { packEpoch, packRefounding, unpackRefounding } from './refounding-codec.ts'
import { packSnapshotMessage, unpackSnapshotMessage } from './snapshot-codec.ts'
import { packTree, unpackTree } from './tree-codec.ts'

/** Raised with every change of a frame's form; two versions do not talk to each other yet. */
export const wireVersion = 5

/** The largest that is sent takes half of it: a full batch whose entries are all of different authors. */
export const messageBytesMax: number = 2 * 1024 * 1024

export type DecodeFailure = 'tooLarge' | 'malformed' | 'otherVersion'

export type Decoded =
  | { readonly ok: true; readonly frame: Frame }
  | { readonly ok: false; readonly why: DecodeFailure; readonly detail: string }

export interface MessageCodec {
  /** `group`: the sender's, undefined while it is in none. */
  encode(message: Message, group: GroupName | undefined): Uint8Array
  decode(bytes: Uint8Array): Decoded
  /** What of a message stays as its author said it, on whatever way: the same bytes from equal messages. */
  word(message: Beacon | Relayed, group: GroupName | undefined): Uint8Array
}

export function createMessageCodec(entries: EntriesCodec): MessageCodec {
  return {
    encode(message, group) {
      return packer.encode([...packHead(message, group), ...pack(message, entries)])
    },
    word(message, group) {
      const head = packHead(message, group)
      if (message.type === 'beacon') return packer.encode([...head, ...packWord(message)])
      const { path, incarnation, number: count, message: payload } = message
      const way = [path, incarnation, count, types.indexOf(payload.type)]
      return packer.encode([...head, ...way, ...pack(payload, entries)])
    },
    decode(bytes) {
      if (bytes.length > messageBytesMax) {
        return { ok: false, why: 'tooLarge', detail: `${bytes.length} bytes` }
      }
      try {
        return decodeFrame(bytes, entries)
      } catch (error) {
        if (error instanceof Malformed)
          return { ok: false, why: 'malformed', detail: error.message }
        throw error
      }
    },
  }
}

const packHead = ({ type }: Message, group: GroupName | undefined): readonly unknown[] => [
  ...[wireVersion, group?.id ?? '', ...packEpoch(group?.epoch ?? firstEpoch), types.indexOf(type)],
]

function decodeFrame(bytes: Uint8Array, entries: EntriesCodec): Decoded {
  const version = versionOf(bytes)
  if (version !== undefined && version !== wireVersion) {
    return { ok: false, why: 'otherVersion', detail: `version ${version}, ours is ${wireVersion}` }
  }
  const reader = unpack(bytes)
  reader.count(wireVersion)
  const group = reader.group()
  const epoch = reader.epoch()
  const message = unpackMessage(reader, entries)
  reader.end()
  return { ok: true, frame: { group, epoch, message } }
}

function pack(message: Message, entries: EntriesCodec): unknown[] {
  if (isSmall(message)) return packSmall(message)
  if (isWill(message)) return packWill(message, entries)
  if (isAboutSnapshots(message)) return packSnapshotMessage(message)
  if (isAboutTree(message)) return packTree(message, entries)
  if (isAskMessage(message)) return packAsk(message)
  switch (message.type) {
    case 'beacon':
      return packBeacon(message)
    case 'gossip':
      return [message.origin, message.hops, ...packBeacon(message.beacon)]
    case 'relayed': {
      const { path, at, incarnation, number, seal, key, message: payload } = message
      const head = [path, at, incarnation, number, seal, key]
      return [...head, types.indexOf(payload.type), ...pack(payload, entries)]
    }
    case 'prepare': {
      const { ballot, votes, configIndex, accepted, logEnd, decidedEnd } = message
      return [...two(ballot), votes, configIndex, ...two(accepted), logEnd, decidedEnd]
    }
    case 'promised': {
      const { ballot, votes, accepted, logEnd, decidedEnd, tailFrom, summed, tail } = message
      const ends = [logEnd, decidedEnd, tailFrom]
      const report = [...two(accepted), ...ends, summed, entries.encode(tail)]
      return [...two(ballot), votes, ...report]
    }
    case 'pull':
      return [...two(message.ballot), message.from, message.end]
    case 'chunk': {
      const { ballot, accepted, from } = message
      return [...two(ballot), ...two(accepted), from, entries.encode(message.entries)]
    }
    case 'acceptSync': {
      const { ballot, base, from, summed, total, decidedEnd } = message
      const encoded = entries.encode(message.entries)
      return [...two(ballot), ...two(base), from, summed, total, encoded, decidedEnd]
    }
    case 'accept': {
      const { ballot, from, decidedEnd } = message
      return [...two(ballot), from, entries.encode(message.entries), decidedEnd]
    }
    default:
      return assertNever(message)
  }
}

/** Few fields each, and no entries. */
const smallTypes = [
  'accepted',
  'gap',
  'nack',
  'decide',
  'propose',
  'readProbe',
  'readAck',
  'readIndex',
  'readIndexReply',
  'takeOver',
  'join',
  'leave',
  'left',
  'welcome',
  'presence',
  'probe',
  'probeAck',
] as const satisfies readonly Message['type'][]

type Small = Extract<Message, { type: (typeof smallTypes)[number] }>

const isSmallType = (type: Message['type']): type is Small['type'] =>
  (smallTypes as readonly Message['type'][]).includes(type)

const isSmall = (message: Message): message is Small => isSmallType(message.type)

function packSmall(message: Small): unknown[] {
  switch (message.type) {
    case 'accepted':
      return [...two(message.ballot), message.votes, message.logEnd, message.decidedEnd]
    case 'gap':
      return [...two(message.ballot), message.logEnd]
    case 'nack':
      return [...two(message.ballot), message.votes, ...two(message.promised)]
    case 'decide':
      return [...two(message.ballot), message.decidedEnd]
    case 'propose': {
      const { author, incarnation, session, low, seq, commands } = message
      return [author, incarnation, session, low, seq, ...packBytes(commands)]
    }
    case 'takeOver':
      return two(message.ballot)
    case 'presence':
      return [message.incarnation, message.seq, message.shown]
    case 'welcome': {
      const { genesis, voters, decidedEnd, refounding } = message
      const { ballot, stamp, room, founder, nonce } = genesis
      const founded = [...two(ballot), stamp, room, founder, nonce]
      return [...founded, voters, decidedEnd, ...packRefounding(refounding)]
    }
    case 'readProbe':
      return [...two(message.ballot), message.round]
    case 'readAck':
      return [...two(message.ballot), message.round, message.votes]
    case 'readIndex':
      return [message.incarnation, message.question]
    case 'readIndexReply':
      return [message.incarnation, message.question, message.index]
    case 'probe':
      return [message.id]
    case 'probeAck':
      return [message.id, ...two(message.followed), message.votes]
    case 'join':
    case 'leave':
    case 'left':
      return []
  }
}

function unpackMessage(reader: Reader, entries: EntriesCodec): Message {
  const type = reader.oneOf(types)
  if (isSmallType(type)) return unpackSmall(reader, type)
  const batch = (): ReturnType<EntriesCodec['decode']> =>
    entries.decode(reader.bytes(messageBytesMax), batchEntriesMax)
  if (isWillType(type)) return unpackWill(reader, type, batch)
  if (isSnapshotType(type)) return unpackSnapshotMessage(reader, type)
  if (isTreeType(type)) return unpackTree(reader, type, batch)
  if (isAskType(type)) return unpackAsk(reader, type)
  switch (type) {
    case 'beacon':
      return unpackBeacon(reader)
    case 'gossip':
      return {
        ...{ type, origin: reader.replica(), hops: reader.count(hopsMax) },
        beacon: unpackBeacon(reader),
      }
    case 'relayed':
      return unpackRelayed(reader, entries)
    case 'prepare':
      return checkPrepare({
        ...{ type, ballot: reader.ballot(), votes: reader.votes(), configIndex: reader.index() },
        ...{ accepted: reader.ballot(), logEnd: reader.index(), decidedEnd: reader.index() },
      })
    case 'promised':
      return {
        ...{ type, ballot: reader.ballot(), votes: reader.votes(), accepted: reader.ballot() },
        ...{ logEnd: reader.index(), decidedEnd: reader.index(), tailFrom: reader.index() },
        ...{ summed: reader.flag(), tail: batch() },
      }
    case 'pull':
      return { type, ballot: reader.ballot(), from: reader.index(), end: reader.index() }
    case 'chunk':
      return {
        ...{ type, ballot: reader.ballot(), accepted: reader.ballot(), from: reader.index() },
        entries: batch(),
      }
    case 'acceptSync':
      return {
        ...{ type, ballot: reader.ballot(), base: reader.ballot(), from: reader.index() },
        ...{ summed: reader.flag(), total: reader.index(), entries: batch() },
        decidedEnd: reader.index(),
      }
    case 'accept':
      return {
        ...{ type, ballot: reader.ballot(), from: reader.index() },
        ...{ entries: batch(), decidedEnd: reader.index() },
      }
    default:
      return assertNever(type)
  }
}

function unpackSmall(reader: Reader, type: Small['type']): Message {
  switch (type) {
    case 'accepted':
      return {
        ...{ type, ballot: reader.ballot(), votes: reader.votes() },
        ...{ logEnd: reader.index(), decidedEnd: reader.index() },
      }
    case 'gap':
      return { type, ballot: reader.ballot(), logEnd: reader.index() }
    case 'nack':
      return { type, ballot: reader.ballot(), votes: reader.votes(), promised: reader.ballot() }
    case 'decide':
      return { type, ballot: reader.ballot(), decidedEnd: reader.index() }
    case 'propose':
      return {
        ...{ type, author: reader.replica(), incarnation: reader.incarnation() },
        ...unpackPlace(reader),
        ...unpackBatch(reader, batchEntriesMax),
      }
    case 'takeOver':
      return { type, ballot: reader.ballot() }
    case 'presence':
      return {
        ...{ type, incarnation: reader.incarnation(), seq: reader.count() },
        shown: reader.bytes(presenceBytesMax),
      }
    case 'welcome': {
      const [ballot, stamp, room] = [reader.ballot(), reader.wall(), reader.text(roomLengthMax)]
      const [founder, nonce] = [reader.replica(), reader.text(32)]
      const genesis = { kind: 'genesis', ballot, stamp, room, founder, nonce } as const
      return {
        ...{ type, genesis, voters: reader.count(), decidedEnd: reader.index() },
        refounding: unpackRefounding(reader),
      }
    }
    case 'readProbe':
      return { type, ballot: reader.ballot(), round: reader.count() }
    case 'readAck':
      return { type, ballot: reader.ballot(), round: reader.count(), votes: reader.votes() }
    case 'readIndex':
      return { type, incarnation: reader.incarnation(), question: reader.count() }
    case 'readIndexReply':
      return {
        ...{ type, incarnation: reader.incarnation(), question: reader.count() },
        index: reader.index(),
      }
    case 'probe':
      return { type, id: reader.count() }
    case 'probeAck':
      return { type, id: reader.count(), followed: reader.ballot(), votes: reader.votes() }
    case 'join':
    case 'leave':
    case 'left':
      return { type }
  }
}

/** What is decided is a prefix of what is there. */
function checkPrepare<T extends { logEnd: number; decidedEnd: number }>(message: T): T {
  if (message.decidedEnd > message.logEnd) throw new Malformed('decided more than it holds')
  return message
}

function unpackRelayed(reader: Reader, entries: EntriesCodec): Relayed {
  const path = reader.replicas(hopsMax + 1)
  const at = reader.count(path.length - 1)
  // A path that comes by one store twice is no shortest one, and one of two stores is a link.
  if (path.length < 3 || new Set(path).size < path.length) throw new Malformed('not a path')
  if (at === 0) throw new Malformed('a frame for its own sender')
  const [incarnation, number] = [reader.incarnation(), reader.count()]
  const seal = reader.bytes(sealBytes)
  if (seal.length !== 0 && seal.length !== sealBytes) throw new Malformed('not a seal')
  const key = reader.bytes(keyBytes)
  if (key.length !== 0 && key.length !== keyBytes) throw new Malformed('not a key')
  const message = unpackMessage(reader, entries)
  if (!isPayload(message)) throw new Malformed(`${message.type} takes no way through others`)
  return { type: 'relayed', path, at, incarnation, number, seal, key, message }
}
