/** Snapshots of applications that are only bytes, and stores that take them when a test says so. */
import { present } from '../base/assert.ts'
import type { Effects } from '../protocol/effects.ts'
import type { ReplicaId } from '../protocol/ids.ts'
import type { Snapshot, Summary } from '../protocol/snapshot-state.ts'
import { hashOfState } from '../protocol/snapshot-transfer.ts'
import { onCaptured } from '../protocol/snapshot.ts'
import type { Stores } from './stores.ts'

/** What a store that was asked for `summary` answers. */
export function snapshotFrom(summary: Summary, state: Uint8Array): Snapshot {
  const { sessions, ...rest } = summary
  return {
    head: {
      ...{ ...rest, digest: '0'.repeat(64), commands: 0, hash: hashOfState(state) },
      ...{ sessionCount: sessions.length, stateBytes: state.length },
    },
    ...{ sessions, state },
  }
}

/** `id` was asked for its application's state and answers with `state`. */
export function answer(stores: Stores, id: ReplicaId, state: Uint8Array): Effects {
  const summary = present(stores.asked.get(id), 'it was asked')
  return stores.act(id, (context) => {
    onCaptured(context, summary.end, snapshotFrom(summary, state))
  })
}
