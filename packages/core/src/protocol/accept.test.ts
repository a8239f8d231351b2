import { expect, test } from 'vitest'
import {
  a,
  act,
  b,
  ballot,
  c,
  command,
  config,
  first,
  genesis,
  groupOf,
  leading,
  noop,
  reasons,
  receive,
  sent,
  storeOf,
} from '../testing/stores.ts'
import { append, replicate, resendUnacknowledged, stampFor } from './accept.ts'
import type { Entry } from './entry.ts'
import { entryBytes } from './entry.ts'
import type { Index } from './ids.ts'
import { millis, ownVote, wallMillis } from './ids.ts'
import { windowBytesMax } from './limits.ts'
import type { AcceptSync } from './message.ts'
import { contextOf } from '../testing/stores.ts'

const founded = [genesis, config(first, a, b, c)]
const two = ballot(2, a)
const at = (index: number): Index => index as Index

/** `b` promised ballot 2 of `a`, and holds its log when `synced`. */
const follower = (synced: boolean) =>
  storeOf(b, { entries: founded, promised: two, accepted: synced ? two : first, decidedEnd: 2 })

const acceptOf = (from: number, entries: readonly Entry[], decidedEnd = 0, of = two) =>
  ({ type: 'accept', ballot: of, from: at(from), entries, decidedEnd: at(decidedEnd) }) as const

test('[AC1] only the ballot that was promised is accepted; a lower one is refused', () => {
  const state = storeOf(b, { entries: founded, accepted: ballot(3, c), decidedEnd: 2 })
  const effects = receive(state, a, acceptOf(2, [noop(two)]))
  expect([effects.persist, sent(effects, 'nack')[0]?.message.promised]).toEqual([[], ballot(3, c)])
})

test('[AC1] a higher ballot that was not promised is not accepted', () => {
  const state = follower(true)
  const effects = receive(state, c, acceptOf(2, [noop(ballot(3, c))], 0, ballot(3, c)))
  expect([effects.persist, reasons(effects)]).toEqual([[], ['notPromised']])
})

test('[AC1] nobody speaks for a ballot but its leader', () => {
  const effects = receive(follower(true), c, acceptOf(2, [noop(two)]))
  expect([effects.persist, reasons(effects)]).toEqual([[], ['notItsLeader']])
})

test('[AC2] a store that lacks the log of the ballot answers an Accept with its promise', () => {
  const effects = receive(follower(false), a, acceptOf(2, [noop(two)]))
  expect([effects.persist, sent(effects, 'promised').length]).toEqual([[], 1])
})

test('[AC3] entries that do not join on to the log are answered by a Gap, and not stored', () => {
  const state = follower(true)
  const effects = receive(state, a, acceptOf(4, [noop(two)]))
  expect([effects.persist, sent(effects, 'gap')[0]?.message.logEnd]).toEqual([[], 2])
})

test('[AC4] what is held already is passed over, what is new is appended', () => {
  const state = follower(true)
  const entries = [noop(two), command(two, 0)]
  receive(state, a, acceptOf(2, entries.slice(0, 1)))
  const effects = receive(state, a, acceptOf(2, entries))
  expect(effects.persist).toMatchObject([{ type: 'splice', from: 3, entries: entries.slice(1) }])
  expect(state.log.entries.slice(2)).toEqual(entries)
})

test('[AC4] an Accept that arrives late changes nothing', () => {
  const state = follower(true)
  const entries = [noop(two), command(two, 0)]
  receive(state, a, acceptOf(2, entries))
  const effects = receive(state, a, acceptOf(2, entries.slice(0, 1)))
  expect([effects.persist, state.log.entries.length]).toEqual([[], 4])
  expect(sent(effects, 'accepted')[0]?.message.logEnd).toBe(4)
})

test('[AC5] an acceptance waits for the disk, a leader’s own too', () => {
  const effects = receive(follower(true), a, acceptOf(2, [noop(two)]))
  expect([sent(effects, 'accepted').length, effects.sendNow]).toEqual([1, []])
  const group = groupOf([a, b, c])
  group.elect(a)
  const own = act(group.of(a), (context) => append(context, leading(context.state), [noop(two)]))
  expect([own.persist.length, own.sendNow, own.send[0]?.to]).toEqual([1, [], a])
})

