import { expect, test } from 'vitest'
import { answer, snapshotFrom } from '../testing/snapshots.ts'
import { a, b, c, contextOf, first, groupOf, receive, reasons, storeOf } from '../testing/stores.ts'
import type { Stores } from '../testing/stores.ts'
import { hearDecided } from './decide.ts'
import type { Index, ReplicaId } from './ids.ts'
import { incarnation, index, ownVote } from './ids.ts'
import { snapshotBytesMax } from './limits.ts'
import { compactLog, logEnd } from './log.ts'
import type { Message } from './message.ts'
import { forgetPromiser } from './prepare.ts'
import { forwardOutbox, propose } from './proposals.ts'
import { recover } from './recover.ts'
import { wasExecuted } from './sessions.ts'
import { onCaptured } from './snapshot.ts'
import { freshProtocol } from './state.ts'

const state = Uint8Array.of(1, 2, 3)
const large = Uint8Array.from({ length: 200_000 }, (_, at) => at & 255)

/** `a` leads a group of three and wants a snapshot of whatever is decided, however large the last one was. */
function led(losing?: ConstructorParameters<typeof Stores>[1]): Stores {
  const stores = groupOf([a, b, c], losing)
  stores.of(a).snapshots.logBytes = -snapshotBytesMax
  stores.elect(a)
  return stores
}

/** Decides two commands and takes a snapshot of what is decided then. */
function decideAndTake(stores: Stores, seq: number, bytes = state): void {
  stores.append(a, seq, seq + 1)
  stores.settle()
  answer(stores, a, bytes)
}

/** Two snapshots: the log of `a` begins at the first of them. */
function compacted(losing?: ConstructorParameters<typeof Stores>[1], bytes = state): Stores {
  const stores = led(losing)
  answer(stores, a, bytes)
  decideAndTake(stores, 0, bytes)
  decideAndTake(stores, 2, bytes)
  return stores
}

const cutOff =
  (id: ReplicaId, is: () => boolean) =>
  (from: ReplicaId, { to }: { to: ReplicaId }): boolean =>
    is() && (from === id || to === id)

test('[SN1] the state is wanted at the entry at which the log weighs too much, with all that was executed by then', () => {
  const stores = led()
  answer(stores, a, state)
  stores.of(a).snapshots.logBytes = 400
  const { decidedEnd } = stores.of(a)
  stores.append(a, 0, 1, 2, 3)
  stores.settle()
  const asked = stores.asked.get(a)
  expect(stores.of(a).decidedEnd).toBe(decidedEnd + 4)
  expect(asked?.end).toBe(decidedEnd + 3)
  expect(asked?.sessions).toMatchObject([{ author: a, incarnation: 1, end: 3, ahead: [] }])
  expect(asked?.configuration).toMatchObject({ index: 1, voters: [a, b, c] })
})

test('[SN1] one that was asked for is waited for, and what does not come is asked for again much later', () => {
  const stores = led()
  const asked = stores.asked.get(a)
  stores.append(a, 0)
  stores.settle()
  expect(stores.asked.get(a)).not.toBe(asked)
  const { capturing } = stores.of(a).snapshots
  stores.of(a).snapshots.logBytes = 1000
  stores.append(a, 1)
  stores.settle()
  expect(stores.of(a).snapshots.capturing).toBe(capturing)
})

test('[SN2] a snapshot and the log from the one before take the place of all that the store holds', () => {
  const stores = led()
  answer(stores, a, state)
  const { end: one } = stores.asked.get(a) ?? { end: 0 }
  stores.append(a, 0, 1)
  stores.settle()
  const { log, promised, accepted, decidedEnd } = stores.of(a)
  const entries = log.entries.slice(one)
  const effects = answer(stores, a, state)
  expect(effects.persist).toMatchObject([
    {
      ...{ type: 'rewrite', base: one, entries, promised, accepted, decidedEnd },
      estate: { votes: [a], armed: undefined },
      snapshot: { state, head: { stateBytes: 3, sessionCount: 1 } },
    },
  ])
  expect(log.base).toBe(one)
  expect(log.configurations.map(({ index }) => index)).toEqual([1])
})

test('[SN2] what is not wanted any more, or cannot be stored, leaves the log as it is', () => {
  const stores = led()
  const { end } = stores.asked.get(a) ?? { end: 0 as Index }
  const effects = stores.act(a, (context) => onCaptured(context, end, undefined))
  expect(effects.persist).toEqual([])
  expect(stores.of(a).snapshots).toMatchObject({ last: undefined, capturing: undefined })
  expect(answer(stores, a, state).persist).toEqual([])
})

