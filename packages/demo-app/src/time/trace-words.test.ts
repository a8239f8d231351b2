import type { MemberId } from 'unanimous'
import { expect, test } from 'vitest'
import type { TraceEvent } from './trace-words.ts'
import { isMoment, momentWords, readTrace } from './trace-words.ts'

const node = 'b'.repeat(32) as MemberId
const ballot = { num: 4, node }
const base = { seq: 1, at: 1_000 }

test.each<readonly [TraceEvent, string]>([
  [{ ...base, type: 'promised', ballot }, 'promised to follow ballot 4 of Bob'],
  [{ ...base, type: 'role', phase: 'leading', ballot }, 'leads, ballot 4'],
  [{ ...base, type: 'role', phase: 'preparing', ballot }, 'asks a majority'],
  [{ ...base, type: 'leader', leader: undefined, ballot }, 'follows nobody'],
  [{ ...base, type: 'link', peer: node, up: false }, 'The link to Bob is gone'],
  [{ ...base, type: 'voters', voters: [] }, 'The voters are 0'],
])('[DM8] %o is explained: %s', (event, words) => {
  expect(isMoment(event)).toBe(true)
  expect(momentWords(event, () => 'Bob')).toContain(words)
  expect(momentWords(event, () => 'Bob')).toMatch(/^[A-Z].*\.$/)
})

test('[DM8] a file of a trace is read, and nothing else is', () => {
  const event = { ...base, type: 'visibility', hidden: true }
  const lines = [{ schema: 'unanimous-trace', version: 1, member: node }, event, { type: 3 }]
  const file = lines.map((line) => JSON.stringify(line)).join('\n')
  expect(readTrace(file)).toEqual({ member: node, events: [event] })
  for (const text of ['', 'hello', '{"type":"role"}', `${file}\nbroken`]) {
    expect(readTrace(text)).toBeUndefined()
  }
})
