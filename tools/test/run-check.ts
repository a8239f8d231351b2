/**
 * Runs one check and counts what it did. Knows how to ask each kind of program for a report; does not know which checks
 * there are.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { runCommand } from '../process/run-command.ts'
import { failuresOf } from './failures.ts'
import type { Check } from './stages.ts'
import { tallyOf, type Tally } from './tally.ts'

/** A check that has ended. */
export interface Result {
  readonly tally: Tally
  /** What failed, a line each, as far as its report names it. */
  readonly failures: readonly string[]
  /** All that it said. */
  readonly output: string
  readonly timedOut: boolean
}

export interface Surroundings {
  /** The root of the workspace. */
  readonly top: string
  /** An empty folder for this check's report. */
  readonly reports: string
  readonly environment: Readonly<Record<string, string>>
  readonly limitMs: number
}

/** The script behind a binary, so that Node runs it on every system alike, without a shell. */
function scriptOf(top: string, [library, binary]: Check['program']): string {
  const folder = join(top, 'node_modules', library)
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    readonly bin: string | Readonly<Record<string, string>>
  }
  const script = typeof manifest.bin === 'string' ? manifest.bin : manifest.bin[binary]
  if (script === undefined) throw new Error(`${library} brings no ${binary}`)
  return join(folder, script)
}

function reporting(check: Check, report: string): readonly string[] {
  switch (check.reading) {
    case 'exit':
      return []
    case 'vitest':
      return ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
    case 'playwright':
      return ['--reporter=list,json']
    default:
      return check.reading satisfies never
  }
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined // the program died before it could write
  }
}

export async function runCheck(check: Check, around: Surroundings): Promise<Result> {
  const report = join(around.reports, `${check.name}.json`)
  const finished = await runCommand(
    process.execPath,
    [scriptOf(around.top, check.program), ...check.parameters, ...reporting(check, report)],
    {
      directory: around.top,
      limitMs: around.limitMs,
      environment: {
        NO_COLOR: '1',
        FORCE_COLOR: '0',
        PLAYWRIGHT_JSON_OUTPUT_FILE: report,
        ...around.environment,
        ...check.environment,
      },
    },
  )
  const text = read(report)
  return {
    tally: tallyOf(check.reading, finished.code, text),
    failures: failuresOf(check.reading, text),
    output: finished.output,
    timedOut: finished.timedOut,
  }
}
