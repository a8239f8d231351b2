/** Any entry, any message, any change of a log, for property tests. Knows what is well formed, not what makes sense. */
import fc from 'fast-check'
import { acts, answers } from '../protocol/ask-message.ts'
import type { Ballot } from '../protocol/ballot.ts'
import { zeroBallot } from '../protocol/ballot.ts'
import type { CommandEntry, Entry, GenesisEntry } from '../protocol/entry.ts'
import type {
  Epoch,
  GroupId,
  GroupName,
  Incarnation,
  Index,
  ReplicaId,
  VoteId,
} from '../protocol/ids.ts'
import { incarnation, index, ownVote, replicaId, wallMillis } from '../protocol/ids.ts'
import {
  boxBytes,
  hopsMax,
  keyBytes,
  machineVersionsMax,
  peersMax,
  presenceBytesMax,
  roomLengthMax,
  sealBytes,
  tagBytes,
  treeDepthMax,
  treeFanOut,
  tripClassMax,
  votersMax,
  votesMax,
  vouchedMax,
} from '../protocol/limits.ts'
import type { Beacon, Message, Vouch } from '../protocol/message.ts'
import { noVouch } from '../protocol/message.ts'
import type { Boxes } from '../protocol/rotation.ts'
import type { Snapshot } from '../protocol/snapshot-state.ts'
import type { Parts } from './snapshot-arbitraries.ts'
import {
  anyRotationOf,
  anySnapshotOf,
  anyWishesOf,
  snapshotArbitrariesOf,
} from './snapshot-arbitraries.ts'

const hex = (digits: number): fc.Arbitrary<string> =>
  fc.string({
    unit: fc.constantFrom(...Array.from('0123456789abcdef')),
    minLength: digits,
    maxLength: digits,
  })

/** Few of them, so that two are often the same. */
const nodes = ['0', '7', 'a', 'f'].map((digit) => replicaId(digit.repeat(32)))

export const anyReplica: fc.Arbitrary<ReplicaId> = fc.oneof(
  fc.constantFrom(...nodes),
  hex(32).map(replicaId),
)
export const anyVote: fc.Arbitrary<VoteId> = fc.oneof(
  anyReplica.map(ownVote),
  fc
    .tuple(anyReplica, fc.integer({ min: 1, max: 70_000 }))
    .map(([id, start]) => `${id}~${start}` as VoteId),
)
export const anyIndex: fc.Arbitrary<Index> = fc.oneof(fc.nat(300), fc.maxSafeNat()).map(index)
export const anyIncarnation: fc.Arbitrary<Incarnation> = fc.nat(70_000).map(incarnation)
export const anyBallot: fc.Arbitrary<Ballot> = fc.oneof(
  fc.constant(zeroBallot),
  fc.record({ num: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }), node: anyReplica }),
)

const anyStamp = fc.maxSafeNat().map(wallMillis)
const anyVotes = fc.array(anyVote, { maxLength: votersMax })
const anyRoom = fc.string({ unit: 'binary', maxLength: roomLengthMax / 2 })
const anyCommand = fc.oneof(
  fc.uint8Array({ maxLength: 40 }),
  fc.integer({ min: 250, max: 260 }).map((length) => new Uint8Array(length).fill(7)),
)

export const anyGenesis: fc.Arbitrary<GenesisEntry> = fc.record({
  kind: fc.constant('genesis'),
  ballot: anyBallot,
  stamp: anyStamp,
  room: anyRoom,
  founder: anyReplica,
  nonce: hex(32),
})

const anyCommandEntry: fc.Arbitrary<CommandEntry> = fc.record({
  kind: fc.constant('command'),
  ballot: fc.constantFrom<Ballot[]>(...nodes.map((node) => ({ num: 3, node }))),
  stamp: fc.nat(1).map(wallMillis),
  author: fc.constantFrom(...nodes),
  incarnation: fc.integer({ min: 1, max: 2 }).map(incarnation),
  seq: fc.nat(3),
  session: fc.nat(2).map(index),
  low: fc.constant(0),
  command: anyCommand,
})

