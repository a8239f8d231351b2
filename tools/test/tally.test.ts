import { expect, test } from 'vitest'
import { inWords, sum, tallyOf } from './tally.ts'

const vitest = (fields: object): string =>
  JSON.stringify({ numPassedTests: 0, numFailedTests: 0, numPendingTests: 0, ...fields })
const playwright = (stats: object, errors: readonly object[] = []): string =>
  JSON.stringify({ stats: { expected: 0, unexpected: 0, flaky: 0, skipped: 0, ...stats }, errors })

test.each([
  ['passes', 0, { passed: 1, failed: 0, skipped: 0 }],
  ['fails', 2, { passed: 0, failed: 1, skipped: 0 }],
  ['is killed', undefined, { passed: 0, failed: 1, skipped: 0 }],
])('a check by exit code that %s', (_how, code, expected) => {
  expect(tallyOf('exit', code, undefined)).toEqual(expected)
})

test('vitest: tests are counted by how they ended', () => {
  const report = vitest({
    numPassedTests: 7,
    numFailedTests: 2,
    numPendingTests: 1,
    numTodoTests: 1,
  })
  expect(tallyOf('vitest', 1, report)).toEqual({ passed: 7, failed: 2, skipped: 2 })
})

test('vitest: a file that does not load is one failure', () => {
  const report = vitest({
    numPassedTests: 3,
    testResults: [
      { status: 'failed', assertionResults: [] },
      { status: 'failed', assertionResults: [{ status: 'failed' }] },
      { status: 'passed', assertionResults: [{ status: 'passed' }] },
    ],
  })
  expect(tallyOf('vitest', 1, report)).toEqual({ passed: 3, failed: 1, skipped: 0 })
})

test('playwright: flaky tests and errors outside of tests are failures', () => {
  const report = playwright({ expected: 5, unexpected: 1, flaky: 1, skipped: 2 }, [
    { message: 'x' },
  ])
  expect(tallyOf('playwright', 1, report)).toEqual({ passed: 5, failed: 3, skipped: 2 })
})

test.each([
  ['wrote no report', 'vitest', 0, undefined],
  ['wrote half a report', 'vitest', 0, '{"numPassed'],
  ['wrote a report that is no object', 'playwright', 0, '[]'],
  ['ran no test', 'vitest', 0, vitest({})],
  ['ran no test', 'playwright', 0, playwright({})],
  ['skipped all', 'vitest', 0, vitest({ numPendingTests: 4 })],
] as const)('a suite that %s has failed (%s)', (_how, reading, code, report) => {
  expect(tallyOf(reading, code, report).failed).toBe(1)
})

test('a suite whose tests pass but which exits with an error has failed', () => {
  const report = vitest({ numPassedTests: 3 })
  expect(tallyOf('vitest', 1, report)).toEqual({ passed: 3, failed: 1, skipped: 0 })
  expect(tallyOf('vitest', undefined, report)).toEqual({ passed: 3, failed: 1, skipped: 0 })
})

test('the closing line names skipped tests only if there are any', () => {
  const one = { passed: 3, failed: 1, skipped: 0 }
  expect(inWords(one)).toBe('3 passed, 1 failed')
  expect(inWords(sum([one, { passed: 1, failed: 0, skipped: 2 }]))).toBe(
    '4 passed, 1 failed, 2 skipped',
  )
})
