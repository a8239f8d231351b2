/**
 * What the decided prefix of a log comes to, so that the prefix need not be kept (protocol.md section 5): when to take it,
 * what it holds beside the application's state, and what a store does with one. Knows no application and no bytes of a disk.
 */
import { assert } from '../base/assert.ts'
import type { Index } from './ids.ts'
import { entryOverheadBytes, sessionAheadMax, sessionsMax } from './limits.ts'
import {
  beginLogAt,
  bytesBetween,
  compactLog,
  configurationAt,
  entryAt,
  logEnd,
  machineAt,
  sliceOfLog,
  stampBefore,
} from './log.ts'
import type { SessionRecord } from './sessions.ts'
import { loadSessions, recordsOf, wasExecuted } from './sessions.ts'
import type { Compacted, Snapshot, Summary } from './snapshot-state.ts'
import type { Context, ProtocolState } from './state.ts'

/**
 * Called with each entry that comes to be decided: what to ask the application's state to be stored with, if it is time to. It is
 * always time when the group goes over to another version of the machine (`raised`): from then on nobody needs the old one.
 */
export function captureAt(state: ProtocolState, end: Index, raised = false): Summary | undefined {
  const { snapshots, log } = state
  const { markedEnd, logBytes, last, capturing } = snapshots
  const weight = bytesBetween(log, markedEnd, end) + (end - markedEnd) * entryOverheadBytes
  const due = logBytes + (last?.head.stateBytes ?? 0) / 2
  // An answer that does not come was lost on its way.
  if (!raised && weight < (capturing === undefined ? due : 4 * due)) return undefined
  return summaryAt(state, end)
}

/** The application is asked from here on. Undefined: there is more to it than is ever read back. */
function summaryAt({ snapshots, log, sessions }: ProtocolState, end: Index): Summary | undefined {
  const configuration = configurationAt(log, end)
  const stamp = stampBefore(log, end)
  assert(configuration !== undefined && stamp !== undefined, 'what is decided begins with a group')
  snapshots.markedEnd = end
  const records = recordsOf(sessions)
  if (!isStorable(records)) return undefined
  snapshots.capturing = end
  const { ballot, stamp: at } = stamp
  const { floor: sessionsFloor } = sessions
  return {
    ...{ end, last: { ballot, stamp: at }, configuration, machine: machineAt(log, end) },
    ...{ sessions: records, sessionsFloor },
  }
}

/** Asks for the state of all that is decided now, whatever the log weighs; `summarized` is told once it is on the disk. */
export function summarize(context: Context): void {
  const { state, out } = context
  const { snapshots, log, decidedEnd: end } = state
  snapshots.wanted = end
  if (snapshots.last?.head.end === end) return tellWanted(context, snapshots.last)
  // Its answer comes first: what was decided since is asked for then.
  if (snapshots.capturing !== undefined) return
  const capture = end === 0 ? undefined : summaryAt(state, end)
  if (capture === undefined) return tellWanted(context, undefined)
  // Handed over once more, not to be run: the state is wanted behind it.
  out.apply.push({
    ...{ index: (end - 1) as Index, entry: entryAt(log, (end - 1) as Index) },
    ...{ repeat: true, capture },
  })
}

/** If somebody waits for one: this is it, or it was too early. Undefined: there will be none. */
function tellWanted(context: Context, snapshot: Snapshot | undefined): void {
  const { snapshots } = context.state
  if (snapshots.wanted === undefined) return
  if (snapshot !== undefined && snapshot.head.end < snapshots.wanted) return summarize(context)
  snapshots.wanted = undefined
  context.out.notify.push({ type: 'summarized', snapshot })
}

/** Beyond what is ever read back the log is kept instead. */
const isStorable = (records: readonly SessionRecord[]): boolean =>
  records.length <= sessionsMax && records.every(({ ahead }) => ahead.length <= sessionAheadMax)

