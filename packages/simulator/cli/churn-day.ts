/** `sim churn`: a day of comings and goings, and how much of it the group could decide. */
import { churn } from '../src/churn.ts'
import type { Flags } from './command-line.ts'

/** What was promised, in thousandths of the time in which a majority was there. */
const availableMin = 990

/** True: nothing was lost, and the group was there. */
export function churnCommand(flags: Flags): boolean {
  const minutes = Number(flags.get('minutes') ?? 60)
  const seed = Number(flags.get('seed') ?? 1)
  const verdict = churn({ seed, minutes })
  console.log(JSON.stringify(verdict))
  return verdict.available >= availableMin
}
