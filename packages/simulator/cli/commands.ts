/** All commands of `pnpm sim`: their words, and what each does. */
import { checkCommand, checkFlags } from './check-model.ts'
import { churnCommand } from './churn-day.ts'
import type { Command, Flags } from './command-line.ts'
import { controlsCommand } from './controls/run-controls.ts'
import { explainCommand, fuzzCommand, replayCommand } from './fuzz-worlds.ts'
import { linearizeCommand } from './judge-history.ts'
import { tableCommand } from './make-table.ts'
import { graphsCommand } from './play-graphs.ts'
import { runCommand } from './run-scenario.ts'

export interface RunnableCommand extends Command {
  /** True: nothing failed. Throws UsageError for words that make no sense. */
  perform(operand: string, flags: Flags): boolean | Promise<boolean>
}

export const commands: readonly RunnableCommand[] = [
  {
    name: 'run',
    operand: 'FILE',
    about: 'Plays a scenario: the path of any .scenario file, or the name of a row of the table.',
    flags: [
      {
        name: 'protocol',
        value: 'WORD',
        about: 'unanimous (default), unanimous-direct, raft, raft-pv, raft-pv-cq, omni, or all',
      },
      { name: 'relays', value: 'WORD', about: 'on (default), or off: direct links only' },
      { name: 'seed', value: 'N', about: 'the first seed (default 1)' },
      { name: 'seeds', value: 'N', about: 'how many seeds (default 1)' },
      { name: 'json', about: 'one object a run, each on its line' },
      { name: 'trace', value: 'FILE', about: 'writes the story of one run' },
      { name: 'history', value: 'FILE', about: 'writes what callers saw, one JSON object a line' },
    ],
    perform: runCommand,
  },
  {
    name: 'table',
    about: 'Plays all rows with all protocols; writes docs/table.md and docs/table.svg.',
    flags: [
      {
        name: 'seeds',
        value: 'N',
        about: 'seeds a cell, of which the median is shown (default 5)',
      },
      { name: 'only', value: 'WORD', about: 'rows such as U1,U2: prints them and writes nothing' },
    ],
    perform: (_, flags) => tableCommand(flags),
  },
  {
    name: 'fuzz',
    about:
      'Worlds in which things go wrong at random, each with all checks; ends with one line of JSON.',
    flags: [
      { name: 'seeds', value: 'N', about: 'how many worlds' },
      { name: 'from', value: 'N', about: 'the first seed (default 0)' },
      { name: 'budget', value: 'TIME', about: 'stops after this, such as 60s' },
      { name: 'jobs', value: 'N', about: 'processes (default: as many as there are cores)' },
      { name: 'json', about: 'nothing but that line' },
    ],
    perform: (_, flags) => fuzzCommand(flags),
  },
  {
    name: 'replay',
    operand: 'SEED',
    about: 'One world of the fuzzer again: what struck when, and the verdict.',
    flags: [],
    perform: (seed) => replayCommand(Number(seed)),
  },
  {
    name: 'explain',
    operand: 'SEED',
    about: 'The last steps before a world of the fuzzer failed, in sentences.',
    flags: [],
    perform: (seed) => explainCommand(Number(seed)),
  },
  {
    name: 'churn',
    about:
      'Tabs come and go all the time: how much of it the group can decide. Ends with one line of JSON.',
    flags: [
      { name: 'minutes', value: 'N', about: 'of the world (default 60)' },
      { name: 'seed', value: 'N', about: 'default 1' },
    ],
    perform: (_, flags) => churnCommand(flags),
  },
  {
    name: 'graphs',
    about: 'Networks drawn at random: who can commit does, and nobody else pretends.',
    flags: [
      { name: 'graphs', value: 'N', about: 'how many (default 200)' },
      { name: 'from', value: 'N', about: 'the first seed (default 0)' },
    ],
    perform: (_, flags) => graphsCommand(flags),
  },
  {
    name: 'check',
    about: 'The model checker: all that three stores can do within bounds.',
    flags: checkFlags,
    perform: (_, flags) => checkCommand(flags),
  },
  {
    name: 'controls',
    about:
      'Switches off one rule of safety after the other and writes docs/controls.md: who notices?',
    flags: [
      { name: 'only', value: 'WORD', about: 'one of them: prints it and writes nothing' },
      {
        name: 'all',
        about: 'asks every hunter about each of them, not only who is known to notice',
      },
    ],
    perform: (_, flags) => controlsCommand(flags),
  },
  {
    name: 'linearize',
    operand: 'FILE',
    about: 'Judges a history, such as "run --history" writes: could single registers have made it?',
    flags: [{ name: 'json', about: 'the judgement as one object' }],
    perform: linearizeCommand,
  },
]
