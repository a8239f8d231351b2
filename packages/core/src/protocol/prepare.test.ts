import { expect, test } from 'vitest'
import {
  a,
  act,
  b,
  ballot,
  c,
  command,
  config,
  contextOf,
  d,
  e,
  first,
  genesis,
  groupOf,
  leading,
  noop,
  preparing,
  reasons,
  receive,
  sent,
  storeOf,
} from '../testing/stores.ts'
import type { Ballot } from './ballot.ts'
import { zeroBallot } from './ballot.ts'
import type { Index, ReplicaId } from './ids.ts'
import { ownVote } from './ids.ts'
import type { Prepare, Promised } from './message.ts'
import { forgetPromiser, repeatPrepare, startPreparing } from './prepare.ts'
import { recover } from './recover.ts'
import { freshProtocol } from './state.ts'

const founded = [genesis, config(first, a, b, c)]
const member = (self: ReplicaId) => storeOf(self, { entries: founded, decidedEnd: 2 })

const prepareBy = (of: Ballot, fields: Partial<Prepare> = {}): Prepare => ({
  ...{ type: 'prepare', ballot: of, votes: [ownVote(of.node)], configIndex: 1 as Index },
  ...{ accepted: first, logEnd: 2 as Index, decidedEnd: 2 as Index },
  ...fields,
})

const promisedBy = (from: ReplicaId, of: Ballot, fields: Partial<Promised> = {}): Promised => ({
  ...{ type: 'promised', ballot: of, votes: [ownVote(from)], accepted: first },
  ...{ logEnd: 2 as Index, decidedEnd: 2 as Index, tailFrom: 2 as Index, tail: [] },
  ...{ summed: false, ...fields },
})

test('[PR1] a promise is written before the answer that reveals it', () => {
  const state = member(b)
  const effects = receive(state, a, prepareBy(ballot(2, a)))
  expect(effects.persist).toEqual([{ type: 'promise', ballot: ballot(2, a) }])
  expect(effects.sendNow).toEqual([])
  expect(sent(effects, 'promised')[0]).toMatchObject({ to: a, message: { ballot: ballot(2, a) } })
})

test('[PR2] a Prepare below the promise is refused with the promise, and changes nothing', () => {
  const state = storeOf(b, { entries: founded, promised: ballot(5, c), accepted: first })
  const effects = receive(state, a, prepareBy(ballot(4, a)))
  expect(effects.persist).toEqual([])
  expect(sent(effects, 'nack')[0]?.message.promised).toEqual(ballot(5, c))
  expect(state.promised).toEqual(ballot(5, c))
})

test('[PR2] a store never promises two ballots with one number to two nodes', () => {
  const state = member(c)
  receive(state, b, prepareBy(ballot(2, b)))
  const effects = receive(state, a, prepareBy(ballot(2, a)))
  expect([state.promised, sent(effects, 'promised')]).toEqual([ballot(2, b), []])
})

test('[PR3] a repeated Prepare is answered again, and writes nothing', () => {
  const state = member(b)
  receive(state, a, prepareBy(ballot(2, a)))
  const again = receive(state, a, prepareBy(ballot(2, a)))
  expect([again.persist, sent(again, 'promised').length]).toEqual([[], 1])
})

test('[PR3] once the log of the ballot is here, a repeated Prepare is answered by Accepted', () => {
  const group = groupOf([a, b, c])
  group.elect(a)
  const again = receive(group.of(b), a, prepareBy(ballot(2, a)))
  expect([sent(again, 'promised').length, sent(again, 'accepted').length]).toEqual([0, 1])
})

test('[PR4] Prepare reveals the candidate’s own promise and waits for it, however often it is sent', () => {
  const state = member(a)
  const begun = act(state, (context) => startPreparing(context, [b, c]))
  expect([begun.sendNow, sent(begun, 'prepare').length]).toEqual([[], 2])
  const again = act(state, (context) => repeatPrepare(context, preparing(state), [b, c]))
  expect([again.sendNow, sent(again, 'prepare').length]).toEqual([[], 2])
})

test('[PR5] a store that has no vote here gets no new promise', () => {
  const state = member(a)
  const effects = receive(state, d, prepareBy(ballot(2, d)))
  expect(reasons(effects)).toEqual(['outsider'])
  expect([state.promised, sent(effects, 'nack').length]).toEqual([first, 1])
})

test('[PR5] a store that knows a newer configuration is no outsider', () => {
  const state = member(a)
  receive(state, d, prepareBy(ballot(2, d), { configIndex: 5 as Index }))
  expect(state.promised).toEqual(ballot(2, d))
})

test('[PR5] a store with an empty log promises to anybody of its group', () => {
  const state = storeOf(e, { accepted: zeroBallot })
  receive(state, d, prepareBy(ballot(2, d)))
  expect(state.promised).toEqual(ballot(2, d))
})