test('[SN3] a store that starts again goes on from its snapshot, and runs nothing twice', () => {
  const stores = compacted()
  const before = stores.of(a)
  const { promised, accepted, log, snapshots, decidedEnd } = before
  const again = freshProtocol(a, incarnation(2), [])
  const context = contextOf(again)
  recover(context, {
    ...{ promised, accepted, decidedEnd, entries: log.entries },
    compacted: { snapshot: snapshots.last ?? expect.fail(), base: log.base },
    estate: { votes: [ownVote(a)], armed: undefined, receipts: new Map() },
  })
  expect(context.out.restore).toEqual([snapshots.last])
  expect(context.out.apply.map(({ index }) => index)).toEqual([])
  expect(again).toMatchObject({ decidedEnd, accepted, promised })
  expect(again.sessions).toEqual(before.sessions)
  expect(again.log.base).toBe(log.base)
  expect(logEnd(again.log)).toBe(logEnd(log))
})

test('[SN4] a follower that lacks what is in no log any more gets the snapshot, then the entries', () => {
  let away = true
  const stores = compacted(cutOff(c, () => away))
  away = false
  stores.elect(a)
  const [leader, follower] = [stores.of(a), stores.of(c)]
  expect(stores.restored.get(c)?.map(({ head }) => head.end)).toEqual([
    leader.snapshots.last?.head.end,
  ])
  expect(follower).toMatchObject({ accepted: leader.accepted, decidedEnd: leader.decidedEnd })
  expect(logEnd(follower.log)).toBe(logEnd(leader.log))
  const last = { author: a, incarnation: incarnation(1), session: index(0), seq: 3 }
  expect(wasExecuted(follower.sessions, last)).toBe(true)
  expect(follower.snapshots.fetching).toBeUndefined()
})

test('[SN4] one that is in step and was left behind is brought back without another election', () => {
  let away = false
  const stores = led(cutOff(c, () => away))
  away = true
  answer(stores, a, state)
  decideAndTake(stores, 0)
  decideAndTake(stores, 2)
  away = false
  const { role } = stores.of(a)
  if (role.phase !== 'leading') throw new Error('it leads')
  const progress = role.progress.get(c)
  if (progress !== undefined) progress.sentEnd = progress.ackedEnd
  stores.append(a, 4)
  stores.settle()
  expect(stores.restored.get(c)).toHaveLength(1)
  expect(logEnd(stores.of(c).log)).toBe(logEnd(stores.of(a).log))
})

test('[SN4] entries that come late while a snapshot is fetched end the fetching: what was accepted stays', () => {
  let away = false
  const stores = led((from, { to, message }) => {
    return message.type === 'snapshotPiece' || (away && (from === c || to === c))
  })
  const before = logEnd(stores.of(c).log)
  away = true
  answer(stores, a, state)
  decideAndTake(stores, 0)
  decideAndTake(stores, 2)
  away = false
  const { role, accepted: of, log } = stores.of(a)
  if (role.phase !== 'leading') throw new Error('it leads')
  const progress = role.progress.get(c)
  if (progress !== undefined) progress.sentEnd = progress.ackedEnd
  stores.append(a, 4)
  stores.settle()
  expect(stores.of(c).staging?.summed).toBe(true)
  const late = stores.of(b).log.entries.slice(before)
  receive(stores.of(c), a, {
    ...{ type: 'accept', ballot: of, from: before, entries: late, decidedEnd: before },
  })
  const end = logEnd(stores.of(c).log)
  expect(end).toBe(logEnd(log))
  const { last } = stores.of(a).snapshots
  const { head, sessions } = last ?? expect.fail()
  const piece = { type: 'snapshotPiece', ballot: of, head, at: 0, sessions, state } as const
  const effects = receive(stores.of(c), a, piece)
  expect(effects.restore).toEqual([])
  expect(logEnd(stores.of(c).log)).toBe(end)
  expect(stores.of(c).staging).toBeUndefined()
})

test('[SN5] a new leader that lacks what its best promiser summed up leads from that snapshot', () => {
  let away = true
  const stores = compacted(cutOff(c, () => away))
  const { last } = stores.of(a).snapshots
  away = false
  stores.elect(c)
  const leader = stores.of(c)
  expect(leader.role.phase).toBe('leading')
  expect(stores.restored.get(c)).toEqual([last])
  expect(leader.log.base).toBe(last?.head.end)
  expect(leader.log.configurations[0]).toEqual(last?.head.configuration)
})

