import { expect, test } from 'vitest'
import { failuresOf } from './failures.ts'

test('vitest: each test that failed is named with its file and the first line of the reason', () => {
  const report = JSON.stringify({
    testResults: [
      {
        name: 'a.test.ts',
        status: 'failed',
        assertionResults: [
          { status: 'passed', fullName: 'one', failureMessages: [] },
          {
            status: 'failed',
            fullName: 'two',
            failureMessages: ['\u001b[31mAssertionError\u001b[39m: 1 is not 2\n at line 3'],
          },
        ],
      },
      { name: 'b.test.ts', status: 'failed', message: 'no such file\nmore', assertionResults: [] },
      { name: 'c.test.ts', status: 'passed', assertionResults: [] },
    ],
  })
  expect(failuresOf('vitest', report)).toEqual([
    'a.test.ts: two: AssertionError: 1 is not 2',
    'b.test.ts: no such file',
  ])
})

test('vitest: where a process died, the tests are named that did not end', () => {
  const report = JSON.stringify({
    testResults: [
      {
        name: 'a.test.ts',
        status: 'passed',
        assertionResults: [
          { status: 'passed', fullName: 'one' },
          { status: 'pending', fullName: 'two' },
        ],
      },
    ],
  })
  expect(failuresOf('vitest', report)).toEqual(['a.test.ts: two: did not end'])
})

test('playwright: tests of every depth are named, flaky ones too, and errors outside of tests', () => {
  const spec = (title: string, status: string, message: string): object => ({
    file: 'a.test.ts',
    title,
    tests: [{ status, results: [{}, { error: { message } }] }],
  })
  const report = JSON.stringify({
    suites: [
      {
        specs: [spec('one', 'expected', ''), spec('two', 'unexpected', 'Error: no\nat line 3')],
        suites: [{ specs: [spec('three', 'flaky', 'Error: once')] }],
      },
    ],
    errors: [{ message: 'no browser' }],
  })
  expect(failuresOf('playwright', report)).toEqual([
    'a.test.ts: two: Error: no',
    'a.test.ts: three: Error: once',
    'no browser',
  ])
})

test.each([
  ['is missing', undefined],
  ['is no JSON', '{"testRes'],
  ['is of another shape', '{"testResults":[1,{"assertionResults":"x"}],"suites":{"specs":1}}'],
])('a report that %s names nothing', (_how, report) => {
  expect(failuresOf('vitest', report)).toEqual([])
  expect(failuresOf('playwright', report)).toEqual([])
  expect(failuresOf('exit', report)).toEqual([])
})
