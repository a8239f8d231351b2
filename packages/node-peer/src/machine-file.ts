/** Loads the application's machine from a module. Knows its form, not what it does. */
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Commands, Machine } from 'unanimous'
import { defineMachine } from 'unanimous'
import { BadMachine } from './errors.ts'

/** A machine of which no more is known than that it is one. */
export type AnyMachine = Machine<unknown, Commands<unknown>>

/** The module's default export, its `machine`, or the only machine among its exports. Rejects with BadMachine. */
export async function loadMachine(path: string): Promise<AnyMachine> {
  let exported: Readonly<Record<string, unknown>>
  try {
    exported = (await import(pathToFileURL(resolve(path)).href)) as typeof exported
  } catch (cause) {
    throw new BadMachine(`${path} does not load: ${wordsOf(cause)}`, { cause })
  }
  const { default: byDefault, machine: byName } = exported
  const machines = [...new Set(Object.values(exported).filter(isMachine))]
  // A module that carries what its machine was before may export that, too.
  const carried = new Set<unknown>(machines.flatMap(({ previous = [] }) => previous))
  const newest = machines.filter((each) => !carried.has(each))
  const only = newest.length === 1 ? newest[0] : undefined
  const machine = [byDefault, byName].find(isMachine) ?? only
  if (machine === undefined) {
    throw new BadMachine(
      `${path} exports ${machines.length === 0 ? 'no machine' : 'several machines'}: make the one that the group runs its default export.`,
    )
  }
  try {
    return defineMachine(machine)
  } catch (cause) {
    throw new BadMachine(`${path}: ${wordsOf(cause)}`, { cause })
  }
}

function isMachine(value: unknown): value is AnyMachine {
  if (typeof value !== 'object' || value === null) return false
  const { name, version, initial, commands } = value as Readonly<Record<string, unknown>>
  return (
    typeof name === 'string' &&
    typeof version === 'number' &&
    typeof initial === 'function' &&
    typeof commands === 'object' &&
    commands !== null
  )
}

const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
