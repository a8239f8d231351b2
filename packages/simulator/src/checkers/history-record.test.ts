import { expect, test } from 'vitest'
import { readHistory } from './history-record.ts'

const line = (record: object): string =>
  JSON.stringify({
    process: 0,
    type: 'invoke',
    f: 'read',
    key: 'k',
    value: null,
    time: 1,
    ...record,
  })

test('[LI1] records are read from lines of JSON', () => {
  const text = [
    line({ f: 'write', value: 'x' }),
    line({ f: 'write', type: 'ok', value: 'x', time: 2 }),
    '',
    line({ process: 1, f: 'cas', value: ['x', 'y'], time: 3 }),
    line({ process: 1, f: 'cas', type: 'ok', value: true, time: 4 }),
  ].join('\n')
  const read = readHistory(text)
  expect(read.ok && read.records.map(({ type, value }) => [type, value])).toEqual([
    ['invoke', 'x'],
    ['ok', 'x'],
    ['invoke', ['x', 'y']],
    ['ok', true],
  ])
})

test.each([
  ['{', 'one JSON object'],
  ['[]', 'one JSON object'],
  ['null', 'one JSON object'],
  [line({ process: 0.5 }), '"process"'],
  [line({ type: 'maybe' }), '"type"'],
  [line({ f: 'append' }), '"f"'],
  [line({ key: 7 }), '"key"'],
  [line({ time: 'now' }), '"time"'],
  [line({ value: {} }), '"value": a number'],
  [line({ f: 'cas', value: [1] }), '[expected, next]'],
  [line({ f: 'cas', value: [1, {}] }), '[expected, next]'],
  [line({ f: 'cas', type: 'ok', value: [1, 2] }), 'whether it was applied'],
])('[LI1] %s is refused with its line', (wrong, expected) => {
  const read = readHistory(`${line({})}\n${wrong}`)
  if (read.ok) throw new Error('it was read')
  expect(read.line).toBe(2)
  expect(read.expected).toContain(expected)
})
