import { expect, test } from 'vitest'
import { answer } from '../testing/snapshots.ts'
import { a, b, c, groupOf, reasons, sent } from '../testing/stores.ts'
import type { Losing, Stores } from '../testing/stores.ts'
import { zeroBallot } from './ballot.ts'
import { borrow } from './borrowing.ts'
import { borrowMs, snapshotBytesMax } from './limits.ts'
import type { Index, ReplicaId } from './ids.ts'
import { wallMillis } from './ids.ts'
import type { PullSnapshot, SnapshotPiece } from './snapshot-message.ts'
import { onCaptured } from './snapshot.ts'
import { onPhaseMessage } from './phases.ts'

const large = Uint8Array.from({ length: 70_000 }, (_, at) => at & 255)

/** `a` leads and has the state of all that is decided, `b` has none to give: its log is whole. */
function lacking(losing?: Losing): Stores {
  const stores = groupOf([a, b, c], losing)
  stores.elect(a)
  // However large the last one was.
  for (const id of [a, b]) stores.of(id).snapshots.logBytes = -snapshotBytesMax
  stores.append(a, 0, 1)
  stores.settle()
  answer(stores, a, large)
  noState(stores)
  return stores
}

function noState(stores: Stores): void {
  const { end } = stores.asked.get(b) ?? { end: 0 as Index }
  stores.act(b, (context) => onCaptured(context, end, undefined))
}

const nothingYet: PullSnapshot = {
  ...{ type: 'pullSnapshot', ballot: zeroBallot, end: 1 as Index, at: 0 },
}

/** What `a` answers. */
function pulled(stores: Stores, pull: PullSnapshot): readonly SnapshotPiece[] {
  const effects = stores.act(a, (context) => onPhaseMessage(context, b, pull))
  return sent(effects, 'snapshotPiece').map(({ message }) => message)
}

const ask = (stores: Stores, ...lenders: readonly ReplicaId[]) =>
  stores.act(b, (context) => borrow(context, lenders))

test('[SN13] a store without a state of its own gets that of another one, piece by piece, and keeps it as its own', () => {
  const stores = lacking()
  const { snapshots, log, decidedEnd } = stores.of(b)
  expect(snapshots.last).toBeUndefined()
  ask(stores, a)
  stores.settle()
  const { last } = stores.of(a).snapshots
  expect(snapshots.last?.head).toEqual(last?.head)
  expect(snapshots.last?.state.join()).toBe(large.join())
  expect(snapshots).toMatchObject({ borrowing: undefined, markedEnd: last?.head.end })
  expect([log.base, decidedEnd]).toEqual([0, stores.of(b).decidedEnd])
  // It went to the disk, and nothing of it to the application.
  expect(stores.restored.get(b)).toEqual([])

  // The next one: the log begins where this one ends.
  stores.append(a, 2)
  stores.settle()
  answer(stores, a, large)
  noState(stores)
  ask(stores, a)
  stores.settle()
  expect(snapshots.last?.head).toEqual(stores.of(a).snapshots.last?.head)
  expect(snapshots.previous?.head).toEqual(last?.head)
  expect(log.base).toBe(last?.head.end)
})

test('[SN13] it becomes one record with all that the store must not forget', () => {
  const stores = lacking((from, { message }) => from === a && message.type === 'snapshotPiece')
  ask(stores, a)
  const { snapshots, promised, accepted, decidedEnd } = stores.of(b)
  const { last } = stores.of(a).snapshots
  const pieces: SnapshotPiece[] = []
  for (let at = 0; last !== undefined && at < last.state.length + last.sessions.length;) {
    const pull: PullSnapshot = { type: 'pullSnapshot', ballot: zeroBallot, end: last.head.end, at }
    const [piece] = pulled(stores, pull)
    if (piece === undefined) return expect.fail()
    pieces.push(piece)
    at += piece.sessions.length + piece.state.length
  }
  const effects = pieces.map((piece) =>
    stores.act(b, (context) => onPhaseMessage(context, a, piece)),
  )
  expect(effects.flatMap(({ persist }) => persist)).toMatchObject([
    {
      type: 'rewrite',
      snapshot: { head: last?.head },
      promised,
      accepted,
      decidedEnd,
      estate: { votes: [b] },
    },
  ])
  expect(snapshots.last?.state.length).toBe(large.length)
})

test('[SN14] what is not of this history, not decided here, not asked for or not newer is refused', () => {
  const stores = lacking((from, { message }) => from === a && message.type === 'snapshotPiece')
  ask(stores, a)
  const { last } = stores.of(a).snapshots
  if (last === undefined) return expect.fail()
  const [piece] = pulled(stores, { ...nothingYet, end: last.head.end })
  if (piece === undefined) return expect.fail()
  const { head } = piece
  const { snapshots, decidedEnd } = stores.of(b)
  const refusals = (from: ReplicaId, given: Partial<SnapshotPiece['head']>): readonly string[] =>
    reasons(
      stores.act(b, (context) =>
        onPhaseMessage(context, from, { ...piece, head: { ...head, ...given } }),
      ),
    )
  expect(refusals(c, {})).toEqual(['nothingStaged'])
  expect(refusals(a, { end: (decidedEnd + 1) as Index })).toEqual(['nothingStaged'])
  const otherVoters = { ...head.configuration, voters: [] }
  const others: readonly Partial<SnapshotPiece['head']>[] = [
    { last: { ...head.last, ballot: zeroBallot } },
    { configuration: otherVoters },
    { machine: { index: 1 as Index, version: 7 } },
    { last: { ...head.last, stamp: wallMillis(head.last.stamp + 1) } },
  ]
  for (const other of others) expect(refusals(a, other)).toEqual(['otherHistory'])
  snapshots.last = last
  expect(refusals(a, {})).toEqual(['known'])
  expect(snapshots.borrowing?.fetching).toBeUndefined()
})

test('[SN14] who sends nothing is given up for the next one, and one that has nothing newer says nothing', () => {
  const stores = lacking()
  const { snapshots } = stores.of(b)
  const asks = (): readonly string[] =>
    ask(stores, c, a).sendNow.map(({ to, message }) => `${to[0] ?? ''} ${message.type}`)
  expect(asks()).toEqual(['c pullSnapshot'])
  stores.settle()
  stores.now += borrowMs - 1
  expect(asks()).toEqual([])
  stores.now += 1
  expect(asks()).toEqual(['a pullSnapshot'])
  stores.settle()
  const { last } = snapshots
  expect(last?.head.end).toBeGreaterThan(0)
  noState(stores)
  snapshots.borrowing = { from: undefined, at: stores.of(b).ownDecidedAt, fetching: undefined }
  ask(stores, a)
  stores.settle()
  expect(snapshots.last).toBe(last)
  expect(ask(stores).sendNow).toEqual([])
})

test('[SN13] a first piece may be of a newer snapshot than was asked for, a later one may not', () => {
  const stores = lacking()
  const { last } = stores.of(a).snapshots
  const { end } = last?.head ?? { end: 0 as Index }
  expect(pulled(stores, nothingYet).map(({ head }) => head.end)).toEqual([end])
  expect(pulled(stores, { ...nothingYet, at: 1 })).toEqual([])
  expect(pulled(stores, { ...nothingYet, end: (end + 1) as Index })).toEqual([])
  expect(pulled(stores, { ...nothingYet, ballot: stores.of(a).promised })).toEqual([])
})