test('[SN6] the pieces of a large one go on where they stopped, under another leader too', () => {
  let away = true
  let pieces = 0
  const stores = compacted((from, { to, message }) => {
    if (message.type === 'snapshotPiece') pieces += 1
    const lost = message.type === 'snapshotPiece' && pieces === 3
    return lost || (away && (from === c || to === c))
  }, large)
  // `b` took the same snapshots.
  stores.of(b).snapshots.last = stores.of(a).snapshots.last
  compactLog(stores.of(b).log, stores.of(a).log.base)
  away = false
  stores.elect(a)
  const { fetching } = stores.of(c).snapshots
  const have = fetching?.have ?? 0
  expect(have).toBeGreaterThan(0)
  expect(have).toBeLessThan(large.length)
  stores.act(a, (context) => forgetPromiser(context, c))
  const before = stores.of(c).promised
  stores.elect(b)
  expect(stores.of(c).promised.num).toBeGreaterThan(before.num)
  expect(stores.restored.get(c)?.[0]?.state).toEqual(large)
  // All but the piece that was lost came once.
  expect(pieces).toBe(Math.ceil(large.length / 65_536) + 2)
})

test('[SN7] a piece that is not the next one, or not of what was begun, is refused', () => {
  let away = true
  const stores = compacted((from, { to, message }) => {
    return message.type === 'snapshotPiece' || (away && (from === c || to === c))
  })
  away = false
  stores.elect(a)
  const { last } = stores.of(a).snapshots
  const { accepted: ballot } = stores.of(a)
  const { head, sessions } = last ?? expect.fail()
  const piece = (fields: object): Message => ({
    ...{ type: 'snapshotPiece', ballot, head, at: 0, sessions, state: new Uint8Array() },
    ...fields,
  })
  const tell = (fields: object, from = a): readonly string[] =>
    reasons(receive(stores.of(c), from, piece(fields)))
  expect(tell({ at: 1 })).toEqual(['notNext'])
  expect(tell({}, b)).toEqual(['notAskedFor'])
  expect(tell({ head: { ...head, end: head.end - 1 } })).toEqual(['notAskedFor'])
  expect(tell({ ballot: first })).toEqual(['nothingStaged'])
  expect(tell({ state: new Uint8Array(4) })).toEqual(['tooLong'])
  expect(tell({ sessions: [], state: new Uint8Array(1) })).toEqual(['mixed'])
  expect(tell({ state: Uint8Array.of(9, 9, 9) })).toEqual(['wrongHash'])
  expect(stores.restored.get(c)).toEqual([])
})

test('[SN8] a snapshot of less than this store decided is never installed', () => {
  const stores = compacted()
  const { last } = stores.of(a).snapshots
  const follower = storeOf(c, { entries: stores.of(b).log.entries, decidedEnd: 3 })
  receive(follower, a, {
    ...{
      type: 'prepare',
      ballot: { num: 9, node: a },
      votes: [ownVote(a)],
      configIndex: 1 as Index,
    },
    ...{ accepted: first, logEnd: 2 as Index, decidedEnd: 2 as Index },
  })
  hearDecided(contextOf(follower), first, 5 as Index)
  const entries = stores.of(b).log.entries.slice(3)
  const effects = receive(follower, a, {
    ...{ type: 'acceptSync', ballot: { num: 9, node: a }, base: first, from: 3 as Index },
    ...{ summed: true, total: (3 + entries.length) as Index, entries, decidedEnd: 3 as Index },
  })
  expect(last).toBeDefined()
  expect(effects.restore).toEqual([])
  expect(effects.persist.map(({ type }) => type)).toEqual(['splice'])
})

test('[SN8] an answer that comes after a snapshot of more was installed changes nothing', () => {
  const stores = compacted()
  const { snapshots } = stores.of(a)
  const { last } = snapshots
  const summary = { ...(stores.asked.get(a) ?? expect.fail()), end: 1 as Index }
  const effects = stores.act(a, (context) =>
    onCaptured(context, summary.end, snapshotFrom(summary, state)),
  )
  expect(effects.persist).toEqual([])
  expect(snapshots.last).toBe(last)
})

test('[SN9] an own proposal that is among what is summed up is told to be over, and not handed on again', () => {
  let away = true
  const stores = compacted(cutOff(c, () => away))
  const state_ = stores.of(a)
  // `c` had handed it to the leader, which had it decided, and went away before it heard.
  const proposal = { author: c, incarnation: incarnation(1), seq: 0, command: Uint8Array.of(7) }
  stores.act(c, (context) => {
    propose(context, proposal)
    forwardOutbox(context, state_.promised)
  })
  state_.queue.push({ ...proposal, session: stores.of(c).decidedEnd, low: 0 })
  decideAndTake(stores, 4)
  away = false
  const told: unknown[] = []
  const act = stores.act.bind(stores)
  stores.act = (id, action) => {
    const effects = act(id, action)
    if (id === c) told.push(...effects.notify.filter(({ type }) => type === 'overtaken'))
    return effects
  }
  stores.elect(a)
  expect(told).toEqual([{ type: 'overtaken', id: { author: c, incarnation: 1, seq: 0 } }])
  expect(stores.of(c).outbox.size).toBe(0)
})
