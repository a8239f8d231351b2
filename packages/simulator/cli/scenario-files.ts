/** Where scenarios are and what is in them. A file by its path, or a checked-in row by its name. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { parseScenario } from '../src/scenario/parse.ts'
import type { Scenario } from '../src/scenario/scenario.ts'

/** The root of the workspace. */
export const top: string = resolve(import.meta.dirname, '../../..')
const folder = resolve(import.meta.dirname, '../scenarios')

export interface Found {
  readonly name: string
  /** As it was asked for. */
  readonly word: string
  readonly text: string
  readonly scenario: Scenario
}

/** The words are wrong, or a file: no fault of any protocol. */
export class UsageError extends Error {
  readonly code = 'usage'
  override readonly name = 'UsageError'
}

/** The rows of the table, in its order: no audience (A), which the others have no name for. */
export function rowNames(): readonly string[] {
  const order = ['U', 'HA', 'QL', 'CE', 'CH', 'DL', 'L', 'X', 'T', 'P', 'E', 'C']
  const placeOf = (name: string): number => order.indexOf(name.replace(/\d+$/, ''))
  return readdirSync(folder)
    .filter((file) => file.endsWith('.scenario'))
    .map((file) => file.replace('.scenario', ''))
    .filter((name) => placeOf(name) >= 0)
    .sort((a, b) => placeOf(a) - placeOf(b) || (a < b ? -1 : 1))
}

export function readScenario(word: string): Found {
  const path = [resolve(word), join(folder, `${word}.scenario`)].find((each) => existsSync(each))
  if (path === undefined) {
    throw new UsageError(
      `There is no file "${word}", and no row of that name; the rows are ${rowNames().join(', ')}.`,
    )
  }
  const text = readFileSync(path, 'utf8')
  const parsed = parseScenario(text)
  if (!parsed.ok) {
    const lines = parsed.errors.map(({ line, message }) => `${word}:${line} ${message}`)
    throw new UsageError(lines.join('\n'))
  }
  return { name: basename(path, '.scenario'), word, text, scenario: parsed.scenario }
}
