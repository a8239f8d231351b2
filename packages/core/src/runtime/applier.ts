/** Hands what is decided to the application, and what came of it to whoever proposed it here. Knows no protocol. */
import { UnanimousError } from '../base/errors.ts'
import type { StateMachine } from '../ports/state-machine.ts'
import type { Decided, Effects } from '../protocol/effects.ts'
import { dueOf, isRestored } from '../protocol/effects.ts'
import type { Index, ReplicaId } from '../protocol/ids.ts'
import type { Snapshot } from '../protocol/snapshot-state.ts'
import { fingerprintEntries } from '../protocol/limits.ts'
import { hashOfState } from '../protocol/snapshot-transfer.ts'
import { outboxKey } from '../protocol/state.ts'
import type { Input } from '../replica/input.ts'
import type { CaptureParts } from './capture.ts'
import { captureState } from './capture.ts'
import type { Outstanding } from './outstanding.ts'
import { unseenFates } from './outstanding.ts'
import type { VersionGate } from './version-gate.ts'

export interface ApplierParts<Outcome> extends CaptureParts {
  readonly machine: StateMachine<Outcome>
  readonly outstanding: Outstanding<Outcome>
  readonly self: ReplicaId
  readonly gate: VersionGate
}

/**
 * Hands all that is due over, as long as the replica runs. Throws when the machine does: what is decided cannot be skipped.
 * Returns what the replica wants to know of the state: what it was at the last place where replicas compare, and a snapshot
 * where it asked for one.
 */
export function applyAll<Outcome>(
  parts: ApplierParts<Outcome>,
  effects: Pick<Effects, 'apply' | 'restore'>,
  isRunning: () => boolean,
): readonly Input[] {
  const compared = effects.apply.findLast(({ index }) => (index + 1) % fingerprintEntries === 0)
  const answers: Input[] = []
  for (const due of dueOf(effects)) {
    if (isRestored(due)) restore(parts, due)
    else applyDecided(parts, due)
    if (!isRunning()) return []
    if (isRestored(due)) continue
    if (due === compared) answers.push(...fingerprintOf(parts, (due.index + 1) as Index))
    if (due.capture === undefined) continue
    const { end } = due.capture
    answers.push({ type: 'captured', end, snapshot: captureState(parts, due.capture) })
  }
  return answers
}

function restore<Outcome>(
  { machine, gate }: ApplierParts<Outcome>,
  { head, state }: Snapshot,
): void {
  const version = head.machine?.version
  if (gate.restore(version)) machine.restore(state, version)
}

function fingerprintOf<Outcome>(
  { machine, gate }: ApplierParts<Outcome>,
  end: Index,
): readonly Input[] {
  const state = gate.isShut ? undefined : machine.snapshot()
  if (state === undefined) return []
  return [{ type: 'fingerprint', fingerprint: { end, hash: hashOfState(state) } }]
}

function applyDecided<Outcome>(
  { machine, outstanding, self, gate }: ApplierParts<Outcome>,
  { entry, index, repeat }: Decided,
): void {
  if (entry.kind === 'machine' && !repeat && gate.raise(entry.version)) {
    blaming('going over to another version', () => machine.raise?.(entry.version))
  }
  if (entry.kind !== 'command' || repeat) return
  const { ballot, stamp, author, incarnation, seq, command } = entry
  if (gate.isShut) {
    if (author === self) outstanding.settle(outboxKey(entry), unseenFates.overtaken)
    return
  }
  const result = blaming('applying', () =>
    machine.apply({ index, ballot, stamp, author, incarnation, seq, command }),
  )
  // Of a former start, too: whoever asked for it again is answered like anybody.
  if (author === self) outstanding.settle(outboxKey(entry), { kind: 'decided', index, result })
}

/** What the application's own code throws is told as such. */
function blaming<T>(what: string, run: () => T): T {
  try {
    return run()
  } catch (cause) {
    if (cause instanceof UnanimousError) throw cause
    throw new Error(`The application’s machine threw while ${what}.`, { cause })
  }
}
