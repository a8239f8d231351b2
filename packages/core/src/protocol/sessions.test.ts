import { expect, test } from 'vitest'
import { a, act, b, c, first, groupOf } from '../testing/stores.ts'
import type { CommandEntry } from './entry.ts'
import type { Index, WallMillis } from './ids.ts'
import { incarnation, index, wallMillis } from './ids.ts'
import { sessionIdleMs, sessionsKeptMax, sessionWindow } from './limits.ts'
import { raiseDecided } from './decide.ts'
import { appendToLog, logEnd } from './log.ts'
import { forwardOutbox, propose } from './proposals.ts'
import type { Execution, Sessions } from './sessions.ts'
import {
  execute,
  isForgotten,
  loadSessions,
  noSessions,
  recordsOf,
  wasExecuted,
} from './sessions.ts'

const start = incarnation(1)
const late = wallMillis(sessionIdleMs + 1)

const command = (seq: number, more: Partial<CommandEntry> = {}): CommandEntry => ({
  ...{ kind: 'command', ballot: first, stamp: wallMillis(0), author: b, incarnation: start },
  ...{ session: index(1), low: 0, seq, command: Uint8Array.of(seq) },
  ...more,
})

const runIn = (sessions: Sessions, ...entries: readonly CommandEntry[]): readonly Execution[] =>
  entries.map((entry, at) => execute(sessions, entry, index(1000 + at)))

test('[PP6] a proposal runs once, in whatever order and however often it is decided', () => {
  const sessions = noSessions()
  const order = [2, 0, 2, 1, 0, 3, 1, 3, 3]
  const ran = order.filter((seq) => runIn(sessions, command(seq))[0] === 'runs')
  expect(ran).toEqual([2, 0, 1, 3])
  for (const seq of [0, 1, 2, 3, 4]) {
    expect(wasExecuted(sessions, command(seq))).toBe(seq < 4)
  }
})

test('[XO1] what an author never asks for again is not remembered one by one', () => {
  const sessions = noSessions()
  runIn(sessions, command(5), command(7), command(9, { low: 8 }))
  expect(recordsOf(sessions)).toMatchObject([{ end: 8, ahead: [9] }])
  expect(runIn(sessions, command(8, { low: 8 }))).toEqual(['runs'])
  expect(recordsOf(sessions)).toMatchObject([{ end: 10, ahead: [] }])
})

test('[XO1] a number too far ahead of what is unanswered never runs', () => {
  const [inside, outside] = [sessionWindow - 1, sessionWindow]
  expect(runIn(noSessions(), command(inside), command(outside))).toEqual(['runs', 'expired'])
})

test('[XO2] a session that nobody used for long, by the log’s own time, is forgotten and never runs anything again', () => {
  const sessions = noSessions()
  const again = command(1, { stamp: late })
  expect(runIn(sessions, command(0), command(0, { author: c, session: index(5) }))).toEqual([
    'runs',
    'runs',
  ])
  expect(runIn(sessions, again)).toEqual(['expired'])
  expect(isForgotten(sessions, again)).toBe(true)
  expect(runIn(sessions, command(0, { session: index(6), stamp: late }))).toEqual(['runs'])
})

test('[XO2] a session that goes on being used is kept', () => {
  const half = wallMillis(sessionIdleMs)
  const sessions = noSessions()
  runIn(sessions, command(0), command(1, { stamp: half }))
  expect(runIn(sessions, command(2, { stamp: wallMillis(2 * half) }))).toEqual(['runs'])
})

test('[XO2] of too many sessions the one that was used least recently is forgotten', () => {
  const sessions = noSessions()
  const of = (at: number): CommandEntry => command(0, { incarnation: incarnation(at) })
  for (let at = 1; at <= sessionsKeptMax; at += 1) runIn(sessions, of(at))
  runIn(sessions, command(1, { incarnation: incarnation(1) }), of(sessionsKeptMax + 1))
  expect(sessions.known.size).toBe(sessionsKeptMax)
  expect(isForgotten(sessions, of(1))).toBe(false)
  expect(isForgotten(sessions, of(2))).toBe(true)
})

test('[XO2] a session that claims to begin later than its first command never runs anything', () => {
  expect(execute(noSessions(), command(0, { session: index(8) }), index(7))).toBe('expired')
})

test('[XO3] what is stored of sessions goes on as if nothing had been stored', () => {
  const sessions = noSessions()
  runIn(sessions, command(0, { author: c, session: index(7) }), command(3, { stamp: late }))
  runIn(sessions, command(0, { session: index(8), stamp: late }))
  const again = noSessions()
  loadSessions(again, recordsOf(sessions), sessions.floor)
  expect(again).toEqual(sessions)
  expect([...again.known.keys()]).toEqual([...sessions.known.keys()])
})

test('[XO3] commands of the time before there were sessions run as they did then, however late', () => {
  const old = { session: index(0), low: 0 }
  const sessions = noSessions()
  const entries = [command(0, old), command(1, { ...old, stamp: late }), command(0, old)]
  expect(runIn(sessions, ...entries)).toEqual(['runs', 'runs', 'repeat'])
})

/** `b` has proposed 0 and handed it to its leader; then its session is forgotten by what is decided. */
function forgotten(): ReturnType<typeof groupOf> {
  const group = groupOf([a, b, c])
  const state = group.of(b)
  const proposal = { author: b, incarnation: start, seq: 0, command: Uint8Array.of(0) }
  act(state, (context) => propose(context, proposal))
  act(state, (context) => forwardOutbox(context, { num: 2, node: a }))
  state.sessions.floor = ((state.session ?? 0) + 1) as Index
  return group
}

test('[XO4] the author of what an expired session left is told that nobody knows, and begins another session', () => {
  const state = forgotten().of(b)
  const known = state.decidedEnd + 5
  const next = { author: b, incarnation: start, seq: 1, command: Uint8Array.of(1) }
  act(state, (context) => propose(context, next))
  const effects = act(state, (context) => forwardOutbox(context, { num: 3, node: a }, known))
  const id = { author: b, incarnation: start, seq: 0 }
  expect(effects.notify).toEqual([{ type: 'expired', id }])
  expect(effects.sendNow.map(({ message }) => message)).toMatchObject([
    { type: 'propose', session: known, low: 1, seq: 1 },
  ])
})

test('[XO4] one that is decided in an expired session is handed over as not to be run, and told so to its author', () => {
  const state = forgotten().of(b)
  const session = state.session ?? index(0)
  appendToLog(state.log, [command(0, { session, stamp: 0 as WallMillis })])
  const effects = act(state, (context) => raiseDecided(context, logEnd(state.log)))
  expect(effects.apply.at(-1)).toMatchObject({ repeat: true })
  expect(effects.notify).toMatchObject([{ type: 'expired', id: { seq: 0 } }])
})

test('[XO5] a leader is handed no more than a window of what is not answered', () => {
  const state = groupOf([a, b, c]).of(b)
  for (let seq = 0; seq < sessionWindow + 10; seq += 1) {
    const proposal = { author: b, incarnation: start, seq, command: Uint8Array.of(1) }
    act(state, (context) => propose(context, proposal))
  }
  const handed = (): number =>
    act(state, (context) => forwardOutbox(context, { num: 2, node: a })).sendNow.reduce(
      (sum, { message }) => sum + (message.type === 'propose' ? message.commands.length : 0),
      0,
    )
  expect([handed(), handed()]).toEqual([sessionWindow, 0])
  state.outbox.delete('1.0')
  expect(handed()).toBe(1)
})
