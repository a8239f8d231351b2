/**
 * What a store does with entries that are decided already, whoever tells it so (protocol.md section 8): it keeps them in its
 * memory only, and is counted by nobody. Before it takes part again all of that goes to its disk, as what it is: the
 * beginning of the log of the ballot that the last of them was appended in.
 */
import { assert, present } from '../base/assert.ts'
import { compareBallots, laterBallot } from './ballot.ts'
import { raiseDecided } from './decide.ts'
import type { Entry } from './entry.ts'
import { entryBytes, sameEntry } from './entry.ts'
import type { Index } from './ids.ts'
import { undecidedBytesMax } from './limits.ts'
import { appendToLog, entryAt, logEnd, sliceOfLog, truncateLog } from './log.ts'
import { becomeFollower, noteBallot } from './prepare.ts'
import type { Observing } from './observing.ts'
import type { Snapshot } from './snapshot-state.ts'
import { installSnapshot, rewrite } from './snapshot.ts'
import type { Context, ProtocolState } from './state.ts'

/** From here on this store promises and accepts nothing, and writes nothing. What it promised before stays true: it is silent. */
export function beginObserving({ state }: Context): void {
  becomeFollower(state)
  state.staging = undefined
  const { promised, decidedEnd: from } = state
  state.observing = { promised, held: [], from, snapshot: undefined }
}

/** All that was only in memory goes to the disk, before anything is said that may be counted. */
export function endObserving(context: Context): void {
  const { state, out } = context
  const { observing, log, snapshots, accepted, decidedEnd } = state
  if (observing === undefined) return
  state.observing = undefined
  if (compareBallots(state.promised, observing.promised) > 0) {
    out.persist.push({ type: 'promise', ballot: state.promised })
  }
  const from = state.decidedStored
  if (logEnd(log) === 0) return
  if (from < log.base) {
    return rewrite(context, present(snapshots.last, 'what is not in the log is in a snapshot'))
  }
  state.decidedStored = decidedEnd
  const entries = sliceOfLog(log, from, logEnd(log))
  out.persist.push({ type: 'splice', from, entries, accepted, decidedEnd })
}

/** What an observer was told ends here. */
export function heldEnd({ observing, decidedEnd }: ProtocolState): Index {
  if (observing === undefined) return decidedEnd
  return Math.max(decidedEnd, observing.from + observing.held.length) as Index
}

/** What a leader's beacon said meanwhile, of the log that this store holds of its ballot, is decided and taken: held no more. */
function dropKnown({ decidedEnd }: ProtocolState, observing: Observing): void {
  if (observing.from > decidedEnd) return
  observing.held.splice(0, decidedEnd - observing.from)
  observing.from = decidedEnd
  observing.snapshot = undefined
}

/** Decided entries, [from, …). False: they do not join on to what is known here. */
export function takeDecided(context: Context, from: Index, entries: readonly Entry[]): boolean {
  const { state } = context
  const observing = observingOf(state)
  dropKnown(state, observing)
  const known = heldEnd(state)
  if (from > known) return false
  for (const entry of entries.slice(known - from)) observing.held.push(entry)
  adopt(context, observing)
  return true
}

/** All that is decided below its end. */
export function takeSnapshot(context: Context, snapshot: Snapshot): void {
  const { state } = context
  const observing = observingOf(state)
  if (snapshot.head.end <= heldEnd(state)) return
  observing.held.length = 0
  observing.from = snapshot.head.end
  observing.snapshot = snapshot
  adopt(context, observing)
}

const observingOf = ({ observing }: ProtocolState): Observing =>
  present(observing, 'only who observes takes what others say is decided')

/**
 * The last entry was appended by the leader of its ballot behind all that this ballot began with, and all before it is decided:
 * so this is the beginning of that ballot's log, as if the leader itself had brought this store as far. What the store
 * accepted in a higher ballot is not given up for it: that ballot, or a later one, comes to be told of, too.
 */
function adopt(context: Context, observing: Observing): void {
  const { state } = context
  const { held, snapshot } = observing
  const { log } = state
  const last = held.at(-1)?.ballot ?? snapshot?.head.last.ballot
  if (last === undefined) return
  const order = compareBallots(last, state.accepted)
  const end = heldEnd(state)
  if (order < 0 || (order === 0 && snapshot !== undefined && end < logEnd(log))) {
    // No leader that took over left so much undecided.
    if (held.reduce((sum, entry) => sum + entryBytes(entry), 0) > undecidedBytesMax) held.length = 0
    return
  }
  if (snapshot !== undefined) installSnapshot(context, snapshot)
  if (order === 0) compareHeld(state, held)
  else truncateLog(log, state.decidedEnd)
  appendToLog(log, held.slice(logEnd(log) - state.decidedEnd))
  state.accepted = last
  state.promised = laterBallot(state.promised, last)
  noteBallot(state, last)
  observing.snapshot = undefined
  observing.from = end
  held.length = 0
  raiseDecided(context, end)
}

/** In one ballot there is one log. */
function compareHeld({ log, decidedEnd }: ProtocolState, held: readonly Entry[]): void {
  const end = Math.min(logEnd(log), decidedEnd + held.length)
  for (let at = decidedEnd; at < end; at = (at + 1) as Index) {
    const entry = present(held[at - decidedEnd], 'within what is held')
    assert(sameEntry(entry, entryAt(log, at)), `two decided entries at ${at}`)
  }
}
