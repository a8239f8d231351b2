/** What a running replica tells: events to the application, problems to whoever counts them, figures to a dashboard. */
import type { ReplicaEvent } from '../protocol/effects.ts'
import type { ReplicaId } from '../protocol/ids.ts'

/** Something that a dashboard may want to know and that the group goes on without. */
export type Problem =
  | {
      readonly type: 'badFrame'
      readonly from: ReplicaId
      readonly why: string
      readonly detail: string
    }
  | {
      readonly type: 'ignored'
      readonly from: ReplicaId
      readonly message: string
      readonly reason: string
    }
  | { readonly type: 'inboxFull' }
  | { readonly type: 'listenerThrew'; readonly error: unknown }

/** What listeners are told, beside `changed`: something that `status()` shows is new. */
export type RuntimeEvent =
  | Exclude<ReplicaEvent, { type: 'ignored' | 'withdrawn' }>
  | { readonly type: 'changed' }
  | { readonly type: 'halted'; readonly error: Error }

/** Figures for a dashboard; all count from the start of this replica. */
export interface Figures {
  readonly commits: number
  readonly journalBytes: number
  readonly framesSent: number
  readonly framesReceived: number
}
