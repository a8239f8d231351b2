/** The invariants of protocol.md section 12 that one replica can check on itself, as code; run after every step of every test. */
import { assert } from '../base/assert.ts'
import type { Ballot } from './ballot.ts'
import { compareBallots, sameBallot } from './ballot.ts'
import type { Entry } from './entry.ts'
import { sameEntry } from './entry.ts'
import type { Index } from './ids.ts'
import { entryAt, logEnd } from './log.ts'
import type { ProtocolState } from './state.ts'

/** What has to be remembered of a state in order to judge the next one. */
export interface Moment {
  readonly promised: Ballot
  readonly accepted: Ballot
  readonly decidedEnd: Index
  readonly end: Index
  readonly snapshotEnd: Index
  readonly lastDecided: Entry | undefined
  readonly lastEntry: Entry | undefined
}

export function momentOf(state: ProtocolState): Moment {
  const { promised, accepted, decidedEnd, log } = state
  return {
    promised,
    accepted,
    decidedEnd,
    end: logEnd(log),
    snapshotEnd: snapshotEndOf(state),
    lastDecided: log.entries[decidedEnd - 1 - log.base],
    lastEntry: log.entries.at(-1),
  }
}

/** Throws InvariantViolation, naming the invariant. `previous`: the snapshot before the step. */
export function checkInvariants(previous: Moment, state: ProtocolState): void {
  const { promised, accepted, decidedEnd, log, role } = state
  const end = logEnd(log)
  assert(compareBallots(accepted, promised) <= 0, 'INV1: accepted above what was promised')
  assert(compareBallots(promised, previous.promised) >= 0, 'INV2: a promise was taken back')
  assert(compareBallots(accepted, previous.accepted) >= 0, 'INV3: an acceptance was taken back')
  assert(decidedEnd >= previous.decidedEnd, 'INV4: the decided prefix shrank')
  assert(decidedEnd <= end, 'INV5: decided an entry that is not in the log')
  if (previous.lastDecided !== undefined && previous.decidedEnd > log.base) {
    const still = entryAt(log, (previous.decidedEnd - 1) as Index)
    assert(sameEntry(still, previous.lastDecided), 'INV6: a decided entry was replaced')
  }
  if (sameBallot(accepted, previous.accepted) && previous.lastEntry !== undefined) {
    assert(end >= previous.end, 'INV7: the log shrank within one ballot')
    const still = log.entries[previous.end - 1 - log.base]
    const same = still === undefined || sameEntry(still, previous.lastEntry)
    assert(same, 'INV7: the log changed within one ballot')
  }
  if (role.phase !== 'follower') {
    assert(sameBallot(role.ballot, promised), 'INV8: leads a ballot that it did not promise')
    assert(role.ballot.node === state.self, "INV8: leads somebody else's ballot")
  }
  if (role.phase === 'leading') {
    assert(sameBallot(accepted, role.ballot), 'INV9: leads without its own log')
    for (const held of role.ends.values()) assert(held <= end, 'INV9: an ack beyond the log')
  }
  const { length } = log.entries
  assert(log.bytesBefore.length === length + 1, 'INV10: the weights do not match the log')
  checkConfigurations(state)
  checkSnapshots(previous, state)
  // Within one ballot a log only grows: what lies below its last end was looked at before.
  checkStamps(state, sameBallot(accepted, previous.accepted) ? previous.end : previous.decidedEnd)
}

function checkConfigurations(state: ProtocolState): void {
  const { log } = state
  for (const { index } of log.configurations) {
    if (index < log.base) continue
    const { kind } = entryAt(log, index)
    const made = kind === 'config' || kind === 'genesis'
    assert(made, 'INV10: a configuration is not in the log')
  }
  for (const { index, version } of log.machines) {
    if (index < log.base) continue
    const entry = entryAt(log, index)
    const made = entry.kind === 'machine' && entry.version === version
    assert(made, 'INV10: a version of the machine is not in the log')
  }
  const genesis = log.base > 0 || log.configurations[0]?.index === 0
  assert(logEnd(log) === 0 || genesis, 'INV10: no genesis')
  const { length } = log.configurations.filter(({ index }) => index < log.base)
  assert(length <= 1, 'INV10: a configuration that is not in force any more')
}

const snapshotEndOf = ({ snapshots }: ProtocolState): Index =>
  snapshots.last?.head.end ?? (0 as Index)

/** What is not in the log any more is summed up, and only what is decided is. */
function checkSnapshots(previous: Moment, state: ProtocolState): void {
  const { log, decidedEnd } = state
  const end = snapshotEndOf(state)
  assert(log.base <= end, 'INV12: entries are gone that nothing sums up')
  assert(end <= decidedEnd, 'INV12: a snapshot sums up what is not decided')
  assert(end >= previous.snapshotEnd, 'INV12: a snapshot was replaced by an older one')
}

/** Time never goes back along the log. */
function checkStamps(state: ProtocolState, from: Index): void {
  const { log } = state
  for (let at = Math.max(from, log.base + 1); at < logEnd(log); at += 1) {
    const later = entryAt(state.log, at as Index).stamp
    assert(later >= entryAt(state.log, (at - 1) as Index).stamp, 'INV11: the log goes back in time')
  }
}
