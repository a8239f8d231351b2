/** What `group.inspect` shows: the log and the figures of this tab's replica. */
import type { Clock, Entry, Replica, TraceEvent } from '@unanimous/core'
import { traceVersion } from '@unanimous/core'
import { decodeCommand } from './command-codec.ts'
import type { Faults } from './faults.ts'
import type { EntryInfo, Inspect, Metrics, Trace } from './inspect.ts'
import type { Ending } from './machine-runner.ts'
import type { MemberId } from './machine.ts'
import type { ProposalTally } from './proposal-tally.ts'

export interface Inspected {
  /** Of the present stay, or of the last one. */
  readonly replica: () => Replica<Ending>
  /** Of all stays. */
  readonly onTrace: (listener: (event: TraceEvent) => void) => () => void
  readonly clock: Clock
  readonly ignored: ReadonlyMap<string, number>
  readonly tally: ProposalTally
  readonly faults: Faults | undefined
}

const metricsMsDefault = 1000

export function createInspect(inspected: Inspected): Inspect {
  const { replica, clock, ignored } = inspected
  return {
    entries(count = 50) {
      const end = replica().status().decidedEnd
      const entries = replica().decided(Math.max(0, end - count), end)
      const from = end - entries.length
      return entries.map((entry, offset) => entryInfo(entry, from + offset))
    },
    digest: (end) => replica().digest(end ?? replica().status().decidedEnd),
    figures() {
      const { commits, journalBytes, framesSent, framesReceived } = replica().figures()
      const refused = Object.fromEntries(ignored)
      return { commits, journalBytes, framesSent, framesReceived, ignored: refused }
    },
    metrics: () => metricsOf(inspected),
    onMetrics: (listener, everyMs = metricsMsDefault) =>
      clock.every(everyMs, () => listener(metricsOf(inspected))),
    trace: traceOf(inspected),
    invariants: () => replica().invariants(),
    faults: inspected.faults,
  }
}

function metricsOf({ replica: present, clock, ignored, tally }: Inspected): Metrics {
  const replica = present()
  const { commits, journalBytes, proposals, proposalBytes, ...frames } = replica.figures()
  const { elections, electionsWon, leaders, ...network } = frames
  const { logEnd, decidedEnd } = replica.status()
  return {
    at: clock.wall(),
    proposals: { ...tally.counts(), waiting: proposals, waitingBytes: proposalBytes },
    latencyMs: tally.latency(),
    log: { end: logEnd, decided: decidedEnd },
    disk: { commits, bytes: journalBytes },
    network,
    elections: { stood: elections, won: electionsWon, followed: leaders },
    ignored: Object.fromEntries(ignored),
  }
}

const traceOf = ({ replica: present, onTrace }: Inspected): Trace => ({
  recent: (count) => present().trace.recent(count),
  on: onTrace,
  download() {
    const replica = present()
    const { id: member, group, incarnation } = replica
    const head = { schema: 'unanimous-trace', version: traceVersion, member, incarnation, group }
    const lines = [head, ...replica.trace.recent()].map((line) => `${JSON.stringify(line)}\n`)
    return new Blob(lines, { type: 'application/jsonl' })
  },
})

const entryInfo = (entry: Entry, index: number): EntryInfo => ({
  index,
  kind: entry.kind,
  ballot: entry.ballot,
  stamp: entry.stamp,
  author: entry.kind === 'command' ? entry.author : undefined,
  command: entry.kind === 'command' ? decodeCommand(entry.command)?.name : undefined,
  voters: votersOf(entry),
  version: entry.kind === 'machine' ? entry.version : undefined,
})

function votersOf(entry: Entry): readonly MemberId[] | undefined {
  if (entry.kind === 'genesis') return [entry.founder]
  return entry.kind === 'config' ? (entry.voters as readonly string[] as MemberId[]) : undefined
}
