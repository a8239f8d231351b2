/**
 * Which commands were executed already, so that a repeated one does not run twice: part of the replicated state, the same for
 * every replica that applied the same prefix of the log. Bounded: a session that nobody used for long, by the log's own time,
 * or that is the least used of too many, is forgotten, and whatever still comes of it never runs.
 */
import type { CommandEntry, InSession, ProposalId } from './entry.ts'
import type { Incarnation, Index, ReplicaId, WallMillis } from './ids.ts'
import { sessionIdleMs, sessionsKeptMax, sessionWindow } from './limits.ts'

/** What one start of one author asked for, from some place of the log on. */
interface Session {
  readonly author: ReplicaId
  readonly incarnation: Incarnation
  readonly opened: Index
  /** All below are executed, or never will be asked for again. */
  end: number
  /** Executed ahead of `end`. */
  readonly ahead: Set<number>
  /** The log's time when it was last used. */
  usedAt: WallMillis
}

type SessionKey = string

export interface Sessions {
  /** The one that was used least recently first. */
  readonly known: Map<SessionKey, Session>
  /**
   * Whatever was opened below this place and is not known was forgotten: it cannot be told from one that never was, so that
   * neither runs.
   */
  floor: Index
}

export const noSessions = (): Sessions => ({ known: new Map(), floor: 0 as Index })

/** A command's place among all that its author ever asks for. */
export type SessionPlace = ProposalId & Pick<InSession, 'session'>

const keyOf = ({ author, incarnation, session }: Omit<SessionPlace, 'seq'>): SessionKey =>
  `${author} ${incarnation} ${session}`

export function wasExecuted(sessions: Sessions, place: SessionPlace): boolean {
  const session = sessions.known.get(keyOf(place))
  return session !== undefined && (place.seq < session.end || session.ahead.has(place.seq))
}

/** True: what comes of this session from here on never runs. */
export const isForgotten = (sessions: Sessions, place: Omit<SessionPlace, 'seq'>): boolean =>
  place.session < sessions.floor && !sessions.known.has(keyOf(place))

/** What becomes of a decided command: `repeat`: it ran before. `expired`: nobody knows whether it did, and it does not. */
export type Execution = 'runs' | 'repeat' | 'expired'

/** Called with each decided command in order; `index` is where it stands. */
export function execute(sessions: Sessions, entry: CommandEntry, index: Index): Execution {
  // Entries of the time before there were sessions stay what they were then.
  const old = entry.session === 0
  if (!old) forgetIdle(sessions, entry.stamp)
  // Whoever keeps the rules does neither.
  if (!old && (entry.session > index || entry.seq - entry.low >= sessionWindow)) return 'expired'
  const key = keyOf(entry)
  const session = sessions.known.get(key) ?? begun(sessions, entry)
  if (session === undefined) return 'expired'
  sessions.known.delete(key)
  sessions.known.set(key, session)
  session.usedAt = entry.stamp
  if (!old) forgetExcess(sessions)
  raise(session, entry.low)
  return note(session, entry.seq) ? 'runs' : 'repeat'
}

function begun(sessions: Sessions, entry: CommandEntry): Session | undefined {
  const { author, incarnation, session: opened, stamp } = entry
  if (opened > 0 && opened < sessions.floor) return undefined
  return { author, incarnation, opened, end: 0, ahead: new Set(), usedAt: stamp }
}

function note(session: Session, seq: number): boolean {
  const { ahead } = session
  if (seq < session.end || ahead.has(seq)) return false
  ahead.add(seq)
  raise(session, session.end)
  return true
}

/** Nothing below `low` is asked for again: what was executed of it need not be remembered one by one. */
function raise(session: Session, low: number): void {
  const { ahead } = session
  if (low > session.end) {
    session.end = low
    for (const seq of ahead) if (seq < low) ahead.delete(seq)
  }
  while (ahead.delete(session.end)) session.end += 1
}

function forgetIdle(sessions: Sessions, now: WallMillis): void {
  for (const [key, session] of sessions.known) {
    if (now - session.usedAt <= sessionIdleMs) return
    forget(sessions, key, session)
  }
}

function forgetExcess(sessions: Sessions): void {
  for (const [key, session] of sessions.known) {
    if (sessions.known.size <= sessionsKeptMax) return
    forget(sessions, key, session)
  }
}

function forget(sessions: Sessions, key: SessionKey, { opened }: Session): void {
  sessions.known.delete(key)
  sessions.floor = Math.max(sessions.floor, opened + 1) as Index
}

/** One session, as it is stored and sent. */
export interface SessionRecord extends Omit<Session, 'end' | 'ahead' | 'usedAt'> {
  readonly end: number
  /** Sorted, each above `end`. */
  readonly ahead: readonly number[]
  readonly usedAt: WallMillis
}

/** The one that was used least recently first: the same for two replicas that applied the same prefix. */
export function recordsOf({ known }: Sessions): readonly SessionRecord[] {
  return [...known.values()].map(({ author, incarnation, opened, usedAt, end, ahead }) => ({
    ...{ author, incarnation, opened, usedAt, end },
    ahead: [...ahead].sort((a, b) => a - b),
  }))
}

/** Forgets what was there. */
export function loadSessions(
  sessions: Sessions,
  records: readonly SessionRecord[],
  floor: Index,
): void {
  sessions.known.clear()
  sessions.floor = floor
  for (const { ahead, ...rest } of records) {
    const key = keyOf({ ...rest, session: rest.opened })
    sessions.known.set(key, { ...rest, ahead: new Set(ahead) })
  }
}