const anyBoxes: fc.Arbitrary<Boxes> = fc
  .record({
    key: fc.uint8Array({ minLength: keyBytes, maxLength: keyBytes }),
    stores: fc.uniqueArray(anyReplica, { minLength: 1, maxLength: votersMax }),
    sealed: fc.uint8Array({ minLength: boxBytes, maxLength: boxBytes }),
  })
  .map(({ key, stores, sealed }) => ({
    key,
    boxes: stores.sort().map((store) => ({ store, sealed })),
  }))

const anyConfig: fc.Arbitrary<Entry> = fc
  .record({
    ballot: anyBallot,
    stamp: anyStamp,
    joined: fc.uniqueArray(fc.tuple(anyVote, anyIndex), {
      selector: ([vote]) => vote,
      minLength: 1,
      maxLength: votersMax,
    }),
    wishes: anyWishesOf(anyReplica),
    rotation: anyRotationOf(anyReplica),
    boxes: fc.option(anyBoxes, { nil: undefined }),
  })
  .map(({ ballot, stamp, joined, wishes, rotation, boxes }) => {
    const voters = joined.map(([vote]) => vote).sort()
    const joins = Object.fromEntries(joined)
    const wanted = wishes.length > 0 && { wishes }
    const secret = rotation && { rotation, ...(boxes && { boxes }) }
    return { kind: 'config', ballot, stamp, voters, joins, ...wanted, ...secret }
  })

const anyVersion = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER })
const anyVersions = fc
  .uniqueArray(anyVersion, { maxLength: machineVersionsMax })
  .map((versions) => versions.sort((a, b) => a - b))

const anyNoop: fc.Arbitrary<Entry> = fc.record({
  kind: fc.constant('noop'),
  ballot: anyBallot,
  stamp: anyStamp,
})

const anyMachine: fc.Arbitrary<Entry> = fc.record({
  kind: fc.constant('machine'),
  ballot: anyBallot,
  stamp: anyStamp,
  version: anyVersion,
})

/** Several commands that may travel as one run. */
const anyRun = fc
  .tuple(anyCommandEntry, fc.array(anyCommand, { minLength: 1, maxLength: 6 }))
  .map(([first, commands]): Entry[] =>
    commands.map((command, offset) => ({ ...first, seq: first.seq + offset, command })),
  )

export const anyEntries: fc.Arbitrary<readonly Entry[]> = fc
  .array(
    fc.oneof(
      { weight: 4, arbitrary: anyRun },
      { weight: 1, arbitrary: anyGenesis.map((entry): Entry[] => [entry]) },
      {
        weight: 1,
        arbitrary: fc.oneof(anyConfig, anyNoop, anyMachine).map((entry): Entry[] => [entry]),
      },
    ),
    { maxLength: 6 },
  )
  .map((runs) => runs.flat())

export const anyEpoch: fc.Arbitrary<Epoch> = fc.record({
  number: fc.nat(300),
  id: fc.oneof(fc.constant(''), hex(32)),
})

/** Undefined: of a sender that is in no group yet, whose epoch is the first one. */
export const anyGroupName: fc.Arbitrary<GroupName | undefined> = fc.option(
  fc.record({ id: hex(64).map((id) => id as GroupId), epoch: anyEpoch }),
  { nil: undefined },
)

const bytesOf = (length: number): fc.Arbitrary<Uint8Array> =>
  fc.uint8Array({ minLength: length, maxLength: length })

const anyVouch: fc.Arbitrary<Vouch> = fc.oneof(
  fc.constant(noVouch),
  fc.array(anyReplica, { maxLength: vouchedMax }).chain((receivers) =>
    fc.record({
      key: bytesOf(keyBytes),
      receivers: fc.constant(receivers),
      tags: bytesOf(receivers.length * tagBytes),
    }),
  ),
)

const anyBeacon: fc.Arbitrary<Beacon> = fc.record({
  type: fc.constant('beacon'),
  incarnation: anyIncarnation,
  seq: fc.maxSafeNat(),
  nextMs: fc.nat(60_000),
  heard: fc.array(anyReplica, { maxLength: peersMax }),
  votes: anyVotes,
  phase: fc.constantFrom('follower', 'preparing', 'leading'),
  ballot: anyBallot,
  followed: anyBallot,
  highestSeen: anyBallot,
  happy: fc.boolean(),
  quorumConnected: fc.boolean(),
  quiet: fc.boolean(),
  leaving: fc.boolean(),
  storageOk: fc.boolean(),
  wall: anyStamp,
  accepted: anyBallot,
  logEnd: anyIndex,
  decidedEnd: anyIndex,
  configIndex: anyIndex,
  fingerprint: fc.record({ end: anyIndex, hash: fc.oneof(fc.constant(''), hex(32)) }),
  profile: hex(32),
  tripClass: fc.nat(tripClassMax),
  machine: anyVersions,
  part: fc.constantFrom('member', 'observer', 'client', 'standby'),
  vouch: anyVouch,
})

