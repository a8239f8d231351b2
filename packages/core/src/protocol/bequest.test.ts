import { expect, test } from 'vitest'
import type { ProtocolState } from './state.ts'
import type { Armed } from './estate.ts'
import type { Index, ReplicaId, VoteId } from './ids.ts'
import { incarnation, ownVote, renewedVote } from './ids.ts'
import type { Bequest } from './message.ts'
import {
  arm,
  askHeir,
  bequeath,
  dropSpentVotes,
  onBequest,
  onNoted,
  onResolve,
  onVerdict,
  renewSpentVotes,
  retryLate,
} from './bequest.ts'
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
  preparing,
  reasons,
  receive,
  sent,
  storeOf,
} from '../testing/stores.ts'

const one = incarnation(1)
const [voteA, voteB] = [ownVote(a), ownVote(b)]
const log = [genesis, config(first, a, b, c)]

/** `heir` of `b`, with the same log as all. */
const heirStore = (): ProtocolState => storeOf(a, { entries: log, decidedEnd: 2 })

const left = (fields: Partial<Bequest> = {}): Bequest => ({
  ...{ type: 'bequest', incarnation: one, votes: [voteB], promised: first, accepted: first },
  ...{ logEnd: 2 as Index, decidedEnd: 2 as Index, tailFrom: 2 as Index, tail: [] },
  ...fields,
})

const take = (state: ProtocolState, message = left(), from = b) =>
  act(state, (context) => onBequest(context, from, message))
const noted = (state: ProtocolState) => act(state, (context) => void onNoted(context, state.self))

const armedTo = (heir: ReplicaId): Armed => ({ heir, incarnation: incarnation(9) })

test('[BQ1] votes that were taken are cast once they are on the disk', () => {
  const state = heirStore()
  const out = take(state)
  expect(out.persist.map(({ type }) => type)).toEqual(['receipt', 'votes'])
  expect(state.votes).toEqual([voteA])
  noted(state)
  expect(state.votes).toEqual([voteA, voteB])
})

test('[BQ1] a leader counts what it took, and a candidate promises with it again', () => {
  const group = groupOf([a, b, c])
  group.elect(a)
  const state = group.of(a)
  take(state, left({ promised: leading(state).ballot }))
  const out = noted(state)
  expect(sent(out, 'accepted')).toMatchObject([{ to: a, message: { votes: [voteA, voteB] } }])
  const candidate = heirStore()
  act(candidate, (context) => context.state.role)
  candidate.promised = ballot(3, a)
  candidate.role = {
    ...{ phase: 'preparing', ballot: ballot(3, a), progressAt: 0 as never },
    ...{ promises: new Map(), refusals: new Map() },
  }
  take(candidate)
  expect(sent(noted(candidate), 'promised')).toMatchObject([
    { to: a, message: { votes: [voteA, voteB] } },
  ])
  expect(preparing(candidate).ballot).toEqual(ballot(3, a))
})

test('[BQ2] nothing is left to anybody while an heir is being written', () => {
  const state = heirStore()
  act(state, (context) => arm(context, b))
  const out = act(state, (context) => bequeath(context, undefined, true))
  expect([out.sendNow, state.estate.notSent, state.votes]).toEqual([[], true, []])
})

test('[BQ3] a page that closes leaves its votes, or notes that it does not, never both', () => {
  const state = heirStore()
  act(state, (context) => arm(context, b))
  noted(state)
  const out = act(state, (context) => bequeath(context, undefined, true))
  expect(sent(out, 'bequest')).toMatchObject([{ to: b, message: { votes: [voteA], logEnd: 2 } }])
  expect([state.estate.notSent, state.votes]).toEqual([false, []])
  const healthy = heirStore()
  act(healthy, (context) => arm(context, b))
  noted(healthy)
  const nothing = act(healthy, (context) => bequeath(context, undefined, false))
  expect([nothing.sendNow, healthy.estate.notSent]).toEqual([[], true])
})

