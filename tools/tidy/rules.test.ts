import { expect, test } from 'vitest'
import { findRuleGaps } from './rules.ts'
import { inLines } from './tree.ts'

const specification = (...ids: readonly string[]) => ({
  path: 'docs/SPEC.md',
  text: ['| id | rule |', '| --- | --- |', ...ids.map((each) => `| ${each} | it holds |`)].join(
    '\n',
  ),
})
const tests = (text: string, path = 'packages/core/src/a.test.ts') => ({ path, text })

test('a rule that no test names is found in the specification', () => {
  const found = findRuleGaps([specification('QU1', 'QU2'), tests("test('[QU1] holds', f)")])
  expect(inLines(found)).toEqual(['docs/SPEC.md:4 [QU2] is in the title of no test'])
})

test('a title that names no rule is found in the test, once', () => {
  const text = "test('[QU1] a', f)\ntest('[QU9] b', f)\ntest('[QU9] c', f)"
  const found = findRuleGaps([specification('QU1'), tests(text)])
  expect(inLines(found)).toEqual([
    'packages/core/src/a.test.ts:2 [QU9] is no rule of docs/SPEC.md or docs/spec-parts/',
  ])
})

test('a rule that is stated twice is found', () => {
  const part = { path: 'docs/spec-parts/quorum.md', text: '| QU1 | again |' }
  const found = findRuleGaps([specification('QU1'), part, tests("test('[QU1] a', f)")])
  expect(inLines(found)).toEqual([
    'docs/spec-parts/quorum.md:1 [QU1] is stated in docs/SPEC.md:3 already',
  ])
})

test.each([
  "it('[QU1] a', f)",
  'it(`[QU1] ${name}: a`, f)',
  "test.each([1, 2])('[QU1] a', f)",
  "describe('[QU1] a', f)",
  "test('[QU2] [QU1] a', f)",
  "test('[QU2, QU1] a', f)",
])('%s names the rule', (text) => {
  const found = findRuleGaps([
    specification('**QU1**', '`QU2`'),
    tests(`${text}\ntest('[QU2] b', f)`),
  ])
  expect(found).toEqual([])
})

test.each([
  ["const a = '[QU1] a'", 'packages/core/src/a.test.ts'],
  ["// test('[QU1] a')", 'packages/core/src/a.test.ts'],
  ["test('about [QU1]', f)", 'packages/core/src/a.test.ts'],
  ["test('[QU1] a', f)", 'packages/core/src/a.ts'],
])('%s in %s names no rule', (text, path) => {
  expect(findRuleGaps([specification('QU1'), tests(text, path)])).toHaveLength(1)
})

test.each(['packages/core/src/testing/storage-contract.ts', 'e2e/reload.ts', 'tools/a.test.ts'])(
  'titles in %s count',
  (path) => {
    expect(findRuleGaps([specification('QU1'), tests("it('[QU1] a', f)", path)])).toEqual([])
  },
)