test('[PR6] a promise that was given is kept to a leader that was voted out since', () => {
  const entries = [...founded, noop(ballot(2, a)), config(ballot(2, a), b)]
  const state = storeOf(b, { entries, accepted: ballot(2, a), decidedEnd: 4 })
  const effects = receive(state, a, prepareBy(ballot(2, a), { configIndex: 3 as Index }))
  expect(sent(effects, 'accepted').length).toBe(1)
})

test.each([
  { mine: ballot(2, b), theirs: first, from: 2, why: 'a larger log: from what the leader decided' },
  { mine: first, theirs: ballot(2, b), from: 4, why: 'a smaller log: nothing' },
  { mine: first, theirs: first, from: 3, why: 'the same ballot: from the leader’s end' },
])('[PR7] a promise carries what the leader may lack; $why', ({ mine, theirs, from }) => {
  const entries = [...founded, noop(first), command(first, 0)]
  const state = storeOf(b, { entries, accepted: mine, decidedEnd: 2 })
  const asked = prepareBy(ballot(3, a), { accepted: theirs, logEnd: 3 as Index })
  const [answer] = sent(receive(state, a, asked), 'promised')
  expect(answer?.message.tailFrom).toBe(from)
  expect(answer?.message.tail).toEqual(entries.slice(from))
})

/** A candidate that asked, with its own promise durable. */
function candidate(self: ReplicaId, entries = founded, decidedEnd = 2) {
  const state = storeOf(self, { entries, decidedEnd })
  const begun = act(state, (context) => startPreparing(context, [b, c, d, e]))
  const [own] = sent(begun, 'promised')
  if (own !== undefined) receive(state, self, own.message)
  return state
}

test('[PR8] phase 1 is complete with a majority of the configuration in force', () => {
  const state = candidate(a)
  expect(state.role.phase).toBe('preparing')
  receive(state, b, promisedBy(b, ballot(2, a)))
  expect(state.role.phase).toBe('leading')
})

test('[PR8] an undecided configuration in the adopted log needs its majority too', () => {
  const tail = [noop(ballot(1, b)), config(ballot(1, b), c, d, e)]
  const state = candidate(a)
  const reported = { accepted: ballot(1, b), logEnd: 4 as Index, tail }
  receive(state, b, promisedBy(b, ballot(2, a), reported))
  expect(state.role.phase).toBe('preparing')
  receive(state, d, promisedBy(d, ballot(2, a)))
  expect(state.role.phase).toBe('preparing')
  receive(state, e, promisedBy(e, ballot(2, a)))
  expect(state.role.phase).toBe('leading')
})

test('[PR8] a configuration that is surely superseded does not count', () => {
  const entries = [...founded, config(first, a)]
  const state = candidate(a, entries, 3)
  expect(state.role.phase).toBe('leading')
})

test('[PR16] nobody leads before its own promise is on the disk, whoever promised already', () => {
  const state = storeOf(a, { entries: founded, decidedEnd: 2 })
  const begun = act(state, (context) => startPreparing(context, [b, c]))
  receive(state, b, promisedBy(b, ballot(2, a)))
  receive(state, c, promisedBy(c, ballot(2, a)))
  expect(state.role.phase).toBe('preparing')
  const [own] = sent(begun, 'promised')
  if (own !== undefined) receive(state, a, own.message)
  expect(state.role.phase).toBe('leading')
})

test('[PR9] the largest log by ballot, then length, is adopted', () => {
  const short = [noop(ballot(1, b))]
  const long = [command(first, 0), command(first, 1), command(first, 2)]
  const entries = [genesis, config(first, a, b, c, d, e)]
  const state = candidate(a, entries)
  receive(state, c, promisedBy(c, ballot(2, a), { logEnd: 5 as Index, tail: long }))
  const reported = { accepted: ballot(1, b), logEnd: 3 as Index, tail: short }
  receive(state, b, promisedBy(b, ballot(2, a), reported))
  expect(leading(state).firstIndex).toBe(3)
  expect(state.log.entries.slice(2, 3)).toEqual(short)
})

test('[PR9] the own log counts, and what it holds beyond the others is kept', () => {
  const entries = [...founded, command(first, 0)]
  const state = candidate(a, entries)
  receive(state, b, promisedBy(b, ballot(2, a)))
  expect(state.log.entries.slice(0, 3)).toEqual(entries)
})

test('[PR9] a part of the log that did not fit the promise is fetched before anything is adopted', () => {
  const tail = [command(first, 0), command(first, 1)]
  const state = candidate(a)
  const reported = { logEnd: 4 as Index, tail: tail.slice(0, 1) }
  const effects = receive(state, b, promisedBy(b, ballot(2, a), reported))
  expect(sent(effects, 'pull')).toEqual([
    { to: b, message: { type: 'pull', ballot: ballot(2, a), from: 3, end: 4 } },
  ])
  expect(state.role.phase).toBe('preparing')
  const rest = { type: 'chunk', ballot: ballot(2, a), accepted: first } as const
  receive(state, b, { ...rest, from: 3 as Index, entries: tail.slice(1) })
  expect(leading(state).firstIndex).toBe(4)
})

