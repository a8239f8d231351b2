/**
 * Names what failed, for the end of a long run: its place, its title and the first line of the reason. Knows the reports of
 * vitest and Playwright; how many failed is for tally.ts to count.
 */
import { stripVTControlCharacters } from 'node:util'
import { isRecord, readReport, records, type Json } from './report.ts'
import type { Reading } from './tally.ts'

const text = (value: unknown): string =>
  typeof value === 'string' ? stripVTControlCharacters(value) : ''

const firstLine = (value: unknown): string => text(value).trim().split('\n', 1)[0] ?? ''

const inOneLine = (...parts: readonly string[]): string =>
  parts.filter((part) => part !== '').join(': ')

/** Where no test failed, those that did not end say most: their process died. */
function vitestFailures(report: Json): readonly string[] {
  const files = records(report['testResults'])
  const failed = failedTests(files)
  return failed.length > 0 ? failed : unendedTests(files)
}

function unendedTests(files: readonly Json[]): readonly string[] {
  return files.flatMap((file) =>
    records(file['assertionResults']).flatMap(({ status, fullName }) =>
      status === 'pending' ? [inOneLine(text(file['name']), text(fullName), 'did not end')] : [],
    ),
  )
}

function failedTests(files: readonly Json[]): readonly string[] {
  return files.flatMap((file) => {
    const place = text(file['name'])
    const tests = records(file['assertionResults'])
    if (tests.length === 0 && file['status'] === 'failed') {
      return [inOneLine(place, firstLine(file['message']))]
    }
    return tests.flatMap((test) => {
      if (test['status'] !== 'failed') return []
      const reasons: unknown = test['failureMessages']
      const reason: unknown = Array.isArray(reasons) ? reasons[0] : undefined
      return [inOneLine(place, text(test['fullName']), firstLine(reason))]
    })
  })
}

function specFailure(spec: Json): string {
  const results = records(spec['tests']).flatMap((test) => records(test['results']))
  const [error] = results.flatMap(({ error }) => (isRecord(error) ? [error] : []))
  return inOneLine(text(spec['file']), text(spec['title']), firstLine(error?.['message']))
}

function suiteFailures(suite: Json): readonly string[] {
  return [
    ...records(suite['specs'])
      .filter((spec) =>
        records(spec['tests']).some(({ status }) => status === 'unexpected' || status === 'flaky'),
      )
      .map(specFailure),
    ...records(suite['suites']).flatMap(suiteFailures),
  ]
}

/** One line each; none where the report names nothing. Places as the report has them: whole paths with vitest. */
export function failuresOf(reading: Reading, report: string | undefined): readonly string[] {
  const json = readReport(report)
  if (json === undefined) return []
  switch (reading) {
    case 'exit':
      return []
    case 'vitest':
      return vitestFailures(json)
    case 'playwright':
      return [
        ...suiteFailures(json),
        ...records(json['errors']).map(({ message }) => firstLine(message)),
      ]
    default:
      return reading satisfies never
  }
}
