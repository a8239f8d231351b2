/** `sim controls`: switches off one rule after the other, and writes down who notices. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Catch } from '../../src/hunt.ts'
import type * as hunting from '../../src/hunt.ts'
import type { Flags } from '../command-line.ts'
import { progressOn } from '../progress.ts'
import { top, UsageError } from '../scenario-files.ts'
import type { Control, Hunter } from './control.ts'
import { controls } from './controls.ts'
import { without } from './workbench.ts'

/** A hunter that noticed nothing after so many tries has noticed nothing. */
export const triesMax: Readonly<Record<Hunter, number>> = {
  schedules: 1000,
  worlds: 100,
  trials: 8,
  states: 400_000,
  wills: 150_000,
}

export function hunt(hunters: typeof hunting, hunter: Hunter, firstWorld = 0): Catch | undefined {
  switch (hunter) {
    case 'schedules':
      return hunters.huntSchedules(triesMax.schedules)
    case 'worlds':
      return hunters.huntWorlds(triesMax.worlds, firstWorld)
    case 'trials':
      return hunters.huntTrials(triesMax.trials)
    case 'states':
      return hunters.huntStates(triesMax.states)
    case 'wills':
      return hunters.huntWills(triesMax.wills)
  }
}

type Row = Readonly<Record<Hunter, Catch | undefined>>

/** True: each control was noticed by somebody. */
export async function controlsCommand(flags: Flags): Promise<boolean> {
  const only = flags.get('only')
  const wanted = controls.filter(({ name }) => only === undefined || name === only)
  if (wanted.length === 0) {
    const names = controls.map(({ name }) => `"${name}"`).join(', ')
    throw new UsageError(`--only ${only ?? ''}: one of ${names} is needed.`)
  }
  const progress = progressOn(process.stderr)
  const rows: (readonly [Control, Row])[] = []
  for (const [at, control] of wanted.entries()) {
    progress.update(at, wanted.length, control.name)
    const row = await without(control, (hunters) => ({
      schedules: hunt(hunters, 'schedules'),
      worlds: hunt(hunters, 'worlds'),
      trials: hunt(hunters, 'trials'),
      states: hunt(hunters, 'states'),
      wills: hunt(hunters, 'wills'),
    }))
    progress.end()
    rows.push([control, row])
    console.log(`${control.name}: ${sentenceOf(row)}`)
  }
  if (only === undefined) writeFileSync(join(top, 'docs/controls.md'), pageOf(rows))
  return rows.every(([, row]) => Object.values(row).some((each) => each !== undefined))
}

function sentenceOf(row: Row): string {
  const said = Object.entries(row).map(([hunter, caught]) => `${hunter} ${cellOf(caught)}`)
  return said.join('; ')
}

const cellOf = (caught: Catch | undefined): string =>
  caught === undefined ? '–' : `${caught.tries} (${caught.checker})`

function pageOf(rows: readonly (readonly [Control, Row])[]): string {
  const lines = rows.map(
    ([{ name, rule }, { schedules, worlds, trials, states, wills }]) =>
      `| ${name} | ${rule} | ${cellOf(schedules)} | ${cellOf(worlds)} | ${cellOf(trials)} | ${cellOf(states)} | ${cellOf(wills)} |`,
  )
  return [
    '# Negative controls',
    '',
    'A checker that cannot fail proves nothing. Each row is a build of the core in which one rule of safety is switched off, and',
    'says how many seeds (or states) each of our hunters needs until it notices, and which check it is that notices: schedules of',
    'the protocol alone that no election would choose, worlds of the fuzzer, worlds written by hand that lead straight to a',
    'danger, all states of three stores within bounds, and all of them while a page passes its votes on. A dash: it did not notice',
    `within ${triesMax.schedules}, ${triesMax.worlds} and ${triesMax.trials} seeds, ${triesMax.states} and ${triesMax.wills} states. \`npx -y pnpm sim controls\` writes this page.`,
    '',
    '`completeness`: somebody leads without all that was decided before. `liveness`: nothing false was agreed, but the group stood',
    'still for ever; some rules are there for that. `stale`: a message of a ballot that is over still changed something. More rules',
    'are broken from outside, by disks and links that lie, in `packages/simulator/test/adversary.test.ts`: among them a wiped',
    'store that keeps its identity.',
    '',
    '| Control | The rule that is off | Schedules | Worlds | Trials | States | Wills |',
    '| --- | --- | --- | --- | --- | --- | --- |',
    ...lines,
    '',
  ].join('\n')
}