const anyPrepare: fc.Arbitrary<Message> = fc
  .record({
    type: fc.constant('prepare'),
    ballot: anyBallot,
    votes: anyVotes,
    configIndex: anyIndex,
    accepted: anyBallot,
    ends: fc.tuple(anyIndex, anyIndex),
  })
  .map(({ ends: [a, b], ...rest }) => ({
    ...rest,
    logEnd: index(Math.max(a, b)),
    decidedEnd: index(Math.min(a, b)),
  }))

const anyPropose: fc.Arbitrary<Message> = fc.record({
  type: fc.constant('propose'),
  author: anyReplica,
  incarnation: anyIncarnation,
  session: fc.integer({ min: 1, max: 1_000_000 }).map(index),
  low: fc.nat(1_000_000),
  seq: fc.nat(1_000_000),
  commands: fc.array(anyCommand, { maxLength: 12 }),
})

const parts: Parts = {
  ...{ replica: anyReplica, vote: anyVote, index: anyIndex },
  ...{ incarnation: anyIncarnation, ballot: anyBallot, stamp: anyStamp },
}

export const anySnapshot: fc.Arbitrary<Snapshot> = anySnapshotOf(parts)

const of = <const T extends Message['type']>(type: T): { readonly type: fc.Arbitrary<T> } => ({
  type: fc.constant(type),
})