test('[BQ3] what the heir lacks goes along, if it fits', () => {
  const entries = [...log, command(first, 0), command(first, 1, a, 100)]
  const known = { accepted: first, logEnd: 3 as Index, decidedEnd: 2 as Index }
  const tailOf = (bytes: number, at: typeof known) => {
    const big = command(first, 2, a, bytes)
    const state = storeOf(a, {
      entries: [...entries, big],
      decidedEnd: 2,
      armed: { heir: b, incarnation: one },
    })
    const [will] = sent(
      act(state, (context) => bequeath(context, at, true)),
      'bequest',
    )
    return [will?.message.tailFrom, will?.message.tail.length]
  }
  expect(tailOf(10, known)).toEqual([3, 2])
  expect(tailOf(10, { ...known, accepted: ballot(2, b) })).toEqual([2, 3])
  expect(tailOf(20_000, known)).toEqual([5, 0])
})

test.each([
  { why: 'a longer log of its ballot', fields: { logEnd: 3 as Index, tailFrom: 3 as Index } },
  { why: 'a newer ballot', fields: { promised: ballot(2, b), accepted: ballot(2, b) } },
])('[BQ4] what the heir does not cover it does not take: $why', ({ fields }) => {
  const state = heirStore()
  const message = left({ ...fields, tailFrom: 3 as Index })
  expect(reasons(take(state, message))).toEqual(['notCovered'])
  expect(state.estate.receipts.size).toBe(0)
})

test('[BQ4] it takes it later, when it has what it lacked', () => {
  const state = heirStore()
  take(state, left({ logEnd: 3 as Index, tailFrom: 3 as Index }))
  act(state, (context) => retryLate(context))
  expect(state.estate.receipts.size).toBe(0)
  const entries = [command(first, 0)]
  receive(state, a, {
    ...{ type: 'accept', ballot: first, from: 2 as Index, entries, decidedEnd: 2 as Index },
  })
  act(state, (context) => retryLate(context))
  expect(state.estate.receipts.get(b)?.verdict).toBe('held')
})

test('[BQ4] or at once, with the part of the log that came along', () => {
  const state = heirStore()
  const tail = [command(first, 0), noop(first)]
  take(state, left({ logEnd: 4 as Index, tail }))
  expect([state.log.entries.length, state.accepted]).toEqual([4, first])
  noted(state)
  expect(state.votes).toEqual([voteA, voteB])
})

test('[BQ4] the heir promises what the votes promised, and leads no lower ballot any more', () => {
  const group = groupOf([a, b, c])
  group.elect(a)
  const state = group.of(a)
  take(state, left({ promised: ballot(9, c) }))
  expect([state.promised, state.role.phase]).toEqual([ballot(9, c), 'follower'])
})

test.each([0, 1])(
  '[BQ5] a bequest of an earlier or the same start is taken once, %i before',
  (back) => {
    const state = heirStore()
    take(state, left({ incarnation: incarnation(2) }))
    expect(reasons(take(state, left({ incarnation: incarnation(2 - back) })))).toEqual(['settled'])
  },
)

test('[BQ6] a store that may have left its votes casts none, and asks', () => {
  const state = storeOf(b, { entries: log, armed: armedTo(a) })
  expect(state.votes).toEqual([])
  const out = act(state, (context) => askHeir(context))
  expect(out.sendNow).toEqual([{ to: a, message: { type: 'resolve', incarnation: 9 } }])
  expect(reasons(take(state, left(), c))).toEqual(['unresolved'])
})

test('[BQ7] an heir answers for ever what it answered once, and writes it down first', () => {
  const state = heirStore()
  const resolve = { type: 'resolve', incarnation: one } as const
  const out = act(state, (context) => onResolve(context, b, resolve))
  expect(out.persist).toMatchObject([{ type: 'receipt', receipt: { verdict: 'void' } }])
  expect(sent(out, 'verdict')).toMatchObject([{ to: b, message: { to: b, verdict: 'void' } }])
  expect([out.sendNow, reasons(take(state))]).toEqual([[], ['settled']])
  const again = act(state, (context) => onResolve(context, b, resolve))
  expect([again.persist, sent(again, 'verdict')]).toMatchObject([
    [],
    [{ message: { verdict: 'void' } }],
  ])
})

