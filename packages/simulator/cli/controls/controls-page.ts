/** docs/controls.md: each rule that can be switched off, and who noticed after how much. Makes text; asks nobody. */
import type { Catch } from '../../src/hunt.ts'
import type { Control, Hunter } from './control.ts'

/** What each hunter that was asked caught; undefined: nothing within its bound. */
export type Answers = ReadonlyMap<Hunter, Catch | undefined>

export type Row = readonly [Control, Answers]

export function pageOf(rows: readonly Row[], bounds: Readonly<Record<Hunter, number>>): string {
  const lines = rows.map(
    ([{ name, rule }, answers]) => `| ${name} | ${rule} | ${sentenceOf(answers)} |`,
  )
  return [
    '# Negative controls',
    '',
    'A checker that cannot fail proves nothing. Each row is a build of the core in which one rule of safety is switched off, and',
    'says how many seeds (or states) those who hunt for it needed until one noticed, and, in brackets, which check it was that',
    'noticed. `npx -y pnpm sim controls` writes this page with the hunters to which the tests hold each rule; with `--all` it asks',
    'every hunter, for hours, and says who noticed nothing.',
    '',
    '| Hunter | What it goes through, and how much of it at most |',
    '| --- | --- |',
    `| schedules | orders of events in the protocol alone that no election would choose; ${bounds.schedules} seeds |`,
    `| worlds | the fuzzer's worlds of whole tabs; ${bounds.worlds} seeds |`,
    `| trials | worlds written by hand that lead straight to a danger; each with ${bounds.trials} seeds |`,
    `| states | all that three stores can do; ${bounds.states} states |`,
    `| wills | the same while a page passes its votes on; ${bounds.wills} states |`,
    '',
    'Checks that are no rule of the specification by name: `completeness`, somebody leads without all that was decided before;',
    '`liveness`, nothing false was agreed, but the group stood still for ever (some rules are there for that); `stale`, a message of',
    'a ballot that is over still changed something. More rules are broken from outside, by disks and links that lie, in',
    '`packages/simulator/test/adversary.test.ts`: among them a wiped store that keeps its identity.',
    '',
    '| Control | The rule that is off | Noticed after |',
    '| --- | --- | --- |',
    ...lines,
    '',
  ].join('\n')
}

/** As "6 schedules (J1); 655 wills (J1)". */
export function sentenceOf(answers: Answers): string {
  const caught = [...answers].map(([hunter, found]) =>
    found === undefined ? `never by ${hunter}` : `${found.tries} ${hunter} (${found.checker})`,
  )
  return caught.join('; ')
}
