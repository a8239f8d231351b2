/** What `group.inspect` shows: the log and the figures of this tab's replica. */
import type { Entry, Replica } from '@unanimous/core'
import { decodeCommand } from './command-codec.ts'
import type { EntryInfo, Inspect } from './inspect.ts'
import type { Ending } from './machine-runner.ts'
import type { MemberId } from './machine.ts'

export const createInspect = (
  replica: Replica<Ending>,
  ignored: ReadonlyMap<string, number>,
): Inspect => ({
  entries(count = 50) {
    const end = replica.status().decidedEnd
    const from = Math.max(0, end - count)
    return replica.decided(from, end).map((entry, offset) => entryInfo(entry, from + offset))
  },
  digest: (end) => replica.digest(end ?? replica.status().decidedEnd),
  figures: () => ({ ...replica.figures(), ignored: Object.fromEntries(ignored) }),
})

const entryInfo = (entry: Entry, index: number): EntryInfo => ({
  index,
  kind: entry.kind,
  ballot: entry.ballot,
  stamp: entry.stamp,
  author: entry.kind === 'command' ? entry.author : undefined,
  command: entry.kind === 'command' ? decodeCommand(entry.command)?.name : undefined,
  voters: votersOf(entry),
})

function votersOf(entry: Entry): readonly MemberId[] | undefined {
  if (entry.kind === 'genesis') return [entry.founder]
  return entry.kind === 'config' ? (entry.voters as readonly string[] as MemberId[]) : undefined
}
