/** The checker must be able to fail: each kind of wrong history is refused, the right one is not. */
import type { Entry, Index, ReplicaId } from '@unanimous/core/internal'
import { incarnation, outOfSession, replicaId, wallMillis } from '@unanimous/core/internal'
import { expect, test } from 'vitest'
import type { Proposals, Witness } from './agreement.ts'
import { Agreement, proposalKey } from './agreement.ts'

const a = replicaId('a'.repeat(32))
const b = replicaId('b'.repeat(32))
const start = incarnation(1)
const witness = (name: string, id: ReplicaId, at = start): Witness => ({
  name,
  id,
  incarnation: at,
})
const [anna, bert] = [witness('anna', a), witness('bert', b)]

const noop: Entry = { kind: 'noop', ballot: { num: 1, node: a }, stamp: wallMillis(1) }
const command = (seq: number, byte = seq): Entry => ({
  kind: 'command',
  ballot: { num: 1, node: a },
  stamp: wallMillis(1),
  author: a,
  incarnation: start,
  ...outOfSession,
  seq,
  command: Uint8Array.of(byte),
})

function agreement(): Agreement {
  const proposals: Proposals = new Map()
  for (const seq of [0, 1, 2]) {
    proposals.set(proposalKey({ author: a, incarnation: start, seq }), Uint8Array.of(seq))
  }
  return new Agreement(proposals)
}

function learn(to: Agreement, by: Witness, ...entries: readonly Entry[]): void {
  entries.forEach((entry, at) => to.learned(by, { index: at as Index, entry, repeat: false }))
}

test('the same history told by two replicas, and again after a restart, is accepted', () => {
  const history = agreement()
  learn(history, anna, noop, command(0), command(1))
  learn(history, bert, noop, command(0))
  learn(history, witness('bert', b, incarnation(2)), noop, command(0), command(1))
  expect(history.length).toBe(3)
})

test('two entries at one index are a violation of agreement', () => {
  const history = agreement()
  learn(history, anna, noop, command(0))
  expect(() => learn(history, bert, noop, command(1))).toThrow('agreement: at 1 anna has command')
})

test('another entry after a restart of the same replica is a violation of agreement', () => {
  const history = agreement()
  learn(history, anna, noop, command(0))
  const again = witness('anna', a, incarnation(2))
  expect(() => learn(history, again, noop, noop)).toThrow('agreement: at 1')
})

test('the same proposal with other bytes is a violation of validity', () => {
  expect(() => learn(agreement(), anna, noop, command(0, 9))).toThrow('validity: command')
})

test('a command that nobody proposed is a violation of validity', () => {
  expect(() => learn(agreement(), anna, noop, command(7))).toThrow('validity: nobody proposed')
})

test('a command that runs twice is found', () => {
  expect(() => learn(agreement(), anna, command(0), command(0))).toThrow('exactlyOnce: command')
})

test('a repetition that is skipped as such is accepted', () => {
  const history = agreement()
  learn(history, anna, command(0))
  history.learned(anna, { index: 1 as Index, entry: command(0), repeat: true })
  expect(history.length).toBe(2)
})

test('replicas that differ on whether an entry is a repetition are found', () => {
  const history = agreement()
  learn(history, anna, command(0))
  const differing = { index: 0 as Index, entry: command(0), repeat: true }
  expect(() => history.learned(bert, differing)).toThrow('exactlyOnce: bert and anna differ')
})

test('a hole in what one replica learns is found', () => {
  const ahead = { index: 1 as Index, entry: noop, repeat: false }
  expect(() => agreement().learned(anna, ahead)).toThrow('order: anna learned 1 after 0')
})

const lower = { num: 1, node: a }
const higher = { num: 2, node: b }

function decidedIn(ballot: typeof lower): Agreement {
  const history = agreement()
  history.learned(anna, { index: 0 as Index, entry: noop, repeat: false }, ballot)
  return history
}

test('[NC4] a leader whose log lacks what was decided in a lower ballot is found', () => {
  const history = decidedIn(lower)
  expect(() => history.led(bert, higher, [])).toThrow(
    'completeness: bert leads 2 with nothing at 0',
  )
  expect(() => history.led(bert, higher, [command(0)])).toThrow('completeness: bert leads 2 with')
})

test('[NC4] a leader needs nothing of what was decided above its ballot', () => {
  expect(() => decidedIn(higher).led(anna, lower, [])).not.toThrow()
  expect(() => decidedIn(lower).led(bert, higher, [noop])).not.toThrow()
})
