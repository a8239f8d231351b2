/** Makes a snapshot of what was just applied, as the transition asked for it. Knows the application, not what becomes of it. */
import type { EntriesCodec } from '../codec/entries-codec.ts'
import type { StateMachine } from '../ports/state-machine.ts'
import { snapshotBytesMax } from '../protocol/limits.ts'
import { sliceOfLog } from '../protocol/log.ts'
import type { Snapshot, Summary } from '../protocol/snapshot-state.ts'
import { hashOfState } from '../protocol/snapshot-transfer.ts'
import type { ProtocolState } from '../protocol/state.ts'
import { digestOf } from './digest.ts'
import type { VersionGate } from './version-gate.ts'

export interface CaptureParts {
  readonly machine: Pick<StateMachine<unknown>, 'save'>
  readonly protocol: ProtocolState
  readonly entries: EntriesCodec
  readonly gate: Pick<VersionGate, 'isShut'>
}

/** Undefined: the state cannot be stored, or is not wanted any more. */
export function captureState(
  { machine, protocol, entries, gate }: CaptureParts,
  { sessions, ...rest }: Summary,
): Snapshot | undefined {
  const { snapshots, log } = protocol
  const { end } = rest
  if (snapshots.capturing !== end) return undefined
  const state = gate.isShut ? undefined : machine.save()
  if (state === undefined || state.length > snapshotBytesMax) return undefined
  const before = snapshots.last
  const from = before?.head.end ?? log.base
  const { hash: digest, commands } = digestOf(sliceOfLog(log, from, end), entries, before)
  return {
    head: {
      ...{ ...rest, digest, commands, hash: hashOfState(state) },
      ...{ sessionCount: sessions.length, stateBytes: state.length },
    },
    ...{ sessions, state },
  }
}
