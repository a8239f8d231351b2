/** What a run of tabs comes to, as an object for programs and a table for people. Pure. */
import { percentile } from '../src/load.ts'

/** One tab at the end of its run. */
export interface TabResult {
  readonly id: string
  readonly name: string
  readonly rung: string
  readonly latenciesMs: readonly number[]
  /** Proposals that were not committed, by how they ended. */
  readonly failed: Readonly<Record<string, number>>
  readonly digest: { readonly end: number; readonly commands: number; readonly hash: string }
}

export interface Trial {
  readonly tabs: readonly TabResult[]
  readonly voters: number
  readonly leader: string | undefined
  readonly proposals: number
  /** From the first proposal to the last answer, over all tabs. */
  readonly elapsedMs: number
}

export interface Summary {
  readonly tabs: number
  readonly voters: number
  /** Commands only: what the group decides for itself is not counted. */
  readonly decided: number
  /** Every tab decided the same commands in the same order. */
  readonly agree: boolean
  readonly leader: string | null
  readonly p50Ms: number | null
  readonly p99Ms: number | null
  readonly perSecond: number
}

const rounded = (value: number | undefined, digits: number): number | null =>
  value === undefined ? null : Number(value.toFixed(digits))

export function summaryOf({ tabs, voters, leader, elapsedMs }: Trial): Summary {
  const latencies = tabs.flatMap(({ latenciesMs }) => latenciesMs)
  const hashes = new Set(tabs.map(({ digest }) => `${digest.end} ${digest.hash}`))
  return {
    tabs: tabs.length,
    voters,
    // The fewest: what every tab has.
    decided: Math.min(...tabs.map(({ digest }) => digest.commands)),
    agree: hashes.size === 1,
    leader: leader ?? null,
    p50Ms: rounded(percentile(latencies, 0.5), 2),
    p99Ms: rounded(percentile(latencies, 0.99), 2),
    perSecond: elapsedMs > 0 ? Math.round((latencies.length / elapsedMs) * 1000) : 0,
  }
}

/** Why the run is no success, in one sentence; undefined for a success. */
export function whyFailed(trial: Trial): string | undefined {
  const summary = summaryOf(trial)
  const expected = trial.proposals * trial.tabs.length
  if (!summary.agree) return 'The tabs do not agree on what was decided.'
  if (summary.decided !== expected) {
    const endings = endingsOf(trial)
    return `${grouped(summary.decided)} commands were decided, ${grouped(expected)} were proposed${endings}.`
  }
  return undefined
}

function endingsOf({ tabs }: Trial): string {
  const sums = new Map<string, number>()
  for (const [kind, times] of tabs.flatMap(({ failed }) => Object.entries(failed))) {
    sums.set(kind, (sums.get(kind) ?? 0) + times)
  }
  const words = [...sums].map(([kind, times]) => `${times} ${kind}`).join(', ')
  return words === '' ? '' : ` (${words})`
}

/** 1500 as 1,500. */
const grouped = (value: number): string => value.toLocaleString('en-US')

export function tableOf(trial: Trial): string {
  const summary = summaryOf(trial)
  const ms = (value: number | null | undefined): string =>
    value === null || value === undefined ? '-' : value.toFixed(1)
  const head = ['tab', 'rung', 'committed', 'p50 ms', 'p99 ms', 'log', 'hash']
  const rows = trial.tabs.map(({ name, rung, latenciesMs, digest }) => [
    name,
    rung,
    grouped(latenciesMs.length),
    ms(percentile(latenciesMs, 0.5)),
    ms(percentile(latenciesMs, 0.99)),
    grouped(digest.end),
    digest.hash.slice(0, 12),
  ])
  const widths = head.map((_, at) =>
    Math.max(...[head, ...rows].map((row) => row[at]?.length ?? 0)),
  )
  const line = (cells: readonly string[]): string =>
    `  ${cells.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join('  ')}`.trimEnd()
  const verdict = summary.agree
    ? `All ${summary.tabs} tabs agree: ${grouped(summary.decided)} commands, one order.`
    : 'The tabs DISAGREE.'
  return [
    '',
    ...[head, ...rows].map(line),
    '',
    `  ${verdict}`,
    `  ${summary.voters} voters, ${grouped(summary.perSecond)} decisions a second, half within ${ms(summary.p50Ms)} ms, 99 % within ${ms(summary.p99Ms)} ms.`,
    '',
  ].join('\n')
}