const syncOf = (
  from: number,
  entries: readonly Entry[],
  total: number,
  base = first,
): AcceptSync => ({
  ...{ type: 'acceptSync', ballot: two, base, from: at(from), total: at(total), entries },
  ...{ summed: false, decidedEnd: at(0) },
})

test('[AC6] a sync is accepted when all of it is here, in one write', () => {
  const state = follower(false)
  const entries = [noop(two), command(two, 0)]
  const effects = receive(state, a, syncOf(2, entries, 4))
  expect(effects.persist).toMatchObject([{ type: 'splice', from: 2, entries, accepted: two }])
  expect(state.accepted).toEqual(two)
})

test('[AC6] until then nothing is accepted, and the missing pieces are asked for', () => {
  const state = follower(false)
  const entries = [noop(two), command(two, 0)]
  const begun = receive(state, a, syncOf(2, entries.slice(0, 1), 4))
  expect([begun.persist, state.accepted]).toEqual([[], first])
  expect(sent(begun, 'pull')[0]?.message).toMatchObject({ from: 3, end: 4 })
  const piece = { type: 'chunk', ballot: two, accepted: two, from: at(3) } as const
  const done = receive(state, a, { ...piece, entries: entries.slice(1) })
  expect([done.persist.length, state.accepted, state.log.entries.length]).toEqual([1, two, 4])
})

test('[AC6] a piece of another ballot’s log is not taken', () => {
  const state = follower(false)
  receive(state, a, syncOf(2, [noop(two)], 4))
  const piece = { type: 'chunk', ballot: two, accepted: first, from: at(3) } as const
  const effects = receive(state, a, { ...piece, entries: [command(two, 0)] })
  expect([reasons(effects), state.accepted]).toEqual([['otherAccepted'], first])
})

test('[AC7] a sync that was computed for another log is refused, and the promise is told again', () => {
  const state = follower(false)
  const effects = receive(state, a, syncOf(3, [noop(two)], 4, ballot(1, c)))
  expect([effects.persist, reasons(effects)]).toEqual([[], ['otherBase']])
  expect(sent(effects, 'promised')[0]?.message.accepted).toEqual(first)
})

test('[AC7] one that begins within what is decided here fits any log', () => {
  const state = follower(false)
  receive(state, a, syncOf(2, [noop(two)], 3, ballot(1, c)))
  expect([state.accepted, state.log.entries.length]).toEqual([two, 3])
})

test('[AC8] what is decided is compared and passed over, never cut off', () => {
  const state = follower(false)
  const effects = receive(state, a, syncOf(0, [...founded, noop(two)], 3))
  expect(effects.persist).toMatchObject([{ type: 'splice', from: 2, entries: [noop(two)] }])
})

test('[AC8] a store whose decided entries are contradicted stops', () => {
  const state = follower(false)
  const other = [genesis, config(first, a, c), noop(two)]
  other[1] = noop(first)
  expect(() => receive(state, a, syncOf(0, other, 3))).toThrow('two decided entries at 1')
})

test('[AC9] entries are cut off by a sync or by adopting a log, by nothing else', () => {
  const entries = [...founded, noop(first), command(first, 0)]
  const state = storeOf(b, { entries, decidedEnd: 2 })
  const ask = { type: 'prepare', ballot: two, votes: [ownVote(a)], configIndex: at(1) } as const
  receive(state, a, { ...ask, accepted: first, logEnd: at(2), decidedEnd: at(2) })
  receive(state, a, acceptOf(2, [noop(two)]))
  expect(state.log.entries).toEqual(entries)
  receive(state, a, syncOf(2, [noop(two)], 3))
  expect(state.log.entries).toEqual([...founded, noop(two)])
})

test('[AC9] an old leader keeps its entries when it promises a new one', () => {
  const group = groupOf([a, b, c], (_from, { message }) => message.type === 'accept')
  group.elect(a)
  group.append(a, 0, 1)
  const held = [...group.of(a).log.entries]
  const ask = { type: 'prepare', ballot: ballot(3, b), votes: [ownVote(b)] } as const
  const rest = { configIndex: at(1), accepted: two, logEnd: at(3), decidedEnd: at(3) }
  receive(group.of(a), b, { ...ask, ...rest })
  expect(group.of(a).log.entries).toEqual(held)
})

test('[AC10] a leader appends entries of its own ballot to the log of its own ballot', () => {
  const group = groupOf([a, b, c])
  group.elect(a)
  const state = group.of(a)
  const foreign = () =>
    act(state, (context) => append(context, leading(state), [noop(ballot(3, b))]))
  expect(foreign).toThrow('an entry carries the ballot of the leader that appends it')
})

