/** `sim fuzz`, `sim replay` and `sim explain`: worlds by their seeds, and what led to a failure. */
import { availableParallelism } from 'node:os'
import { readDuration } from '../src/scenario/words.ts'
import type { Flags } from './command-line.ts'
import { playSeeds } from './fuzz-crew.ts'
import { tryOne } from './fuzz-one.ts'
import { FuzzSummary } from './fuzz-summary.ts'
import { progressOn } from './progress.ts'
import { UsageError } from './scenario-files.ts'
import { Witness } from './witness.ts'

/** Named in the report; the rest is counted. */
const failedMax = 100

/** True: no world showed anything wrong. Ends with one line of JSON. */
export async function fuzzCommand(flags: Flags): Promise<boolean> {
  const budgetMs = flags.has('budget') ? readDuration(flags.get('budget') ?? '') : undefined
  if (!flags.has('seeds') && budgetMs === undefined) {
    throw new UsageError('"fuzz" needs --seeds N, or --budget such as 60s.')
  }
  const count = Number(flags.get('seeds') ?? 1_000_000)
  const from = Number(flags.get('from') ?? 0)
  const jobs = Math.max(1, Math.min(count, Number(flags.get('jobs') ?? availableParallelism())))
  const began = Date.now()
  const progress = progressOn(process.stderr)
  // With --json stdout is one line alone; a person who watches sees the rest all the same.
  const tell = flags.has('json') ? console.error : console.log
  const failed: number[] = []
  const summary = new FuzzSummary()
  let simulatedMs = 0
  let [given, seeds] = [0, 0]
  await playSeeds({
    jobs,
    next: () => {
      if (given >= count || (budgetMs !== undefined && Date.now() - began >= budgetMs)) return
      given += 1
      return from + given - 1
    },
    ended: (seed, result) => {
      seeds += 1
      progress.update(seeds, count, `${failed.length} failed, seed ${seed}`)
      if (result.ok) {
        simulatedMs += result.verdict.simulatedMs
        summary.add(result.verdict)
        return
      }
      failed.push(seed)
      progress.end()
      const story = `again: npx -y pnpm sim replay ${seed}; why: npx -y pnpm sim explain ${seed}`
      tell(`${result.message}\n${story}`)
    },
  })
  progress.end()
  for (const sentence of summary.sentences) tell(sentence)
  const realSeconds = (Date.now() - began) / 1000
  const simulatedSeconds = Math.round(simulatedMs / 1000)
  const violations = failed.length
  const named = failed.sort((a, b) => a - b).slice(0, failedMax)
  const line = { seeds, from, violations, failed: named, simulatedSeconds, realSeconds }
  console.log(JSON.stringify(line))
  return violations === 0
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