test('[BQ8] nothing was taken: the votes are its own again', () => {
  const state = storeOf(b, { entries: log, armed: armedTo(a) })
  const verdict = { type: 'verdict', to: b, incarnation: incarnation(9), votes: [] } as const
  act(state, (context) => onVerdict(context, a, { ...verdict, verdict: 'void' }))
  expect(state.votes).toEqual([voteB])
})

test('[BQ8] they were taken: it goes on with a vote that claimed nothing, once that is written', () => {
  const state = storeOf(b, { entries: log, armed: armedTo(a) })
  const verdict = { type: 'verdict', to: b, incarnation: incarnation(9), votes: [voteB] } as const
  const out = act(state, (context) => onVerdict(context, a, { ...verdict, verdict: 'held' }))
  expect(out.persist.map(({ type }) => type)).toEqual(['arm', 'votes'])
  expect(state.votes).toEqual([])
  noted(state)
  expect(state.votes).toEqual([renewedVote(b, one)])
})

test.each([
  { why: 'notForUs', from: a, fields: { to: c } },
  { why: 'notAskedFor', from: c, fields: {} },
  { why: 'notAskedFor', from: a, fields: { incarnation: incarnation(8) } },
])('[BQ8] an answer that is not the heir’s to this question is not believed: $why', (scene) => {
  const state = storeOf(b, { entries: log, armed: armedTo(a) })
  const verdict = { type: 'verdict', to: b, incarnation: incarnation(9), votes: [] } as const
  const message = { ...verdict, verdict: 'void' as const, ...scene.fields }
  const out = act(state, (context) => onVerdict(context, scene.from, message))
  expect([reasons(out), state.votes]).toEqual([[scene.why], []])
})

test('[BQ9] a bequest carries what is durable: what was only just taken stays', () => {
  const state = storeOf(a, { entries: log, decidedEnd: 2, armed: { heir: c, incarnation: one } })
  take(state)
  const out = act(state, (context) => bequeath(context, undefined, true))
  expect(sent(out, 'bequest').map(({ message }) => message.votes)).toEqual([[voteA]])
})

test('[BQ10] a vote of somebody else that was voted out is dropped', () => {
  const votes: readonly VoteId[] = [voteA, voteB]
  const entries = [...log, config(first, a)]
  const state = storeOf(a, { entries, decidedEnd: 3, votes })
  act(state, (context) => dropSpentVotes(context))
  expect(state.votes).toEqual([voteA])
  const still = storeOf(a, { entries: log, decidedEnd: 2, votes })
  act(still, (context) => dropSpentVotes(context))
  expect(still.votes).toEqual(votes)
})

test('[BQ21] a store whose heir does not answer takes a new vote once its old one counts nowhere', () => {
  const entries = [...log, config(first, a, c)]
  const state = storeOf(b, { entries, decidedEnd: 3, armed: armedTo(a) })
  const out = act(state, (context) => renewSpentVotes(context))
  expect(out.persist.map(({ type }) => type)).toEqual(['arm', 'votes'])
  expect(state.votes).toEqual([])
  noted(state)
  expect(state.votes).toEqual([renewedVote(b, one)])
  expect(act(state, (context) => renewSpentVotes(context)).persist).toEqual([])
})

test.each([
  ['may count yet', { entries: log, decidedEnd: 2 }],
  ['counts below an end that is not decided', { entries: [...log, config(first, a, c)] }],
  ['may be counted by a log that it lacks', { entries: [] }],
  ['may be counted in a ballot that it only promised', { promised: ballot(9, c) }],
])('[BQ21] a store whose heir does not answer keeps a vote that %s', (_why, begin) => {
  const gone = [...log, config(first, a, c)]
  const state = storeOf(b, { entries: gone, decidedEnd: 0, armed: armedTo(a), ...begin })
  const out = act(state, (context) => renewSpentVotes(context))
  expect([out.persist, state.estate.armed]).toEqual([[], armedTo(a)])
})

test('[BQ1] nobody else can say that a write of this store is durable', () => {
  const state = heirStore()
  take(state)
  expect(reasons(act(state, (context) => void onNoted(context, b)))).toEqual(['notOurs'])
})