/** One arbitrary for each type, so that none can be forgotten. */
export const messageArbitraries: { readonly [T in Message['type']]: fc.Arbitrary<Message> } = {
  beacon: anyBeacon,
  prepare: anyPrepare,
  promised: fc.record({
    ...{ ...of('promised'), ballot: anyBallot, votes: anyVotes, accepted: anyBallot },
    ...{ logEnd: anyIndex, decidedEnd: anyIndex, tailFrom: anyIndex, tail: anyEntries },
    summed: fc.boolean(),
  }),
  pull: fc.record({ ...of('pull'), ballot: anyBallot, from: anyIndex, end: anyIndex }),
  chunk: fc.record({
    ...{ ...of('chunk'), ballot: anyBallot, accepted: anyBallot },
    ...{ from: anyIndex, entries: anyEntries },
  }),
  acceptSync: fc.record({
    ...{ ...of('acceptSync'), ballot: anyBallot, base: anyBallot, from: anyIndex },
    ...{ summed: fc.boolean(), total: anyIndex, entries: anyEntries, decidedEnd: anyIndex },
  }),
  relayed: fc
    .record({
      path: fc.uniqueArray(anyReplica, { minLength: 3, maxLength: hopsMax + 1 }),
      at: fc.nat(hopsMax),
      ballot: anyBallot,
      incarnation: anyIncarnation,
      number: fc.maxSafeNat(),
      seal: fc.oneof(bytesOf(0), bytesOf(sealBytes)),
      key: fc.oneof(bytesOf(0), bytesOf(keyBytes)),
    })
    .map(({ path, at, ballot, ...rest }) => ({
      ...{ type: 'relayed' as const, path, at: Math.max(1, at % path.length), ...rest },
      message: { type: 'takeOver' as const, ballot },
    })),
  gossip: fc.record({
    ...{ ...of('gossip'), origin: anyReplica, hops: fc.nat(hopsMax), beacon: anyBeacon },
  }),
  bequest: fc
    .record({
      ...{ ...of('bequest'), incarnation: anyIncarnation, promised: anyBallot },
      ...{ votes: fc.array(anyVote, { minLength: 1, maxLength: votesMax }), accepted: anyBallot },
      ...{ logEnd: anyIndex, decidedEnd: anyIndex, tailFrom: anyIndex, tail: anyEntries },
    })
    .map((made) => ({ ...made, decidedEnd: Math.min(made.decidedEnd, made.logEnd) as Index })),
  resolve: fc.record({ ...of('resolve'), incarnation: anyIncarnation }),
  verdict: fc.record({
    ...{ ...of('verdict'), to: anyReplica, incarnation: anyIncarnation, votes: anyVotes },
    verdict: fc.constantFrom('held', 'void'),
  }),
  ...snapshotArbitrariesOf(parts),
  noted: fc.constant({ type: 'noted' as const }),
  accept: fc.record({
    ...{ ...of('accept'), ballot: anyBallot, from: anyIndex },
    ...{ entries: anyEntries, decidedEnd: anyIndex },
  }),
  accepted: fc.record({
    ...{ ...of('accepted'), ballot: anyBallot, votes: anyVotes },
    ...{ logEnd: anyIndex, decidedEnd: anyIndex },
  }),
  gap: fc.record({ ...of('gap'), ballot: anyBallot, logEnd: anyIndex }),
  nack: fc.record({ ...of('nack'), ballot: anyBallot, votes: anyVotes, promised: anyBallot }),
  decide: fc.record({ ...of('decide'), ballot: anyBallot, decidedEnd: anyIndex }),
  propose: anyPropose,
  takeOver: fc.record({ ...of('takeOver'), ballot: anyBallot }),
  join: fc.record(of('join')),
  leave: fc.record(of('leave')),
  subscribe: fc.record({
    ...{ ...of('subscribe'), from: anyIndex, below: fc.nat(10_000), again: fc.boolean() },
  }),
  stream: fc.record({
    ...{ ...of('stream'), ballot: anyBallot, ageMs: fc.nat(), from: anyIndex },
    path: fc.uniqueArray(anyReplica, { minLength: 1, maxLength: treeDepthMax }),
    ...{ summed: fc.boolean(), entries: anyEntries },
  }),
  declined: fc.record({
    ...{ ...of('declined'), configIndex: anyIndex },
    instead: fc.array(anyReplica, { maxLength: treeFanOut }),
  }),
  sighting: fc.record({
    ...{ ...of('sighting'), member: anyReplica, incarnation: anyIncarnation, seq: fc.maxSafeNat() },
    shown: fc.uint8Array({ maxLength: presenceBytesMax }),
  }),
  left: fc.record(of('left')),
  ask: fc.record({
    ...{ ...of('ask'), incarnation: anyIncarnation, question: fc.maxSafeNat() },
    ...{ act: fc.constantFrom(...acts), about: anyReplica, rotations: fc.maxSafeNat() },
  }),
  answered: fc.record({
    ...{ ...of('answered'), incarnation: anyIncarnation, question: fc.maxSafeNat() },
    answer: fc.constantFrom(...answers),
  }),
  presence: fc.record({
    ...{ ...of('presence'), incarnation: anyIncarnation, seq: fc.maxSafeNat() },
    shown: fc.uint8Array({ maxLength: presenceBytesMax }),
  }),
  readProbe: fc.record({ ...of('readProbe'), ballot: anyBallot, round: fc.nat() }),
  readAck: fc.record({ ...of('readAck'), ballot: anyBallot, round: fc.nat(), votes: anyVotes }),
  readIndex: fc.record({
    ...{ ...of('readIndex'), incarnation: anyIncarnation, question: fc.nat() },
  }),
  readIndexReply: fc.record({
    ...{ ...of('readIndexReply'), incarnation: anyIncarnation, question: fc.nat() },
    index: anyIndex,
  }),
  probe: fc.record({ ...of('probe'), id: fc.maxSafeNat() }),
  probeAck: fc.record({
    ...{ ...of('probeAck'), id: fc.maxSafeNat(), followed: anyBallot, votes: anyVotes },
  }),
  welcome: fc.record({
    ...{ ...of('welcome'), genesis: anyGenesis },
    ...{ voters: fc.nat(9), decidedEnd: anyIndex },
    refounding: fc.option(fc.record({ of: anyEpoch, accepted: anyBallot, logEnd: anyIndex }), {
      nil: undefined,
    }),
  }),
}

export const anyMessage: fc.Arbitrary<Message> = fc.oneof(...Object.values(messageArbitraries))