test('[PR9] pieces of another log, or with a hole before them, are not taken', () => {
  const state = candidate(a)
  const reported = { logEnd: 5 as Index, tail: [command(first, 0)] }
  receive(state, b, promisedBy(b, ballot(2, a), reported))
  const piece = { type: 'chunk', ballot: ballot(2, a), entries: [command(first, 2)] } as const
  const hole = receive(state, b, { ...piece, accepted: first, from: 4 as Index })
  const other = receive(state, b, { ...piece, accepted: ballot(1, c), from: 3 as Index })
  expect([reasons(hole), reasons(other)]).toEqual([['notNext'], ['otherAccepted']])
})

test('[PR10] votes are counted, not messages: a store that promises twice counts once', () => {
  const state = candidate(a, [genesis, config(first, a, b, c, d, e)])
  receive(state, b, promisedBy(b, ballot(2, a)))
  receive(state, b, promisedBy(b, ballot(2, a)))
  expect(state.role.phase).toBe('preparing')
})

test('[PR10] a store counts for each vote that it casts, and its largest report counts', () => {
  const state = candidate(a, [genesis, config(first, a, b, c, d, e)])
  const votes = [ownVote(b), ownVote(c)]
  const [shorter, longer] = [[command(first, 0)], [command(first, 0), command(first, 1)]]
  receive(state, b, promisedBy(b, ballot(2, a), { logEnd: 4 as Index, tail: longer }))
  const moved = { votes, logEnd: 3 as Index, tail: shorter }
  receive(state, b, promisedBy(b, ballot(2, a), moved))
  expect(leading(state).firstIndex).toBe(4)
})

test('[PR11] a promise of another ballot is not counted', () => {
  const state = candidate(a)
  const effects = receive(state, b, promisedBy(b, ballot(2, b)))
  expect([reasons(effects), state.role.phase]).toEqual([['otherBallot'], 'preparing'])
})

test('[PR11] a promise whose log does not join on to what is known here is not counted', () => {
  const state = candidate(a)
  const hole = { logEnd: 5 as Index, tailFrom: 4 as Index, tail: [command(first, 2)] }
  const effects = receive(state, b, promisedBy(b, ballot(2, a), hole))
  expect([reasons(effects), state.role.phase]).toEqual([['tailDoesNotJoin'], 'preparing'])
})

test('[PR12] a store that goes takes its promise with it', () => {
  const state = candidate(a, [genesis, config(first, a, b, c, d, e)])
  receive(state, b, promisedBy(b, ballot(2, a)))
  act(state, (context) => forgetPromiser(context, b))
  receive(state, c, promisedBy(c, ballot(2, a)))
  expect(state.role.phase).toBe('preparing')
  receive(state, b, promisedBy(b, ballot(2, a)))
  expect(state.role.phase).toBe('leading')
})

test('[PR13] a leader that a majority refuses steps down and raises no ballot', () => {
  const group = groupOf([a, b, c])
  group.elect(a)
  const state = group.of(a)
  const refusal = { type: 'nack', ballot: ballot(2, a), promised: ballot(9, b) } as const
  receive(state, b, { ...refusal, votes: [ownVote(b)] })
  expect(state.role.phase).toBe('leading')
  receive(state, c, { ...refusal, votes: [ownVote(c)] })
  expect([state.role.phase, state.promised]).toEqual(['follower', ballot(2, a)])
  expect(state.highestSeen).toEqual(ballot(9, b))
})

test('[PR14] a higher promise ends a leadership of one’s own', () => {
  const group = groupOf([a, b, c])
  group.elect(a)
  receive(group.of(a), b, prepareBy(ballot(3, b)))
  expect([group.of(a).role.phase, group.of(a).promised]).toEqual(['follower', ballot(3, b)])
})

test('[PR15] a restart keeps what was promised and accepted, and no leadership', () => {
  const group = groupOf([a, b, c])
  group.elect(a)
  const { promised, accepted, log, decidedEnd } = group.of(a)
  const again = freshProtocol(a, group.of(a).incarnation, [ownVote(a)])
  const durable = { promised, accepted, entries: log.entries, decidedEnd }
  const context = contextOf(again)
  const estate = { votes: again.votes, armed: undefined, receipts: new Map() }
  recover(context, { ...durable, estate })
  expect(again).toMatchObject({ promised, accepted, decidedEnd, role: { phase: 'follower' } })
  expect([context.out.persist, context.out.send, context.out.sendNow]).toEqual([[], [], []])
  expect(context.out.apply.map(({ index }) => index)).toEqual(
    [...log.entries.keys()].slice(0, decidedEnd),
  )
})

test('[PR15] after a restart nobody counts for, or appends to, a ballot of an earlier start', () => {
  const state = storeOf(a, { entries: founded, accepted: ballot(2, a), decidedEnd: 2 })
  const late = receive(state, b, promisedBy(b, ballot(2, a)))
  expect([reasons(late), state.role.phase]).toEqual([['otherBallot'], 'follower'])
  act(state, (context) => startPreparing(context, []))
  expect(state.promised).toEqual(ballot(3, a))
})
