/** `sim controls`: switches off one rule after the other, and writes down who notices. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Catch } from '../../src/hunt.ts'
import type * as hunting from '../../src/hunt.ts'
import type { Flags } from '../command-line.ts'
import { progressOn } from '../progress.ts'
import { top, UsageError } from '../scenario-files.ts'
import type { Control, Hunter } from './control.ts'
import { allHunters } from './control.ts'
import { pageOf, sentenceOf } from './controls-page.ts'
import type { Row } from './controls-page.ts'
import { controls } from './controls.ts'
import { without } from './workbench.ts'

/** A hunter that noticed nothing after so many tries has noticed nothing. */
export const triesMax: Readonly<Record<Hunter, number>> = {
  schedules: 4000,
  worlds: 100,
  trials: 8,
  states: 400_000,
  wills: 150_000,
}

export function hunt(hunters: typeof hunting, hunter: Hunter, firstSeed = 0): Catch | undefined {
  switch (hunter) {
    case 'schedules':
      return hunters.huntSchedules(triesMax.schedules, firstSeed)
    case 'worlds':
      return hunters.huntWorlds(triesMax.worlds, firstSeed)
    case 'trials':
      return hunters.huntTrials(triesMax.trials)
    case 'states':
      return hunters.huntStates(triesMax.states)
    case 'wills':
      return hunters.huntWills(triesMax.wills)
  }
}

/** True: each control was noticed by somebody. */
export async function controlsCommand(flags: Flags): Promise<boolean> {
  const only = flags.get('only')
  const wanted = controls.filter(({ name }) => only === undefined || name === only)
  if (wanted.length === 0) {
    const names = controls.map(({ name }) => `"${name}"`).join(', ')
    throw new UsageError(`--only ${only ?? ''}: one of ${names} is needed.`)
  }
  const progress = progressOn(process.stderr)
  const rows: Row[] = []
  for (const [at, control] of wanted.entries()) {
    progress.update(at, wanted.length, control.name)
    const asked = flags.has('all') ? allHunters : huntersOf(control)
    const answers = await without(
      control,
      (hunters) => new Map(asked.map((hunter) => [hunter, hunt(hunters, hunter)])),
    )
    progress.end()
    rows.push([control, answers])
    console.log(`${control.name}: ${sentenceOf(answers)}`)
  }
  if (only === undefined) writeFileSync(join(top, 'docs/controls.md'), pageOf(rows, triesMax))
  return rows.every(([, answers]) => [...answers.values()].some((each) => each !== undefined))
}

/** Those to whom the tests hold it. */
const huntersOf = ({ noticedBy, alsoBy }: Control): readonly Hunter[] =>
  alsoBy === undefined ? [noticedBy] : [noticedBy, alsoBy]
