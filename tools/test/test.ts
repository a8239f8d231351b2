/**
 * The runner behind `pnpm test`: stage after stage, then one line that sums them up. Knows how to tell a person what is
 * going on; what is checked stands in stages.ts, how it is counted in tally.ts.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve, sep } from 'node:path'
import { findOrInstallChromium } from '../chromium/chromium.ts'
import { helpText, readRequest } from './command-line.ts'
import { runCheck, type Result } from './run-check.ts'
import { stages, type Check, type Stage } from './stages.ts'
import { inWords, nothing, sum } from './tally.ts'

const top = resolve(import.meta.dirname, '../..')
/** Somebody who waits wants to know that it lives. */
const aliveEveryMs = 30_000
/** Of what a check said that failed without a name for it. */
const lastLines = 25

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

const secondsSince = (startMs: number): string =>
  `${((performance.now() - startMs) / 1000).toFixed(1)} s`

function sayResult(label: string, result: Result, startMs: number): void {
  const verdict = result.tally.failed === 0 ? 'ok    ' : 'FAILED'
  say(`${verdict} ${label.padEnd(22)} ${inWords(result.tally)}  (${secondsSince(startMs)})`)
  if (result.tally.failed === 0) return
  say(`----- all that ${label} said -----`)
  say(result.output.trimEnd())
  if (result.timedOut) say(`${label} was ended: it took longer than its limit`)
  say(`----- end of ${label} -----`)
}

/** A check that has ended, by its name. */
interface Ended {
  readonly label: string
  readonly result: Result
}

async function watched(label: string, run: () => Promise<Result>): Promise<Ended> {
  const startMs = performance.now()
  const alive = setInterval(() => {
    say(`       ${label} is still running (${secondsSince(startMs)})`)
  }, aliveEveryMs)
  try {
    const result = await run()
    sayResult(label, result, startMs)
    return { label, result }
  } finally {
    clearInterval(alive)
  }
}

/** What cannot even be started has failed, and says why. */
function crashed(error: unknown): Result {
  const output = error instanceof Error ? error.message : String(error)
  return { tally: { ...nothing, failed: 1 }, failures: [output], output, timedOut: false }
}

async function runStage(stage: Stage, reports: string): Promise<readonly Ended[]> {
  const lanes = stage.lanes.map((lane) => runLane(stage, lane, reports))
  return (await Promise.all(lanes)).flat()
}

async function runLane(
  stage: Stage,
  lane: readonly Check[],
  reports: string,
): Promise<readonly Ended[]> {
  const limitMs = stage.limitMinutes * 60_000
  const prepare = async (): Promise<Record<string, string>> =>
    stage.browser ? { CHROMIUM_PATH: await findOrInstallChromium() } : {}
  const ended: Ended[] = []
  for (const check of lane) {
    const label = labelOf(stage, check)
    const run = async (): Promise<Result> => {
      try {
        return await runCheck(check, { top, reports, limitMs, environment: await prepare() })
      } catch (error) {
        return crashed(error)
      }
    }
    ended.push(await watched(label, run))
  }
  return ended
}

const labelOf = (stage: Stage, check: Check): string =>
  stage.name === check.name ? stage.name : `${stage.name}: ${check.name}`

async function runStages(wanted: readonly Stage[]): Promise<readonly Ended[]> {
  const reports = mkdtempSync(join(tmpdir(), 'unanimous-test-'))
  try {
    const ended: Ended[] = []
    for (const stage of wanted) ended.push(...(await runStage(stage, reports)))
    return ended
  } finally {
    rmSync(reports, { recursive: true, force: true })
  }
}

/** What failed stands far above by now. Of what names nothing the end says most. */
function sayFailures(ended: readonly Ended[]): void {
  for (const { label, result } of ended) {
    if (result.tally.failed === 0) continue
    const last = result.output.trimEnd().split('\n').slice(-lastLines)
    const named = result.failures.length === 0 ? last : result.failures
    for (const failure of named) say(`FAILED ${label}: ${failure.replace(`${top}${sep}`, '')}`)
  }
}

const request = readRequest(process.argv.slice(2), stages)
switch (request.kind) {
  case 'help':
    say(helpText(stages))
    break
  case 'wrong':
    process.stderr.write(`${request.message}\n`)
    process.exitCode = 2
    break
  case 'run': {
    const ended = await runStages(request.stages)
    const total = sum(ended.map(({ result }) => result.tally))
    sayFailures(ended)
    say(inWords(total))
    process.exitCode = total.failed === 0 ? 0 : 1
    break
  }
  default:
    request satisfies never
}
