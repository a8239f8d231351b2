/** What a running replica tells: events to the application, problems to whoever counts them, figures to a dashboard. */
import type { MachineVersionMissing } from '../base/errors.ts'
import type { ReplicaEvent, Unseen } from '../protocol/effects.ts'
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

/** What only the runtime itself acts on. */
type Inner = Unseen['type'] | 'ignored' | 'readable' | 'diverged' | 'superseded' | 'rotationDue'

/** What listeners are told, beside `changed`: something that `status()` shows is new. */
export type RuntimeEvent =
  | Exclude<ReplicaEvent, { type: Inner }>
  | { readonly type: 'changed' }
  /** This store goes by another secret of the group from here on. */
  | { readonly type: 'rotated' }
  | { readonly type: 'halted'; readonly error: Error }
  /** The group works with a version of the machine that this page does not carry. */
  | { readonly type: 'versionMissing'; readonly error: MachineVersionMissing }

/** Messages of one kind and their bytes, relayed ones by what is inside. */
export interface FrameCount {
  readonly sent: number
  readonly received: number
  readonly bytesSent: number
  readonly bytesReceived: number
}

/** What can be counted from outside: messages, and who led. */
export interface FrameFigures {
  readonly framesSent: number
  readonly framesReceived: number
  readonly bytesSent: number
  readonly bytesReceived: number
  /** By the kind of message, sorted. */
  readonly kinds: Readonly<Record<string, FrameCount>>
  /** How often this replica stood for leader, how often it won, and how many leaderships it followed. */
  readonly elections: number
  readonly electionsWon: number
  readonly leaders: number
}

/** Figures for a dashboard; all count from the start of this replica, but for `proposals`. */
export interface Figures extends FrameFigures {
  /** Strict commits, and their bytes. */
  readonly commits: number
  readonly journalBytes: number
  /** This replica's own proposals whose fate is open now, and their bytes. */
  readonly proposals: number
  readonly proposalBytes: number
}