test('[AC10] a leader that stepped down appends nothing more', () => {
  const group = groupOf([a, b, c])
  group.elect(a)
  const state = group.of(a)
  const role = leading(state)
  group.elect(b)
  const late = () => act(state, (context) => append(context, role, [noop(role.ballot)]))
  expect(late).toThrow('a leader appends to the log of its ballot')
})

test.each([
  { wall: 5000, now: 10, agreed: false, expected: 5000, why: 'the wall clock' },
  { wall: -5000, now: 10, agreed: false, expected: 0, why: 'never back' },
  { wall: 9e9, now: 10, agreed: false, expected: 60_000, why: 'at most a minute ahead' },
  { wall: 9e9, now: 90_000, agreed: false, expected: 90_000, why: 'or as much as has passed' },
  { wall: 9e9, now: 10, agreed: true, expected: 9e9, why: 'unless a majority’s clocks agree' },
])('[AC11] an entry’s time is $why', ({ wall, now, agreed, expected }) => {
  const group = groupOf([a, b, c])
  group.elect(a)
  const state = group.of(a)
  const context = { ...contextOf(state), wall: wallMillis(wall), now: millis(now) }
  expect(stampFor({ ...context, wallAgreed: agreed }, leading(state))).toBe(expected)
})

test('[AC12] what is not acknowledged for two rounds is sent once more', () => {
  let losing = false
  const group = groupOf([a, b, c], (_from, { message }) => losing && message.type === 'accept')
  group.elect(a)
  losing = true
  group.append(a, 0)
  group.settle()
  losing = false
  const state = group.of(a)
  const again = (now: number) =>
    act(
      state,
      (context) => {
        resendUnacknowledged(context, leading(state), 250)
        replicate(context, leading(state))
      },
      now,
    )
  expect(sent(again(499), 'accept')).toEqual([])
  expect(sent(again(500), 'accept').map(({ to }) => to)).toEqual([b, c])
})

test('[AC12] after a Gap the leader goes on from there', () => {
  const group = groupOf([a, b, c], (_from, { message }) => message.type === 'accept')
  group.elect(a)
  group.append(a, 0)
  const state = group.of(a)
  receive(state, b, { type: 'gap', ballot: two, logEnd: at(3) })
  const effects = act(state, (context) => replicate(context, leading(state)))
  expect(sent(effects, 'accept')).toMatchObject([{ to: b, message: { from: 3 } }])
})

test('[AC13] no more is on its way to one store than the window allows', () => {
  const group = groupOf([a, b, c], (_from, { message }) => message.type === 'accept')
  group.elect(a)
  const state = group.of(a)
  const large = Array.from({ length: 40 }, (_none, seq) => command(two, seq, a, 30_000))
  const effects = act(state, (context) => {
    for (const entry of large) {
      append(context, leading(state), [entry])
      replicate(context, leading(state))
    }
  })
  const toB = sent(effects, 'accept').filter(({ to }) => to === b)
  const bytes = toB
    .flatMap(({ message }) => message.entries)
    .reduce((sum, entry) => sum + entryBytes(entry), 0)
  expect(bytes).toBeGreaterThan(0)
  expect(bytes).toBeLessThanOrEqual(2 * windowBytesMax)
})

test('[AC14] an adopted entry keeps the ballot and the time of the leader that appended it', () => {
  const group = groupOf([a, b, c])
  group.elect(a)
  group.now = 70_000
  group.append(a, 0)
  group.settle()
  const before = group.of(a).log.entries.at(-1)
  group.elect(b)
  expect(before).toMatchObject({ ballot: two, stamp: 70_000 })
  expect(group.of(c).log.entries.find(({ kind }) => kind === 'command')).toEqual(before)
})

test('[AC15] an acceptance of more than the leader has is not counted', () => {
  const group = groupOf([a, b, c])
  group.elect(a)
  const state = group.of(a)
  const claim = { type: 'accepted', ballot: two, votes: [ownVote(b), ownVote(c)] } as const
  const effects = receive(state, b, { ...claim, logEnd: at(99), decidedEnd: at(0) })
  expect(reasons(effects)).toEqual(['beyondOurLog'])
  expect(leading(state).ends.get(ownVote(b))).toBe(3)
})
