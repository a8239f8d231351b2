/** The log in memory: entries, where the configurations stand, and what it weighs. Knows nothing of ballots' order or disks. */
import { assert, present } from '../base/assert.ts'
import type { Entry, Stamp } from './entry.ts'
import { entryBytes } from './entry.ts'
import type { Index, VoteId } from './ids.ts'
import { ownVote } from './ids.ts'
import type { Rotation } from './rotation.ts'
import type { Wishes } from './wishes.ts'

/** One configuration and the index of the entry that made it. */
export interface Configuration {
  readonly index: Index
  readonly voters: readonly VoteId[]
  readonly joins: Readonly<Record<VoteId, Index>>
  /** What people decided about single stores; absent for nothing. */
  readonly wishes?: Wishes
  /** The secret that the group goes by; absent for the one that it began with. */
  readonly rotation?: Rotation
}

/** A version of the application's machine, and the index of the entry by which the group went over to it. */
export interface MachineMark {
  readonly index: Index
  readonly version: number
}

/** Mutable; owned by the one transition. */
export interface Log {
  /** What lies below is decided and not here any more. */
  base: Index
  /** Of the entry just below `base`. */
  before: Stamp | undefined
  /** From `base` on. */
  readonly entries: Entry[]
  /** `bytesBefore[i]` is what all entries below `base + i` weigh, counted from anywhere; one element more than `entries`. */
  readonly bytesBefore: number[]
  /** The configuration in force at `base`, as far as it is known, and all later ones, in index order. */
  readonly configurations: Configuration[]
  /** The version of the machine in force at `base`, as far as it is known, and all later ones, in index order. */
  readonly machines: MachineMark[]
}

export const emptyLog = (): Log => ({
  ...{ base: 0 as Index, before: undefined, entries: [], bytesBefore: [0], configurations: [] },
  machines: [],
})

export const logEnd = (log: Log): Index => (log.base + log.entries.length) as Index

export function entryAt(log: Log, at: Index): Entry {
  return present(log.entries[at - log.base], `no entry at ${at}`)
}

/** Who appended the entry just below `end`, and when; undefined at the beginning of the log. */
export function stampBefore(log: Log, end: Index): Stamp | undefined {
  return end === log.base ? log.before : log.entries[end - 1 - log.base]
}

/** The configuration that an entry makes, if it makes one. */
export function configurationOf(entry: Entry, at: Index): Configuration | undefined {
  if (entry.kind === 'config') {
    const { voters, joins, wishes, rotation } = entry
    return { index: at, voters, joins, ...(wishes && { wishes }), ...(rotation && { rotation }) }
  }
  if (entry.kind !== 'genesis') return undefined
  const founder = ownVote(entry.founder)
  return { index: at, voters: [founder], joins: { [founder]: at } }
}

export function appendToLog(log: Log, entries: readonly Entry[]): void {
  for (const entry of entries) {
    const configuration = configurationOf(entry, logEnd(log))
    if (configuration !== undefined) log.configurations.push(configuration)
    if (entry.kind === 'machine') {
      log.machines.push({ index: logEnd(log), version: entry.version })
    }
    log.bytesBefore.push(
      present(log.bytesBefore.at(-1), 'the weights follow the log') + entryBytes(entry),
    )
    log.entries.push(entry)
  }
}

export function truncateLog(log: Log, end: Index): void {
  assert(end <= logEnd(log), `cannot truncate ${logEnd(log)} entries to ${end}`)
  assert(end >= log.base, `cannot truncate to ${end}, below the base ${log.base}`)
  log.entries.length = end - log.base
  log.bytesBefore.length = end - log.base + 1
  while ((log.configurations.at(-1)?.index ?? -1) >= end) log.configurations.pop()
  while ((log.machines.at(-1)?.index ?? -1) >= end) log.machines.pop()
}

/** Lets go of what lies below `base`, all of which is decided and summed up elsewhere. */
export function compactLog(log: Log, base: Index): void {
  assert(base <= logEnd(log), `cannot compact ${logEnd(log)} entries to ${base}`)
  if (base <= log.base) return
  log.before = stampBefore(log, base)
  const gone = base - log.base
  log.entries.splice(0, gone)
  log.bytesBefore.splice(0, gone)
  const inForce = log.configurations.findLastIndex(({ index }) => index < base)
  log.configurations.splice(0, Math.max(inForce, 0))
  const ofMachine = log.machines.findLastIndex(({ index }) => index < base)
  log.machines.splice(0, Math.max(ofMachine, 0))
  log.base = base
}

/** What is in force where a log begins. */
export interface Beginning {
  readonly before: Stamp | undefined
  readonly configuration: Configuration
  readonly machine: MachineMark | undefined
}

/** Forgets all: the log begins at `base`. */
export function beginLogAt(
  log: Log,
  base: Index,
  { before, configuration, machine }: Beginning,
): void {
  log.entries.length = 0
  log.bytesBefore.splice(0, log.bytesBefore.length, 0)
  log.configurations.splice(0, log.configurations.length, configuration)
  log.machines.splice(0, log.machines.length, ...(machine === undefined ? [] : [machine]))
  log.base = base
  log.before = before
}

export const sliceOfLog = (log: Log, from: Index, end: Index): readonly Entry[] =>
  log.entries.slice(from - log.base, end - log.base)

/** What the entries in [from, end) weigh, in bytes; those that are not here any more weigh nothing. */
export function bytesBetween(log: Log, from: Index, end: Index): number {
  const first = Math.max(from - log.base, 0)
  const last = Math.max(end - log.base, 0)
  return (
    present(log.bytesBefore[last], 'within the log') -
    present(log.bytesBefore[first], 'within the log')
  )
}

/** The largest end such that [from, end) has at most `count` entries and `bytes` bytes; at least one entry, if there is one. */
export function endWithin(log: Log, from: Index, bounds: { bytes: number; count: number }): Index {
  const last = Math.min(logEnd(log), from + bounds.count)
  let low = Math.min(from + 1, last)
  let high = last
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if (bytesBetween(log, from, middle as Index) <= bounds.bytes) low = middle
    else high = middle - 1
  }
  return low as Index
}

/**
 * The configuration in force for the entry at `at`: made by the last configuration entry below it, and below the second entry by
 * the genesis, which governs itself: after a restart a store may hold it and not know any more that it is decided.
 */
export function configurationAt(log: Log, at: Index): Configuration | undefined {
  return configurationsFrom(log, at)[0]
}

/** The configuration in force at `from`, and every later one. */
export function configurationsFrom(log: Log, from: Index): readonly Configuration[] {
  const first = log.configurations.findLastIndex((configuration) => configuration.index < from)
  return log.configurations.slice(Math.max(first, 0))
}

/** The version of the machine in force for the entry at `at`; undefined: none was decided on below it. */
export const machineAt = (log: Log, at: Index): MachineMark | undefined =>
  log.machines.findLast(({ index }) => index < at)

export const newestConfiguration = (log: Log): Configuration | undefined =>
  log.configurations.at(-1)
