import type { EntryInfo, MemberId, Outcome } from 'unanimous'
import { expect, test } from 'vitest'
import { answerTitle } from './booking.ts'
import type { Wish } from './booking.ts'
import { frameOf } from './log-words.ts'
import { lookOf } from './names.ts'

const nobody = (): never => {
  throw new Error('nobody asks again')
}

const answer = (wish: Wish, outcome: Outcome<unknown>): ReturnType<typeof answerTitle> =>
  answerTitle('C4', wish, { outcome, nameOf: (id) => (id === 'x' ? 'Teal Wren' : 'somebody') })

test('who loses a seat reads who won it', () => {
  const outcome = { kind: 'refused', index: 12, code: 'TAKEN', detail: { by: 'x' } } as const
  const title = answer('book', outcome)
  expect(title.line).toBe('Teal Wren was first')
  expect(title.small).toContain('C4')
  expect(title.small).toContain('12')
  expect(title.tone).toBe('bad')
})

test('who wins it reads where in the log', () => {
  const title = answer('book', { kind: 'committed', index: 7, result: undefined })
  expect([title.line, title.tone]).toEqual(['C4 is yours', 'good'])
  expect(title.small).toContain('entry 7')
})

test.each([
  ['release', { kind: 'committed', index: 7, result: undefined }, 'C4 is free again'],
  [
    'release',
    { kind: 'refused', index: 7, code: 'FREE', detail: undefined },
    'C4 was free already',
  ],
  ['book', { kind: 'refused', index: 7, code: 'TAKEN', detail: [1] }, 'C4 was refused'],
  ['book', { kind: 'refused', index: 7, code: 'TAKEN', detail: { by: 3 } }, 'C4 was refused'],
  ['book', { kind: 'not-sent', why: 'timeout' }, 'C4 was not asked for'],
  ['book', { kind: 'unknown', why: 'timeout', retry: nobody }, 'C4: nobody knows yet'],
] as const)('after %s, %o is "%s"', (wish, outcome, line) => {
  expect(answer(wish, outcome).line).toBe(line)
})

const id = 'a'.repeat(32) as MemberId
const entry: EntryInfo = {
  index: 5,
  kind: 'command',
  ballot: { num: 2, node: id },
  stamp: 0,
  author: id,
  command: 'book',
  voters: undefined,
  version: undefined,
}

test.each([
  [entry, 'Ada', 'booked a seat', 'AD'],
  [{ ...entry, command: 'toString' }, 'Ada', 'toString', 'AD'],
  [{ ...entry, kind: 'noop', author: undefined }, 'Ada', 'leads, ballot 2', '♛'],
  [{ ...entry, kind: 'genesis', author: undefined }, 'The group', 'was founded', '✦'],
  [{ ...entry, kind: 'config', author: undefined, voters: [id] }, 'Voters', 'Ada', '⚖'],
  [
    { ...entry, kind: 'machine', author: undefined, version: 2 },
    'Rules',
    'are of version 2 now',
    '⚙',
  ],
] as const)('the entry %o reads: %s %s', (each, who, what, mark) => {
  const frame = frameOf(each, { [id]: 'Ada' })
  expect([frame.who, frame.what, frame.mark]).toEqual([who, what, mark])
})

test('a command has its author’s colour', () => {
  expect(frameOf(entry, {}).hue).toBe(lookOf(id).hue)
})
