/** Snapshots as bytes: what a frame and a record say of one. Every length is checked before anything is kept. */
import {
  pieceBytesMax,
  pieceSessionsMax,
  sessionAheadMax,
  sessionsMax,
  snapshotBytesMax,
} from '../protocol/limits.ts'
import type { Index, WallMillis } from '../protocol/ids.ts'
import { hashOfState } from '../protocol/snapshot-transfer.ts'
import type { SessionRecord } from '../protocol/sessions.ts'
import type { SnapshotMessage } from '../protocol/snapshot-message.ts'
import type { MachineMark } from '../protocol/log.ts'
import type { Compacted, SnapshotHead } from '../protocol/snapshot-state.ts'
import { Malformed } from './malformed.ts'
import type { Reader } from './reader.ts'
import { packer, unpack } from './reader.ts'
import { packDecided, packVoters, unpackDecided, unpackVoters } from './voters-codec.ts'

const digestForm = /^[0-9a-f]{64}$/

export function packSnapshotMessage(message: SnapshotMessage): unknown[] {
  const { ballot, at } = message
  const head = [ballot.num, ballot.node]
  if (message.type === 'pullSnapshot') return [...head, message.end, at]
  return [...head, packHead(message.head), at, packSessions(message.sessions), message.state]
}

export function unpackSnapshotMessage(
  reader: Reader,
  type: SnapshotMessage['type'],
): SnapshotMessage {
  const ballot = reader.ballot()
  if (type === 'pullSnapshot') return { type, ballot, end: reader.index(), at: reader.count() }
  return {
    ...{ type, ballot, head: unpackHead(reader), at: reader.count() },
    sessions: unpackSessions(reader, pieceSessionsMax),
    state: reader.bytes(pieceBytesMax),
  }
}

/** As the fields of an operation of the journal. */
export const packCompacted = ({ snapshot, base }: Compacted): unknown[] => [
  base,
  packHead(snapshot.head),
  packSessions(snapshot.sessions),
  snapshot.state,
]

/** A snapshot that is not what its head says is none. */
export function unpackCompacted(reader: Reader): Compacted {
  const base = reader.index()
  const head = unpackHead(reader)
  const sessions = unpackSessions(reader, sessionsMax)
  const state = reader.bytes(snapshotBytesMax)
  if (base > head.end) throw new Malformed('a log that begins above its snapshot')
  if (sessions.length !== head.sessionCount) throw new Malformed('not all sessions')
  if (state.length !== head.stateBytes || hashOfState(state) !== head.hash) {
    throw new Malformed('not the state that was stored')
  }
  return { snapshot: { head, sessions, state }, base }
}

function packHead(head: SnapshotHead): Uint8Array {
  const { end, last, configuration, digest, commands, hash, sessionCount, stateBytes } = head
  return packer.encode([
    ...[end, last.ballot.num, last.ballot.node, last.stamp],
    ...[configuration.index, ...packVoters(configuration)],
    ...[digest, commands, hash, sessionCount, stateBytes, head.sessionsFloor],
    ...[head.machine?.index ?? 0, head.machine?.version ?? 0],
    ...packDecided(configuration),
  ])
}

function unpackHead(outer: Reader): SnapshotHead {
  const reader = unpack(outer.bytes(headBytesMax))
  const head: SnapshotHead = {
    ...{ end: reader.index(), last: { ballot: reader.ballot(), stamp: reader.wall() } },
    ...{
      configuration: { index: reader.index(), ...unpackVoters(reader) },
      digest: reader.text(64),
    },
    ...{ commands: reader.count(), hash: reader.hash() },
    ...{ sessionCount: reader.count(sessionsMax), stateBytes: reader.count(snapshotBytesMax) },
    // Absent on disks of the time before sessions expired.
    sessionsFloor: reader.left === 0 ? (0 as Index) : reader.index(),
    // Absent on disks of the time before the version of the machine was decided on.
    machine: reader.left === 0 ? undefined : unpackMark(reader),
  }
  const configuration = { ...head.configuration, ...unpackDecided(reader) }
  reader.end()
  if (head.configuration.index >= head.end) throw new Malformed('a configuration that comes later')
  if ((head.machine?.index ?? 0) >= head.end) throw new Malformed('a version that comes later')
  if (!digestForm.test(head.digest) || head.hash === '') throw new Malformed('not a hash')
  return { ...head, configuration }
}

/** The version 0: none was decided on. */
function unpackMark(reader: Reader): MachineMark | undefined {
  const mark = { index: reader.index(), version: reader.count() }
  return mark.version === 0 ? undefined : mark
}

/** A head is a few numbers, the voters, what people decided about single stores, and those who may be told the secret. */
const headBytesMax: number = 16 * 1024

/** What a list of sessions begins with; without it, it is of the time before they expired. */
const sessionsForm = 1

/** One flat list: author, start, where it was opened, when used, end, how many are ahead, and each of those. */
function packSessions(sessions: readonly SessionRecord[]): Uint8Array {
  const flat = sessions.flatMap(({ author, incarnation, opened, usedAt, end, ahead }) => [
    ...[author, incarnation, opened, usedAt, end, ahead.length],
    ...ahead,
  ])
  return packer.encode([sessionsForm, ...flat])
}

function unpackSessions(outer: Reader, countMax: number): readonly SessionRecord[] {
  const reader = unpack(outer.bytes(Number.MAX_SAFE_INTEGER))
  const sessions: SessionRecord[] = []
  const expiring = typeof reader.peek() === 'number'
  if (expiring && reader.count() !== sessionsForm) throw new Malformed('another form of sessions')
  while (reader.left > 0) {
    if (sessions.length >= countMax) throw new Malformed('too many sessions')
    sessions.push(unpackSession(reader, expiring))
  }
  return sessions
}

function unpackSession(reader: Reader, expiring: boolean): SessionRecord {
  const [author, incarnation] = [reader.replica(), reader.incarnation()]
  const [opened, usedAt] = expiring
    ? [reader.index(), reader.wall()]
    : [0 as Index, 0 as WallMillis]
  const end = reader.count()
  const count = reader.count(sessionAheadMax)
  const ahead: number[] = []
  let last = end
  while (ahead.length < count) {
    last = after(reader.count(), last)
    ahead.push(last)
  }
  return { author, incarnation, opened, usedAt, end, ahead }
}

function after(value: number, last: number): number {
  if (value <= last) throw new Malformed('sessions are not sorted')
  return value
}
