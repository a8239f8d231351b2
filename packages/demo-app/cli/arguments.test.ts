import { expect, test } from 'vitest'
import { readArguments } from './arguments.ts'
import type { Options } from './arguments.ts'

const usual: Options = {
  tabs: undefined,
  proposals: 100,
  json: false,
  lan: false,
  port: undefined,
}

test.each([
  [[], {}],
  [['--json'], { json: true }],
  [['--lan'], { lan: true }],
  [['--port', '0'], { port: 0 }],
  [['--tabs', '3'], { tabs: 3 }],
  [['--tabs=3', '--proposals=500', '--json'], { tabs: 3, proposals: 500, json: true }],
  [['--', '--tabs', '3'], { tabs: 3 }],
])('%j is understood', (words, options) => {
  expect(readArguments(words)).toEqual({ kind: 'run', options: { ...usual, ...options } })
})

test.each([
  [['--tab', '3'], '--tab'],
  [['tabs'], 'tabs'],
  [['--tabs'], '--tabs'],
  [['--tabs', '0'], 'whole number from 1 to 16, not "0"'],
  [['--tabs', '3.5'], 'not "3.5"'],
  [['--tabs', '-1'], '--tabs'],
  [['--tabs', '1e1'], 'not "1e1"'],
  [['--tabs', '99'], 'not "99"'],
  [['--tabs', '3', '--proposals', '0'], '--proposals takes'],
  [['--port', '70000'], '--port takes'],
  [['--proposals', '5'], 'Say --tabs too'],
  [['--lan', '--tabs', '3'], 'one of them'],
  [['--json=yes'], '--json'],
])('%j is refused with a sentence that says %s', (words, part) => {
  const read = readArguments(words)
  expect(read.kind).toBe('wrong')
  const message = read.kind === 'wrong' ? read.message : ''
  expect(message).toContain(part)
  expect(message).toMatch(/\.$/)
})

test('help wins over everything that is understood', () => {
  expect(readArguments(['--tabs', '3', '-h'])).toEqual({ kind: 'help' })
})
