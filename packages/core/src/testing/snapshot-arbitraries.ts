/** Any snapshot and what is said about one, for property tests. Knows what is well formed, not what makes sense. */
import fc from 'fast-check'
import type { Ballot } from '../protocol/ballot.ts'
import type { Incarnation, Index, ReplicaId, VoteId, WallMillis } from '../protocol/ids.ts'
import { index } from '../protocol/ids.ts'
import { pieceBytesMax, sessionsMax, snapshotBytesMax, votersMax } from '../protocol/limits.ts'
import type { Message } from '../protocol/message.ts'
import type { SessionRecord } from '../protocol/sessions.ts'
import type { Snapshot, SnapshotHead } from '../protocol/snapshot-state.ts'
import { hashOfState } from '../protocol/snapshot-transfer.ts'
import type { Rotation } from '../protocol/rotation.ts'
import type { Wishes } from '../protocol/wishes.ts'
import { wishes as wishWords } from '../protocol/wishes.ts'

/** The parts that every message is made of. */
export interface Parts {
  readonly replica: fc.Arbitrary<ReplicaId>
  readonly vote: fc.Arbitrary<VoteId>
  readonly index: fc.Arbitrary<Index>
  readonly incarnation: fc.Arbitrary<Incarnation>
  readonly ballot: fc.Arbitrary<Ballot>
  readonly stamp: fc.Arbitrary<WallMillis>
}

const digits = (length: number): fc.Arbitrary<string> =>
  fc
    .uint8Array({ minLength: length / 2, maxLength: length / 2 })
    .map((bytes) => [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(''))

/** What people decided about single stores; often nothing. */
export const anyWishesOf = (replica: fc.Arbitrary<ReplicaId>): fc.Arbitrary<Wishes> =>
  fc.uniqueArray(fc.record({ store: replica, wish: fc.constantFrom(...wishWords) }), {
    ...{ selector: ({ store }) => store, maxLength: 3 },
  })

const anySession = ({
  replica,
  incarnation,
  index: anyIndex,
  stamp,
}: Parts): fc.Arbitrary<SessionRecord> =>
  fc
    .record({
      ...{ author: replica, incarnation, opened: anyIndex, usedAt: stamp, end: fc.nat(1000) },
      steps: fc.array(fc.integer({ min: 1, max: 300 }), { maxLength: 4 }),
    })
    .map(({ steps, end, ...rest }) => {
      let last = end
      return { ...rest, end, ahead: steps.map((step) => (last += step)) }
    })

/** The secret that a group goes by, if it ever changed it. */
export const anyRotationOf = (
  replica: fc.Arbitrary<ReplicaId>,
): fc.Arbitrary<Rotation | undefined> =>
  fc.option(
    fc
      .record({
        ...{ number: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }), hash: digits(32) },
        stays: fc.uniqueArray(replica, { maxLength: 5 }),
      })
      .map(({ stays, ...rest }) => ({ ...rest, stays: stays.sort() })),
    { nil: undefined },
  )

const anyHead = (parts: Parts): fc.Arbitrary<SnapshotHead> =>
  fc
    .record({
      end: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
      last: fc.record({ ballot: parts.ballot, stamp: parts.stamp }),
      joined: fc.uniqueArray(fc.tuple(parts.vote, parts.index), {
        ...{ selector: ([vote]) => vote, minLength: 1, maxLength: votersMax },
      }),
      ...{ digest: digits(64), commands: fc.maxSafeNat(), hash: digits(32) },
      ...{ sessionCount: fc.nat(sessionsMax), stateBytes: fc.nat(snapshotBytesMax) },
      sessionsFloor: parts.index,
      version: fc.option(fc.integer({ min: 1, max: 1000 }), { nil: undefined }),
      wishes: anyWishesOf(parts.replica),
      rotation: anyRotationOf(parts.replica),
    })
    .map(({ joined, end, version, wishes, rotation, ...rest }) => ({
      ...rest,
      end: index(end),
      machine: version === undefined ? undefined : { index: index(end - 1), version },
      configuration: {
        index: index(end - 1),
        voters: joined.map(([vote]) => vote).sort(),
        joins: Object.fromEntries(joined),
        ...(wishes.length > 0 && { wishes }),
        ...(rotation && { rotation }),
      },
    }))

/** One that is what its head says. */
export const anySnapshotOf = (parts: Parts): fc.Arbitrary<Snapshot> =>
  fc
    .record({
      head: anyHead(parts),
      sessions: fc.array(anySession(parts), { maxLength: 5 }),
      state: fc.uint8Array({ maxLength: 300 }),
    })
    .map(({ head, sessions, state }) => ({
      ...{ sessions, state },
      head: {
        ...{ ...head, hash: hashOfState(state) },
        ...{ sessionCount: sessions.length, stateBytes: state.length },
      },
    }))

export const snapshotArbitrariesOf = (
  parts: Parts,
): Readonly<Record<'pullSnapshot' | 'snapshotPiece', fc.Arbitrary<Message>>> => ({
  pullSnapshot: fc.record({
    ...{ type: fc.constant('pullSnapshot' as const), ballot: parts.ballot },
    ...{ end: parts.index, at: fc.maxSafeNat() },
  }),
  snapshotPiece: fc.record({
    ...{ type: fc.constant('snapshotPiece' as const), ballot: parts.ballot },
    ...{ head: anyHead(parts), at: fc.maxSafeNat() },
    sessions: fc.array(anySession(parts), { maxLength: 5 }),
    state: fc.uint8Array({ maxLength: Math.min(300, pieceBytesMax) }),
  }),
})
