import { expect, test } from 'vitest'
import {
  a,
  act,
  b,
  ballot,
  c,
  groupOf,
  leading,
  reasons,
  receive,
  sent,
} from '../testing/stores.ts'
import type { Effects } from './effects.ts'
import type { Proposal } from './entry.ts'
import { outOfSession } from './entry.ts'
import { incarnation, index } from './ids.ts'
import { commandBytesMax, resendMs, sessionWindow, undecidedBytesMax } from './limits.ts'
import type { Propose } from './message.ts'
import { becomeFollower } from './prepare.ts'
import { appendQueue, forwardOutbox, propose, rehandOutbox, withdraw } from './proposals.ts'
import type { ProtocolState } from './state.ts'

const two = ballot(2, a)
const start = incarnation(1)

const proposal = (seq: number, length = 1): Proposal => ({
  ...{ author: b, incarnation: start, seq },
  command: new Uint8Array(length),
})

const proposeBy = (seq: number, lengths: readonly number[], author = b): Propose => ({
  ...{ type: 'propose', author, incarnation: start, session: index(1), low: seq, seq },
  commands: lengths.map((length) => new Uint8Array(length)),
})

/** `b` follows `a` and has proposed 0, 1, 2. */
function author(): ProtocolState {
  const state = groupOf([a, b, c]).of(b)
  for (const seq of [0, 1, 2]) act(state, (context) => propose(context, proposal(seq)))
  return state
}

const forward = (state: ProtocolState, to = two, now = 0): Effects =>
  act(state, (context) => forwardOutbox(context, to), now)

const handed = (effects: Effects): readonly number[] =>
  sent(effects, 'propose').flatMap(({ message }) =>
    message.commands.map((_command, offset) => message.seq + offset),
  )

test('[PP1] a leadership is handed each proposal once, those that follow each other in one message', () => {
  const state = author()
  const effects = forward(state)
  expect([sent(effects, 'propose').length, handed(effects)]).toEqual([1, [0, 1, 2]])
  expect(handed(forward(state))).toEqual([])
})

test('[PP1] without a leader nothing is handed over', () => {
  expect(handed(forward(author(), ballot(0, a)))).toEqual([0, 1, 2].slice(3))
})

test('[PP2] another leadership, of the same store too, is handed what is not decided', () => {
  const state = author()
  forward(state)
  expect(handed(forward(state, ballot(3, a)))).toEqual([0, 1, 2])
})

test('[PP2] over a new link all is handed once more', () => {
  const state = author()
  forward(state)
  rehandOutbox(state, a)
  expect(handed(forward(state))).toEqual([0, 1, 2])
})

test('[PP2] what is overtaken, or waits while none is decided, is handed once more after a while', () => {
  const state = author()
  forward(state)
  expect(handed(forward(state, two, resendMs - 1))).toEqual([])
  expect(handed(forward(state, two, resendMs))).toEqual([0, 1, 2])
})

test('[PP3] only what no leader was ever handed can be taken back', () => {
  const state = author()
  const taken = act(state, (context) => withdraw(context, 1))
  expect(taken.notify).toEqual([
    { type: 'withdrawn', id: { author: b, incarnation: start, seq: 1 } },
  ])
  forward(state)
  rehandOutbox(state, a)
  expect(act(state, (context) => withdraw(context, 0)).notify).toEqual([])
  expect([...state.outbox.keys()]).toEqual(['1.0', '1.2'])
})

/** `a` leads; nothing that it sends is answered, so nothing more is decided. */
function leader(): ProtocolState {
  const group = groupOf([a, b, c])
  group.elect(a)
  return group.of(a)
}

test.each([
  { why: 'notItsAuthor', message: proposeBy(0, [1], c) },
  { why: 'outsideItsWindow', message: { ...proposeBy(sessionWindow, [1]), low: 0 } },
  { why: 'commandTooLarge', message: proposeBy(0, [1, commandBytesMax + 1]) },
])('[PP4] a leader refuses commands that are $why', ({ why, message }) => {
  const state = leader()
  expect([reasons(receive(state, b, message)), state.queue]).toEqual([[why], []])
})

test('[PP4] a leader refuses more than it may hold undecided', () => {
  const state = leader()
  const full = Math.floor(undecidedBytesMax / commandBytesMax)
  for (let seq = 0; seq < full; seq += 1) receive(state, b, proposeBy(seq, [commandBytesMax]))
  const effects = receive(state, b, proposeBy(full, [commandBytesMax]))
  expect([reasons(effects), state.queue.length]).toEqual([['overloaded'], full])
})

test('[PP4] nobody but a leader, or who is about to lead, takes proposals', () => {
  const state = groupOf([a, b, c]).of(a)
  expect(reasons(receive(state, b, proposeBy(0, [1])))).toEqual(['notLeading'])
})

test('[PP4] who stops leading forgets what waits; its authors hand it to the next leader', () => {
  const state = leader()
  receive(state, b, proposeBy(0, [1]))
  becomeFollower(state)
  expect([state.queue, state.queueBytes]).toEqual([[], 0])
})

test('[PP7] what was executed already is not appended again, and takes no room of what was not', () => {
  const group = groupOf([a, b, c])
  group.elect(a)
  const state = group.of(a)
  group.append(a, 0)
  group.settle()
  const again = { ...proposeBy(0, [1]), author: a, commands: [Uint8Array.of(0), Uint8Array.of(1)] }
  act(state, ({ state: { queue, incarnation: own } }) => {
    for (const seq of [0, 0, 0, 1]) {
      const command = again.commands[seq] ?? new Uint8Array()
      queue.push({ author: a, incarnation: own, seq, command, ...outOfSession })
    }
  })
  const before = state.log.entries.length
  // For one command of one byte, with its entry.
  act(state, (context) => appendQueue(context, leading(state), 10))
  expect(state.log.entries.slice(before)).toMatchObject([{ kind: 'command', seq: 1 }])
})

test('[PP5] a decided proposal leaves the outbox', () => {
  const group = groupOf([a, b, c])
  group.elect(a)
  group.act(b, (context) => propose(context, proposal(0)))
  group.act(b, (context) => forwardOutbox(context, two))
  group.settle()
  group.act(a, (context) => appendQueue(context, leading(group.of(a))))
  group.append(a, 0)
  group.settle()
  group.append(a, 1)
  group.settle()
  expect(group.of(b).outbox.size).toBe(0)
})
