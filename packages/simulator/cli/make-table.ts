/** `sim table`: all rows with all protocols, as a document and a picture. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Protocol } from '../src/scenario/protocol.ts'
import { protocols } from '../src/scenario/protocol.ts'
import type { Outcome } from '../src/scenario/run.ts'
import { runScenario } from '../src/scenario/run.ts'
import { documentOf } from '../src/table/markdown.ts'
import { pictureOf } from '../src/table/plot.ts'
import type { Cell, Row } from '../src/table/summary.ts'
import { aboutOf, awaitsOf, cellOf, shareOf } from '../src/table/summary.ts'
import type { Flags } from './command-line.ts'
import type { Progress } from './progress.ts'
import { progressOn } from './progress.ts'
import type { Found } from './scenario-files.ts'
import { readScenario, rowNames, top, UsageError } from './scenario-files.ts'

interface Made {
  readonly row: Row
  /** What did not come out as it must: violations of anybody, expectations of ours. */
  readonly problems: readonly string[]
}

/** True: no violation, and the product meets what it must meet now. */
export function tableCommand(flags: Flags): boolean {
  const seeds = Number(flags.get('seeds') ?? 5)
  if (seeds < 1) throw new UsageError('--seeds needs at least 1.')
  const only = flags.get('only')?.split(',')
  const found = (only ?? rowNames()).map(readScenario)
  const progress = progressOn(process.stderr)
  const made = found.map((each, at) => rowOf(each, seeds, { progress, at, of: found.length }))
  progress.end()
  const rows = made.map(({ row }) => row)
  const text = documentOf(rows, { seeds, picture: './table.svg' })
  console.log(text)
  if (only === undefined) {
    writeFileSync(join(top, 'docs/table.md'), text)
    writeFileSync(join(top, 'docs/table.svg'), pictureOf(rows))
  }
  const problems = made.flatMap((each) => each.problems)
  for (const problem of problems) console.log(problem)
  return problems.length === 0
}

function rowOf(
  found: Found,
  seeds: number,
  { progress, at, of }: { readonly progress: Progress; readonly at: number; readonly of: number },
): Made {
  const { name, text, scenario } = found
  const cells = new Map<Protocol, Cell>()
  const problems: string[] = []
  for (const [place, protocol] of protocols.entries()) {
    const outcomes: Outcome[] = []
    for (let seed = 1; seed <= seeds; seed += 1) {
      const done = (at * protocols.length + place) * seeds + seed - 1
      progress.update(done, of * protocols.length * seeds, `${name}, ${protocol}, seed ${seed}`)
      const outcome = runScenario(scenario, { protocol, seed })
      outcomes.push(outcome)
      problems.push(...problemsOf(found, outcome))
    }
    cells.set(protocol, cellOf(outcomes))
  }
  const row: Row = {
    name,
    about: aboutOf(text),
    share: shareOf(scenario),
    awaits: awaitsOf(scenario),
    cells,
  }
  return { row, problems }
}

function problemsOf({ name }: Found, outcome: Outcome): readonly string[] {
  const { protocol, seed, violation, judgements } = outcome
  const failed = judgements.filter(({ state }) => state === 'failed')
  const again = `npx -y pnpm sim run ${name} --protocol ${protocol} --seed ${seed}`
  return [
    ...(violation === undefined ? [] : [`violation: ${violation}; again: ${again}`]),
    ...(protocol === 'unanimous'
      ? failed.map(({ text }) => `not met: ${text}; again: ${again}`)
      : []),
  ]
}
