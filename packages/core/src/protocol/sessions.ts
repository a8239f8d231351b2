/**
 * Which proposals were executed already, so that a repeated one does not run twice. Part of the replicated state: every
 * replica that applied the same prefix of the log holds the same.
 */
import type { Incarnation, ReplicaId } from './ids.ts'
import type { ProposalId } from './entry.ts'

/** One start of one author. */
interface Executed {
  /** All below are executed. */
  end: number
  /** Executed ahead of `end`. */
  readonly ahead: Set<number>
}

export type Sessions = Map<ReplicaId, Map<Incarnation, Executed>>

const executedOf = (sessions: Sessions, id: ProposalId): Executed | undefined =>
  sessions.get(id.author)?.get(id.incarnation)

function begin(sessions: Sessions, { author, incarnation }: ProposalId): Executed {
  const executed: Executed = { end: 0, ahead: new Set() }
  const starts = sessions.get(author) ?? new Map<Incarnation, Executed>()
  sessions.set(author, starts.set(incarnation, executed))
  return executed
}

export function wasExecuted(sessions: Sessions, id: ProposalId): boolean {
  const executed = executedOf(sessions, id)
  return executed !== undefined && (id.seq < executed.end || executed.ahead.has(id.seq))
}

/** Notes that a proposal is executed now. False: it was executed before. */
export function execute(sessions: Sessions, id: ProposalId): boolean {
  const executed = executedOf(sessions, id) ?? begin(sessions, id)
  const { ahead } = executed
  if (id.seq < executed.end || ahead.has(id.seq)) return false
  if (id.seq > executed.end) {
    ahead.add(id.seq)
    return true
  }
  executed.end += 1
  while (ahead.delete(executed.end)) executed.end += 1
  return true
}

/** One start of one author, as it is stored and sent. */
export interface SessionRecord {
  readonly author: ReplicaId
  readonly incarnation: Incarnation
  readonly end: number
  /** Sorted, each above `end`. */
  readonly ahead: readonly number[]
}

/** Sorted: the same for two replicas that applied the same prefix. */
export function recordsOf(sessions: Sessions): readonly SessionRecord[] {
  const records: SessionRecord[] = []
  for (const author of [...sessions.keys()].sort()) {
    const starts = [...(sessions.get(author) ?? [])].sort(([a], [b]) => a - b)
    for (const [incarnation, { end, ahead }] of starts) {
      records.push({ author, incarnation, end, ahead: [...ahead].sort((a, b) => a - b) })
    }
  }
  return records
}

/** Forgets what was there. */
export function loadSessions(sessions: Sessions, records: readonly SessionRecord[]): void {
  sessions.clear()
  for (const { author, incarnation, end, ahead } of records) {
    const starts = sessions.get(author) ?? new Map<Incarnation, Executed>()
    sessions.set(author, starts.set(incarnation, { end, ahead: new Set(ahead) }))
  }
}
