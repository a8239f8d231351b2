/** `sim fuzz`, `sim replay` and `sim explain`: worlds by their seeds, and what led to a failure. */
import type { Verdict } from '../src/fuzz.ts'
import { fuzz, optionsFrom } from '../src/fuzz.ts'
import { readDuration } from '../src/scenario/words.ts'
import { Violation } from '../src/violation.ts'
import type { Flags } from './command-line.ts'
import { FuzzSummary } from './fuzz-summary.ts'
import { progressOn } from './progress.ts'
import { UsageError } from './scenario-files.ts'
import { Witness } from './witness.ts'

/** Named in the report; the rest is counted. */
const failedMax = 100

/** True: no world showed anything wrong. Ends with one line of JSON. */
export function fuzzCommand(flags: Flags): boolean {
  const budgetMs = flags.has('budget') ? readDuration(flags.get('budget') ?? '') : undefined
  if (!flags.has('seeds') && budgetMs === undefined) {
    throw new UsageError('"fuzz" needs --seeds N, or --budget such as 60s.')
  }
  const count = Number(flags.get('seeds') ?? 1_000_000)
  const from = Number(flags.get('from') ?? 0)
  const began = Date.now()
  const progress = progressOn(process.stderr)
  const failed: number[] = []
  const summary = new FuzzSummary()
  let violations = 0
  let simulatedMs = 0
  let seeds = 0
  while (seeds < count && (budgetMs === undefined || Date.now() - began < budgetMs)) {
    const seed = from + seeds
    progress.update(seeds, count, `${violations} failed, seed ${seed}`)
    const result = tryOne(seed)
    seeds += 1
    if (result.ok) {
      simulatedMs += result.verdict.simulatedMs
      summary.add(result.verdict)
      continue
    }
    violations += 1
    if (failed.length < failedMax) failed.push(seed)
    progress.end()
    const story = `again: npx -y pnpm sim replay ${seed}; why: npx -y pnpm sim explain ${seed}`
    if (!flags.has('json')) console.log(`${result.message}\n${story}`)
  }
  progress.end()
  // With --json stdout is one line alone; a person who watches sees the coverage all the same.
  for (const sentence of summary.sentences) {
    if (flags.has('json')) console.error(sentence)
    else console.log(sentence)
  }
  const realSeconds = (Date.now() - began) / 1000
  const simulatedSeconds = Math.round(simulatedMs / 1000)
  console.log(JSON.stringify({ seeds, from, violations, failed, simulatedSeconds, realSeconds }))
  return violations === 0
}

type Result =
  | { readonly ok: true; readonly verdict: Verdict }
  | { readonly ok: false; readonly message: string }

function tryOne(seed: number, witness?: Witness): Result {
  const watchers = witness === undefined ? [] : [witness]
  try {
    return { ok: true, verdict: fuzz(optionsFrom(seed), ...watchers) }
  } catch (error) {
    // Anything else than a violation is a mistake of the simulator itself: let it be seen whole.
    if (!(error instanceof Violation)) throw error
    return { ok: false, message: error.message }
  }
}

export function replayCommand(seed: number): boolean {
  const witness = new Witness({ frames: false, keep: 100_000 })
  const result = tryOne(seed, witness)
  for (const sentence of witness.sentences) console.log(sentence)
  console.log(result.ok ? JSON.stringify(result.verdict) : result.message)
  return result.ok
}

export function explainCommand(seed: number): boolean {
  const witness = new Witness({ frames: true, keep: 60 })
  const result = tryOne(seed, witness)
  if (result.ok) {
    console.log(`Seed ${seed} shows nothing wrong. ${JSON.stringify(result.verdict)}`)
    return true
  }
  console.log(`The last steps before seed ${seed} failed:`)
  for (const sentence of witness.sentences) console.log(sentence)
  console.log(result.message)
  return false
}
