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

export type Sessions = Map<string, Executed>

const keyOf = (author: ReplicaId, incarnation: Incarnation): string => `${author}.${incarnation}`

export function wasExecuted(sessions: Sessions, { author, incarnation, seq }: ProposalId): boolean {
  const executed = sessions.get(keyOf(author, incarnation))
  return executed !== undefined && (seq < executed.end || executed.ahead.has(seq))
}

/** Notes that a proposal is executed now. False: it was executed before. */
export function execute(sessions: Sessions, id: ProposalId): boolean {
  const key = keyOf(id.author, id.incarnation)
  const executed = sessions.get(key) ?? { end: 0, ahead: new Set() }
  sessions.set(key, executed)
  if (id.seq < executed.end || executed.ahead.has(id.seq)) return false
  executed.ahead.add(id.seq)
  while (executed.ahead.delete(executed.end)) executed.end += 1
  return true
}
