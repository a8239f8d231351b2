/** `sim linearize`: is a history of anybody's, one JSON object a line, one that single registers could have made? */
import { existsSync, readFileSync } from 'node:fs'
import { readHistory } from '../src/checkers/history-record.ts'
import type { Linearizability } from '../src/checkers/linearizability.ts'
import { checkLinearizability } from '../src/checkers/linearizability.ts'
import { HistoryError } from '../src/checkers/operations.ts'
import type { Flags } from './command-line.ts'
import { UsageError } from './scenario-files.ts'

/** True: it is linearizable. */
export function linearizeCommand(path: string, flags: Flags): boolean {
  if (!existsSync(path)) throw new UsageError(`There is no file "${path}".`)
  const read = readHistory(readFileSync(path, 'utf8'))
  if (!read.ok) throw new UsageError(`${path}:${read.line} expected ${read.expected}`)
  const began = performance.now()
  const result = judge(() => checkLinearizability(read.records))
  const seconds = ((performance.now() - began) / 1000).toFixed(1)
  if (flags.has('json')) console.log(JSON.stringify(result))
  else console.log(`${inWords(result)}\nIn ${seconds} s.`)
  return result.kind === 'linearizable'
}

function judge(check: () => Linearizability): Linearizability {
  try {
    return check()
  } catch (error) {
    if (!(error instanceof HistoryError)) throw error
    throw new UsageError(error.message)
  }
}

function inWords(result: Linearizability): string {
  switch (result.kind) {
    case 'linearizable':
      return `Linearizable: ${result.operations} operations on ${result.keys} registers.`
    case 'violation':
      return result.why.join('\n')
    case 'undecided':
      return `Not decided: ${result.tries} orders of the operations on register ${result.key} were tried, and none fits yet.`
  }
}