/** The application's answer; undefined: its state cannot be stored, and the log is kept. */
export function onCaptured(context: Context, end: Index, snapshot: Snapshot | undefined): void {
  const { state } = context
  const { snapshots } = state
  // Another store's snapshot, of more entries, may have been installed meanwhile.
  if (snapshots.capturing !== end) return
  snapshots.capturing = undefined
  if (snapshot === undefined) {
    snapshots.borrowing ??= { from: undefined, at: context.now, fetching: undefined }
    return tellWanted(context, undefined)
  }
  assert(snapshot.head.end === end, 'a snapshot is of the place that it was asked for')
  keepSnapshot(context, snapshot)
}

/** It takes the place of all that it sums up, but for what lies behind the one before. */
export function keepSnapshot(context: Context, snapshot: Snapshot): void {
  const { state } = context
  const { snapshots, log } = state
  const { end } = snapshot.head
  assert(end <= state.decidedEnd, 'only what is decided is summed up')
  // What was decided under an older version of the machine is for nobody to run again.
  const anew = snapshot.head.machine?.index === end - 1
  snapshots.previous = anew ? undefined : snapshots.last
  snapshots.last = snapshot
  snapshots.borrowing = undefined
  compactLog(log, anew ? end : (snapshots.previous?.head.end ?? log.base))
  if (state.observing === undefined) rewrite(context, snapshot)
  tellWanted(context, snapshot)
}

/** Takes another store's snapshot for all that it sums up. Nothing of it is on the disk yet: `rewrite` follows. */
export function installSnapshot(context: Context, snapshot: Snapshot): void {
  const { state, out } = context
  const { snapshots, log, sessions } = state
  const { end, last, configuration, machine } = snapshot.head
  assert(end > state.decidedEnd, 'an installed snapshot knows more than this store')
  assert(configuration.index < end, 'the configuration of a snapshot is summed up in it')
  beginLogAt(log, end, { before: last, configuration, machine })
  loadSessions(sessions, snapshot.sessions, snapshot.head.sessionsFloor)
  state.decidedEnd = end
  snapshots.last = snapshot
  snapshots.previous = undefined
  snapshots.capturing = undefined
  snapshots.markedEnd = end
  snapshots.fetching = undefined
  snapshots.borrowing = undefined
  out.restore.push(snapshot)
  settleOvertaken(context)
  tellWanted(context, snapshot)
}

/** Own proposals that are among what is summed up ran, and nobody here knows how they ended. */
function settleOvertaken({ state, out, now }: Context): void {
  for (const [key, { proposal, place }] of state.outbox) {
    if (place === undefined || !wasExecuted(state.sessions, { ...proposal, ...place })) continue
    const { author, incarnation, seq } = proposal
    state.outbox.delete(key)
    out.outbox.push({ type: 'drop', proposal })
    out.notify.push({ type: 'overtaken', id: { author, incarnation, seq } })
    if (incarnation !== state.incarnation) continue
    state.ownDecidedSeq = Math.max(state.ownDecidedSeq, seq)
    state.ownDecidedAt = now
  }
}

/** One record takes the place of all that the store holds. */
export function rewrite({ state, out }: Context, snapshot: Snapshot): void {
  const { log, estate, promised, accepted, decidedEnd } = state
  state.decidedStored = decidedEnd
  out.persist.push({
    ...{ type: 'rewrite', snapshot, base: log.base, promised, accepted, decidedEnd },
    entries: sliceOfLog(log, log.base, logEnd(log)),
    estate: { votes: estate.written, armed: estate.armed, receipts: new Map(estate.receipts) },
  })
}

/** What a store starts with whose disk holds a snapshot: the log from `base` on is still to be appended. */
export function recoverSnapshot(context: Context, { snapshot, base }: Compacted): void {
  const { state, out } = context
  const { snapshots, log, sessions } = state
  const { end, last, configuration, machine } = snapshot.head
  assert(base <= end, 'the log on a disk begins at its snapshot, or before')
  beginLogAt(log, base, { before: base === end ? last : undefined, configuration, machine })
  // A configuration that was made above the base comes with the entries.
  if (configuration.index >= base) log.configurations.length = 0
  if (machine !== undefined && machine.index >= base) log.machines.length = 0
  loadSessions(sessions, snapshot.sessions, snapshot.head.sessionsFloor)
  state.decidedEnd = end
  snapshots.last = snapshot
  snapshots.markedEnd = end
  out.restore.push(snapshot)
  settleOvertaken(context)
}
