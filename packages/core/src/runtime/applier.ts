/** Hands what is decided to the application, and what came of it to whoever proposed it here. Knows no protocol. */
import { UnanimousError } from '../base/errors.ts'
import type { StateMachine } from '../ports/state-machine.ts'
import type { Decided } from '../protocol/effects.ts'
import type { Incarnation, ReplicaId } from '../protocol/ids.ts'
import type { Outstanding } from './outstanding.ts'

export interface ApplierParts<Outcome> {
  readonly machine: StateMachine<Outcome>
  readonly outstanding: Outstanding<Outcome>
  readonly self: ReplicaId
  readonly incarnation: Incarnation
}

/** Throws when the machine does: what is decided cannot be skipped. */
export function applyDecided<Outcome>(
  { machine, outstanding, self, incarnation: start }: ApplierParts<Outcome>,
  { entry, index, repeat }: Decided,
): void {
  if (entry.kind !== 'command' || repeat) return
  const { ballot, stamp, author, incarnation, seq, command } = entry
  let result: Outcome
  try {
    result = machine.apply({ index, ballot, stamp, author, incarnation, seq, command })
  } catch (cause) {
    if (cause instanceof UnanimousError) throw cause
    throw new Error('The application’s machine threw while applying.', { cause })
  }
  if (author === self && incarnation === start) {
    outstanding.settle(seq, { kind: 'decided', index, result })
  }
}
