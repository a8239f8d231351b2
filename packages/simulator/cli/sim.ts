/**
 * The simulator's command line: scenarios, the table, the fuzzer. Knows which command does what, not how.
 * usage: npx -y pnpm sim COMMAND …
 */
import type { Command, Flags } from './command-line.ts'
import { helpText, readRequest } from './command-line.ts'
import { explainCommand, fuzzCommand, replayCommand } from './fuzz-worlds.ts'
import { tableCommand } from './make-table.ts'
import { runCommand } from './run-scenario.ts'
import { UsageError } from './scenario-files.ts'

const commands: readonly Command[] = [
  {
    name: 'run',
    operand: 'FILE',
    about: 'Plays a scenario: the path of any .scenario file, or the name of a row of the table.',
    flags: [
      {
        name: 'protocol',
        value: 'WORD',
        about: 'unanimous (default), raft, raft-pv, raft-pv-cq, omni, or all',
      },
      { name: 'relays', value: 'WORD', about: 'off: without relays (there are none yet)' },
      { name: 'seed', value: 'N', about: 'the first seed (default 1)' },
      { name: 'seeds', value: 'N', about: 'how many seeds (default 1)' },
      { name: 'json', about: 'one object a run, each on its line' },
      { name: 'trace', value: 'FILE', about: 'writes the story of one run' },
      { name: 'history', value: 'FILE', about: 'writes what callers saw, one JSON object a line' },
    ],
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
  },
  {
    name: 'fuzz',
    about:
      'Worlds in which things go wrong at random, each with all checks; ends with one line of JSON.',
    flags: [
      { name: 'seeds', value: 'N', about: 'how many worlds' },
      { name: 'from', value: 'N', about: 'the first seed (default 0)' },
      { name: 'budget', value: 'TIME', about: 'stops after this, such as 60s' },
      { name: 'json', about: 'nothing but that line' },
    ],
  },
  {
    name: 'replay',
    operand: 'SEED',
    about: 'One world of the fuzzer again: what struck when, and the verdict.',
    flags: [],
  },
  {
    name: 'explain',
    operand: 'SEED',
    about: 'The last steps before a world of the fuzzer failed, in sentences.',
    flags: [],
  },
]

/** True: nothing failed. */
function perform(command: string, operand: string, flags: Flags): boolean {
  switch (command) {
    case 'run':
      return runCommand(operand, flags)
    case 'table':
      return tableCommand(flags)
    case 'fuzz':
      return fuzzCommand(flags)
    case 'replay':
      return replayCommand(Number(operand))
    default:
      return explainCommand(Number(operand))
  }
}

function main(words: readonly string[]): number {
  const request = readRequest(words, commands)
  switch (request.kind) {
    case 'help':
      console.log(helpText(commands, request.command))
      return 0
    case 'wrong':
      console.error(request.message)
      return 2
    case 'run':
      try {
        return perform(request.command, request.operand, request.flags) ? 0 : 1
      } catch (error) {
        if (!(error instanceof UsageError)) throw error
        console.error(error.message)
        return 2
      }
  }
}

// Whoever reads us may have seen enough: `sim run … | head`.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  process.exit(0)
})
process.exitCode = main(process.argv.slice(2))
