import { expect, test } from 'vitest'
import { readReport } from './spin.ts'

test('a report is read', () => {
  const output = `
State-vector 60 byte, depth reached 31, errors: 0
  2569532 states, stored
  408.145	total actual memory usage
pan: elapsed time 8.14 seconds`
  expect(readReport(output)).toEqual({
    ...{ errors: 0, why: '', states: 2_569_532, depth: 31, seconds: 8.14, megabytes: 408.145 },
  })
})

test('a search that was cut short has not shown anything', () => {
  const output =
    'error: max search depth too small\nState-vector 60 byte, depth reached 9, errors: 0'
  expect(readReport(output)).toMatchObject({ errors: undefined, why: 'max search depth too small' })
  expect(readReport('').errors).toBeUndefined()
})
