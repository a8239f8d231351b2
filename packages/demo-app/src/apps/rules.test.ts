import type { CommandContext, MemberId } from 'unanimous'
import { expect, test } from 'vitest'
import { buzz, nextRound, quietBuzzer } from './buzzer-rules.ts'
import { emptyGame, isOver, move, winningLine } from './game-rules.ts'
import { claim, noRace, race } from './seat-race-rules.ts'
import { emptyText, leaseMs, lock, unlock, write } from './text-rules.ts'
import { draw, noTickets } from './tickets-rules.ts'
import { createYText, difference } from './y-text.ts'

const ada = 'a'.repeat(32) as MemberId
const bob = 'b'.repeat(32) as MemberId

const by = (author: MemberId, more: Partial<CommandContext> = {}): CommandContext => ({
  ...{ index: 3, ballot: { num: 1, node: ada }, author, now: 0, random: () => 0 },
  refuse: (code) => {
    throw new Error(code)
  },
  emit: () => undefined,
  ...more,
})

test('[DM2] one press wins a round; a press for the round before wins nothing', () => {
  const won = buzz(quietBuzzer, 1, by(bob))
  expect(won).toEqual({ round: 1, winner: bob, wins: { [bob]: 1 } })
  expect(() => buzz(won, 1, by(ada))).toThrow('LATE')
  const next = nextRound(won, 1, by(ada))
  expect(() => buzz(next, 1, by(ada))).toThrow('OLD-ROUND')
  expect(() => nextRound(next, 1, by(ada))).toThrow('OLD-ROUND')
  expect(buzz(next, 2, by(bob)).wins).toEqual({ [bob]: 2 })
})

test('[DM3] sides belong to whoever moved for them first, and nobody moves twice', () => {
  let game = move(emptyGame, 4, by(ada))
  expect(() => move(game, 0, by(ada))).toThrow('NOT-YOUR-TURN')
  expect(() => move(game, 4, by(bob))).toThrow('TAKEN')
  for (const cell of [9, -1, 0.5, 'length' as never]) {
    expect(() => move(game, cell, by(bob))).toThrow('NO-SUCH-CELL')
  }
  for (const [cell, author] of [
    [0, bob],
    [2, ada],
    [1, bob],
    [6, ada],
  ] as const) {
    game = move(game, cell, by(author))
  }
  expect(winningLine(game)).toEqual([2, 4, 6])
  expect(isOver(game)).toBe(true)
  expect(() => move(game, 8, by(bob))).toThrow('OVER')
})

test('[DM4] a lock has one holder, wears out, and an old token writes nothing', () => {
  const held = lock(emptyText, '1', by(ada, { index: 7 }))
  expect(() => lock(held, '1', by(bob, { now: leaseMs }))).toThrow('LOCKED')
  const wanted = { paragraph: '1', token: 7, update: 'AAA=', folds: 0 }
  const written = write(held, wanted, by(ada, { now: 5 }))
  expect(written.updates).toEqual(['AAA='])
  const taken = lock(written, '1', by(bob, { index: 9, now: leaseMs + 6 }))
  expect(() => write(taken, wanted, by(ada))).toThrow('STALE-LOCK')
  expect(() => unlock(taken, '1', by(ada))).toThrow('NOT-YOURS')
  expect(unlock(taken, '1', by(bob)).locks).toEqual({})
  expect(() => lock(emptyText, 'toString', by(ada))).toThrow('NO-SUCH-PARAGRAPH')
})

test('[DM4] updates that a later one holds are dropped, and the text stays', () => {
  const writer = createYText()
  let text = lock(emptyText, '1', by(ada, { index: 7 }))
  for (let count = 1; count <= 150; count += 1) {
    writer.write('1', 'word '.repeat(count))
    const update = writer.takeUpdate(text)
    if (update === undefined) throw new Error('nothing was typed')
    text = write(text, { paragraph: '1', token: 7, ...update }, by(ada))
  }
  expect(text.updates.length).toBeLessThan(100)
  const reader = createYText()
  reader.follow(text)
  expect(reader.read('1')).toBe('word '.repeat(150))
  writer.write('1', 'never decided')
  writer.forget(text)
  expect(writer.read('1')).toBe('word '.repeat(150))
  reader.follow({ ...text, updates: [...text.updates, 'no base64 at all'] })
  expect(reader.read('1')).toBe('word '.repeat(150))
})

test.each([
  ['', 'abc', { start: 0, nowEnd: 0, wantedEnd: 3 }],
  ['abc', 'abXc', { start: 2, nowEnd: 2, wantedEnd: 3 }],
  ['aaa', 'aa', { start: 2, nowEnd: 3, wantedEnd: 2 }],
  ['abc', 'abc', { start: 3, nowEnd: 3, wantedEnd: 3 }],
])('from %j to %j it is %o', (now, wanted, expected) => {
  expect(difference(now, wanted)).toEqual(expected)
})

test('[DM1] a race names a seat of the house, and claims are never refused', () => {
  const begun = race(noRace, { seat: 'A1', style: 'merge' }, by(ada))
  expect(begun).toMatchObject({ number: 1, seat: 'A1', style: 'merge' })
  expect(() => race(begun, { seat: 'Z9', style: 'merge' }, by(ada))).toThrow('NO-SUCH-SEAT')
  const both = claim(claim(claim(begun, 'A1', by(ada)), 'A1', by(bob)), 'A1', by(ada))
  expect(both.claims).toEqual({ A1: [ada, bob] })
})

test('[DM5] each ticket is the next one', () => {
  let tickets = noTickets
  for (let count = 1; count <= 20; count += 1) {
    const drawn = draw(tickets, by(ada))
    expect(drawn.result).toBe(count)
    tickets = drawn.state
  }
  expect(tickets.newest.map(({ number }) => number)).toEqual([
    ...[9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20],
  ])
})
