/** Hands what is decided to the application, and what came of it to whoever proposed it here. Knows no protocol. */
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'
import { UnanimousError } from '../base/errors.ts'
import type { StateMachine } from '../ports/state-machine.ts'
import type { Decided } from '../protocol/effects.ts'
import type { Incarnation, Index, ReplicaId } from '../protocol/ids.ts'
import { fingerprintEntries } from '../protocol/limits.ts'
import type { Fingerprint } from '../protocol/message.ts'
import type { Outstanding } from './outstanding.ts'

export interface ApplierParts<Outcome> {
  readonly machine: StateMachine<Outcome>
  readonly outstanding: Outstanding<Outcome>
  readonly self: ReplicaId
  readonly incarnation: Incarnation
}

/**
 * Hands all of `apply` over, as long as the replica runs. Throws when the machine does: what is decided cannot be skipped.
 * Returns what the state was at the last place among them where replicas compare.
 */
export function applyAll<Outcome>(
  parts: ApplierParts<Outcome>,
  apply: readonly Decided[],
  isRunning: () => boolean,
): Fingerprint | undefined {
  const compared = apply.findLast(({ index }) => (index + 1) % fingerprintEntries === 0)?.index
  let fingerprint: Fingerprint | undefined
  for (const decided of apply) {
    applyDecided(parts, decided)
    if (!isRunning()) return undefined
    if (decided.index !== compared) continue
    fingerprint = { end: (compared + 1) as Index, hash: hashOf(parts.machine.snapshot()) }
  }
  return fingerprint
}

const hashOf = (bytes: Uint8Array): string => bytesToHex(sha256(bytes)).slice(0, 32)

function applyDecided<Outcome>(
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
