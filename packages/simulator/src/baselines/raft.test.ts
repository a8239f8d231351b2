/** Rules of Raft that a storm of faults meets too seldom, one server at a time. */
import { expect, test } from 'vitest'
import type { Entry, Incarnation, ReplicaId, WallMillis } from '@unanimous/core/internal'
import { zeroBallot } from '@unanimous/core/internal'
import { Rng } from '../rng.ts'
import type { Effects, Machine } from './machine.ts'
import { raft } from './raft.ts'
import type { RaftMessage, RaftOptions } from './raft-state.ts'
import { ballotOf } from './raft-state.ts'

const [a, b, c, d, e] = ['a', 'b', 'c', 'd', 'e'] as readonly string[] as readonly [
  ReplicaId,
  ReplicaId,
  ReplicaId,
  ReplicaId,
  ReplicaId,
]

const noop = (term: number): Entry => ({
  kind: 'noop',
  ballot: ballotOf(term, e),
  stamp: 0 as WallMillis,
})

const plain: RaftOptions = { preVote: false, checkQuorum: false }

class Server {
  readonly machine: Machine<RaftMessage>
  now = 0

  constructor(log: readonly Entry[], term: number, options: RaftOptions = plain) {
    this.machine = raft(options).start(
      {
        self: a,
        incarnation: 1 as Incarnation,
        voters: [a, b, c, d, e],
        rng: new Rng(1),
        turn: undefined,
      },
      {
        group: undefined,
        promised: ballotOf(term, ''),
        accepted: zeroBallot,
        entries: log,
        decidedEnd: 0 as never,
        estate: { votes: [], armed: undefined, receipts: new Map() },
      },
      0,
    )
  }

  /** As if the disk were instant: what it says to itself arrives at once. */
  take(from: ReplicaId, message: RaftMessage): readonly Effects<RaftMessage>['send'][number][] {
    const type = from === a ? 'durable' : 'received'
    const input =
      type === 'durable' ? ({ type, message } as const) : ({ type, from, message } as const)
    return this.#settle(this.machine.step(input, this.now))
  }

  waitForElection(): readonly Effects<RaftMessage>['send'][number][] {
    this.now += 1001
    return this.#settle(this.machine.step({ type: 'tick' }, this.now))
  }

  #settle({
    sendNow,
    send,
  }: Effects<RaftMessage>): readonly Effects<RaftMessage>['send'][number][] {
    const sent = [...sendNow, ...send]
    const own = sent.filter(({ to }) => to === a)
    return [
      ...sent.filter(({ to }) => to !== a),
      ...own.flatMap(({ message }) => this.take(a, message)),
    ]
  }

  vote(from: ReplicaId, term: number): void {
    this.take(from, { type: 'vote', pre: false, term, granted: true })
  }

  ack(from: ReplicaId, term: number, end: number): void {
    this.take(from, { type: 'appended', term, ok: true, from: 0, end })
  }
}

test('[BL3] an entry of an older term is not committed by counting, only below one of the own term', () => {
  const server = new Server([noop(1), noop(2)], 3)
  server.waitForElection()
  server.vote(b, 4)
  server.vote(c, 4)
  expect(server.machine.leading()?.num).toBe(4)
  // A majority holds the entry of term 2 (thesis, figure 3.7).
  server.ack(b, 4, 2)
  server.ack(c, 4, 2)
  expect(server.machine.decidedEnd()).toBe(0)
  server.ack(b, 4, 3)
  server.ack(c, 4, 3)
  expect(server.machine.decidedEnd()).toBe(3)
})

test.each([
  { lastTerm: 2, logEnd: 1, granted: true },
  { lastTerm: 1, logEnd: 9, granted: false },
  { lastTerm: 1, logEnd: 2, granted: false },
  { lastTerm: 2, logEnd: 0, granted: false },
])('[BL3] a log that ends with term $lastTerm at $logEnd gets a vote: $granted', (message) => {
  const { granted, ...rest } = message
  const server = new Server([noop(2)], 2)
  const [answer] = server.take(b, { type: 'requestVote', pre: false, term: 3, ...rest })
  expect(answer?.message).toMatchObject({ type: 'vote', term: 3, granted })
})

test('[BL3] one vote a term', () => {
  const server = new Server([], 0)
  const request = { type: 'requestVote', pre: false, term: 1, lastTerm: 0, logEnd: 0 } as const
  expect(server.take(b, request)[0]?.message).toMatchObject({ granted: true })
  expect(server.take(c, request)[0]?.message).toMatchObject({ granted: false })
  expect(server.take(b, request)[0]?.message).toMatchObject({ granted: true })
})

test('[BL3] with CheckQuorum a candidate is ignored while a leader is heard, and with it alone', () => {
  const heartbeat = {
    type: 'append',
    term: 1,
    from: 0,
    previousTerm: 0,
    entries: [],
    committedEnd: 0,
  } as const
  const request = { type: 'requestVote', pre: false, term: 2, lastTerm: 0, logEnd: 0 } as const
  const [strict, lax] = [{ preVote: true, checkQuorum: true }, plain].map(
    (options) => new Server([], 1, options),
  )
  strict?.take(b, heartbeat)
  lax?.take(b, heartbeat)
  expect(strict?.take(c, request)).toEqual([])
  expect(lax?.take(c, request)).toHaveLength(1)
  if (strict !== undefined) strict.now += 500
  expect(strict?.take(c, request)).toHaveLength(1)
})

test('[BL3] a pre-vote raises no term, and is refused while a leader is heard', () => {
  const server = new Server([], 1, { preVote: true, checkQuorum: false })
  const request = { type: 'requestVote', pre: true, term: 2, lastTerm: 0, logEnd: 0 } as const
  expect(server.take(c, request)[0]?.message).toMatchObject({ pre: true, granted: true, term: 2 })
  expect(server.machine.promised().num).toBe(1)
  server.take(b, {
    type: 'append',
    term: 1,
    from: 0,
    previousTerm: 0,
    entries: [],
    committedEnd: 0,
  })
  expect(server.take(c, request)[0]?.message).toMatchObject({ pre: true, granted: false, term: 1 })
})
