import { expect, test } from 'vitest'
import { summaryOf, tableOf, whyFailed } from './summary.ts'
import type { TabResult, Trial } from './summary.ts'

const tab = (name: string, changes: Partial<TabResult> = {}): TabResult => ({
  id: name.padEnd(32, '0'),
  name,
  rung: 'voter',
  latenciesMs: [1, 2, 3, 4],
  failed: {},
  digest: { end: 15, commands: 12, hash: 'abcdef0123456789' },
  ...changes,
})

const trial: Trial = {
  tabs: [tab('Teal Wren', { rung: 'leader' }), tab('Jade Owl'), tab('Rose Hare')],
  voters: 3,
  leader: 'leader-id',
  proposals: 4,
  elapsedMs: 6,
}

test('the summary has exactly the fields that programs are promised', () => {
  expect(summaryOf(trial)).toEqual({
    tabs: 3,
    voters: 3,
    decided: 12,
    agree: true,
    leader: 'leader-id',
    p50Ms: 2,
    p99Ms: 4,
    perSecond: 2000,
  })
  expect(Object.keys(summaryOf(trial))).toEqual(
    'tabs voters decided agree leader p50Ms p99Ms perSecond'.split(' '),
  )
  expect(whyFailed(trial)).toBeUndefined()
})

test.each([
  ['hash', { end: 15, commands: 12, hash: 'other' }],
  ['end', { end: 14, commands: 12, hash: 'abcdef0123456789' }],
])('one other %s is no agreement', (_, digest) => {
  const [first, second] = trial.tabs as [TabResult, TabResult]
  const odd = { ...trial, tabs: [first, second, tab('Rose Hare', { digest })] }
  expect(summaryOf(odd).agree).toBe(false)
  expect(whyFailed(odd)).toContain('do not agree')
  expect(tableOf(odd)).toContain('DISAGREE')
})

test('commands that are missing are a failure that says how they ended', () => {
  const digest = { end: 13, commands: 11, hash: 'abcdef0123456789' }
  const tabs = trial.tabs.map((each) => ({ ...each, digest, failed: { unknown: 1 } }))
  expect(whyFailed({ ...trial, tabs })).toBe(
    '11 commands were decided, 12 were proposed (3 unknown).',
  )
})

test('without any answer there are no figures, and no division by zero', () => {
  const digest = { end: 3, commands: 0, hash: 'same' }
  const tabs = [tab('Teal Wren', { latenciesMs: [], digest })]
  expect(summaryOf({ ...trial, tabs, leader: undefined, elapsedMs: 0 })).toMatchObject({
    leader: null,
    p50Ms: null,
    p99Ms: null,
    perSecond: 0,
  })
  expect(tableOf({ ...trial, tabs })).toContain('within - ms')
})

test('the table has a line for each tab and its figures under their heads', () => {
  const lines = tableOf(trial).split('\n')
  const head = lines.find((line) => line.includes('p99 ms')) ?? ''
  const row = lines.find((line) => line.includes('Teal Wren')) ?? ''
  expect(row.slice(head.indexOf('rung'))).toMatch(/^leader/)
  expect(row.slice(head.indexOf('hash'))).toBe('abcdef012345')
  expect(lines.some((line) => line.includes('All 3 tabs agree: 12 commands'))).toBe(true)
})
