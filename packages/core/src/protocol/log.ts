/** The log in memory: entries, where the configurations stand, and what it weighs. Knows nothing of ballots' order or disks. */
import { assert, present } from '../base/assert.ts'
import type { Entry } from './entry.ts'
import { entryBytes } from './entry.ts'
import type { Index, VoteId } from './ids.ts'
import { ownVote } from './ids.ts'

/** One configuration and the index of the entry that made it. */
export interface Configuration {
  readonly index: Index
  readonly voters: readonly VoteId[]
  readonly joins: Readonly<Record<VoteId, Index>>
}

/** Mutable; owned by the one transition. */
export interface Log {
  readonly entries: Entry[]
  /** `bytesBefore[i]` is what the entries below `i` weigh; one element more than `entries`. */
  readonly bytesBefore: number[]
  /** Of all configuration entries (genesis included), in index order. */
  readonly configurations: Configuration[]
}

export const emptyLog = (): Log => ({ entries: [], bytesBefore: [0], configurations: [] })

export const logEnd = (log: Log): Index => log.entries.length as Index

export function entryAt(log: Log, at: Index): Entry {
  return present(log.entries[at], `no entry at ${at}`)
}

/** The configuration that an entry makes, if it makes one. */
export function configurationOf(entry: Entry, at: Index): Configuration | undefined {
  if (entry.kind === 'config') return { index: at, voters: entry.voters, joins: entry.joins }
  if (entry.kind !== 'genesis') return undefined
  const founder = ownVote(entry.founder)
  return { index: at, voters: [founder], joins: { [founder]: at } }
}

export function appendToLog(log: Log, entries: readonly Entry[]): void {
  for (const entry of entries) {
    const at = logEnd(log)
    const configuration = configurationOf(entry, at)
    if (configuration !== undefined) log.configurations.push(configuration)
    log.bytesBefore.push(
      present(log.bytesBefore[at], 'the weights follow the log') + entryBytes(entry),
    )
    log.entries.push(entry)
  }
}

export function truncateLog(log: Log, end: Index): void {
  assert(end <= logEnd(log), `cannot truncate ${logEnd(log)} entries to ${end}`)
  log.entries.length = end
  log.bytesBefore.length = end + 1
  while ((log.configurations.at(-1)?.index ?? -1) >= end) log.configurations.pop()
}

export const sliceOfLog = (log: Log, from: Index, end: Index): readonly Entry[] =>
  log.entries.slice(from, end)

/** What the entries in [from, end) weigh, in bytes. */
export function bytesBetween(log: Log, from: Index, end: Index): number {
  return (
    present(log.bytesBefore[end], 'within the log') -
    present(log.bytesBefore[from], 'within the log')
  )
}

/** The largest end such that [from, end) has at most `count` entries and `bytes` bytes; at least one entry, if there is one. */
export function endWithin(log: Log, from: Index, bounds: { bytes: number; count: number }): Index {
  const last = Math.min(logEnd(log), from + bounds.count)
  const base = present(log.bytesBefore[from], 'within the log')
  let low = Math.min(from + 1, last)
  let high = last
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if (present(log.bytesBefore[middle], 'within the log') - base <= bounds.bytes) low = middle
    else high = middle - 1
  }
  return low as Index
}

/** The configuration in force for the entry at `at`: made by the last configuration entry below it. */
export function configurationAt(log: Log, at: Index): Configuration | undefined {
  return log.configurations.findLast((configuration) => configuration.index < at)
}

/** The configuration in force at `from`, and every later one. */
export function configurationsFrom(log: Log, from: Index): readonly Configuration[] {
  const first = log.configurations.findLastIndex((configuration) => configuration.index < from)
  return log.configurations.slice(Math.max(first, 0))
}

export const newestConfiguration = (log: Log): Configuration | undefined =>
  log.configurations.at(-1)
