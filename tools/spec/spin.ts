/** Runs Spin's exhaustive search over the model, with one set of bounds. Knows the programs and what they print. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runCommand } from '../process/run-command.ts'
import type { SpecRun } from './runs.ts'

export interface Searched {
  /** What agreement came to; undefined: the search did not end, and `why` says so. */
  readonly errors: number | undefined
  readonly why: string
  readonly states: number
  readonly depth: number
  readonly seconds: number
  readonly megabytes: number
}

const limitMs = 60 * 60_000
const memoryMegabytes = 16_000
/** Deeper than any path of the model: a cut-off search would not be exhaustive. */
const depthMax = 100_000

/** Throws an Error that says which program is missing or failed, and how to get it. */
export async function search(model: string, run: SpecRun): Promise<Searched> {
  const folder = mkdtempSync(join(tmpdir(), 'unanimous-spec-'))
  const step = async (program: string, ...parameters: readonly string[]): Promise<string> => {
    const { code, output } = await runCommand(program, parameters, { directory: folder, limitMs })
    if (code === 0) return output
    throw new Error(
      `${program} did not work: ${output.trim()}\nSpin and gcc are needed: apt-get install spin gcc`,
    )
  }
  try {
    const defines = Object.entries(run.defines).map(([name, value]) => `-D${name}=${value}`)
    await step('spin', '-a', ...defines, model)
    await step(
      'gcc',
      '-O2',
      '-DSAFETY',
      '-DCOLLAPSE',
      `-DMEMLIM=${memoryMegabytes}`,
      '-o',
      'pan',
      'pan.c',
    )
    return readReport(await step(join(folder, 'pan'), `-m${depthMax}`))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

export function readReport(output: string): Searched {
  const number = (pattern: RegExp): number => Number(pattern.exec(output)?.[1] ?? Number.NaN)
  const errors = number(/errors: (\d+)/)
  const cutShort = /max search depth too small|out of memory|memory bound/.exec(output)?.[0]
  return {
    errors: cutShort !== undefined || Number.isNaN(errors) ? undefined : errors,
    why: cutShort ?? /assertion violated .*/.exec(output)?.[0] ?? '',
    states: number(/(\d+) states, stored/),
    depth: number(/depth reached (\d+)/),
    seconds: number(/elapsed time ([\d.]+) seconds/),
    megabytes: number(/([\d.]+)\s+total actual memory usage/),
  }
}
