/**
 * Counts what a check did from the report that it wrote for machines. Knows the reports of vitest and Playwright; does not
 * know what was tested. Whatever is missing, unreadable or empty counts as a failure: silence is never a pass.
 */
import { isRecord, readReport, records, type Json } from './report.ts'

/** How many tests ended how. */
export interface Tally {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
}

/** How a check says what it did: by its exit code alone, or by a JSON report beside it. */
export type Reading = 'exit' | 'vitest' | 'playwright'

export const nothing: Tally = { passed: 0, failed: 0, skipped: 0 }

export function sum(tallies: readonly Tally[]): Tally {
  return tallies.reduce(
    (total, each) => ({
      passed: total.passed + each.passed,
      failed: total.failed + each.failed,
      skipped: total.skipped + each.skipped,
    }),
    nothing,
  )
}

/** The closing line. */
export function inWords(tally: Tally): string {
  const skipped = tally.skipped === 0 ? '' : `, ${String(tally.skipped)} skipped`
  return `${String(tally.passed)} passed, ${String(tally.failed)} failed${skipped}`
}

function count(value: unknown): number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : 0
}

function readVitest(report: Json): Tally {
  // A file that cannot even be loaded fails without a test of its own.
  const broken = records(report['testResults']).filter(
    (file) => file['status'] === 'failed' && records(file['assertionResults']).length === 0,
  )
  return {
    passed: count(report['numPassedTests']),
    failed: count(report['numFailedTests']) + broken.length,
    skipped: count(report['numPendingTests']) + count(report['numTodoTests']),
  }
}

function readPlaywright(report: Json): Tally {
  const stats = isRecord(report['stats']) ? report['stats'] : {}
  return {
    passed: count(stats['expected']),
    // A test that passes only when repeated has failed; an error outside of any test is one too.
    failed: count(stats['unexpected']) + count(stats['flaky']) + records(report['errors']).length,
    skipped: count(stats['skipped']),
  }
}

/** What a check did, given its exit code (undefined: killed) and the text of its report (undefined: none written). */
export function tallyOf(
  reading: Reading,
  code: number | undefined,
  report: string | undefined,
): Tally {
  const ended = code === 0
  if (reading === 'exit') return { passed: ended ? 1 : 0, failed: ended ? 0 : 1, skipped: 0 }
  const json = readReport(report)
  if (json === undefined) return { ...nothing, failed: 1 }
  const tally = reading === 'vitest' ? readVitest(json) : readPlaywright(json)
  const silent = tally.passed + tally.failed === 0
  // It failed for a reason that no test shows, or there was no test.
  return tally.failed === 0 && (!ended || silent) ? { ...tally, failed: 1 } : tally
}
