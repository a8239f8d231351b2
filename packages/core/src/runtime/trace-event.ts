/** What a replica remembers of its own life, moment by moment, for people and tools. Types only; nothing may depend on one. */
import type { Ballot } from '../protocol/ballot.ts'
import type { GroupId, ReplicaId, VoteId } from '../protocol/ids.ts'
import type { Message } from '../protocol/message.ts'

/** Raised with every change of what an event says, for whoever reads files of them. */
export const traceVersion = 1

/** One whole message on one link. */
interface Frame {
  /** The other end of the link. */
  readonly peer: ReplicaId
  /** What it says; of a relayed one, what is inside. */
  readonly kind: Message['type']
  readonly bytes: number
  /** Of a relayed one: every store that it comes by, its first sender and its last receiver included. */
  readonly path?: readonly ReplicaId[]
}

/** What may happen, without its time. */
export type TraceFact =
  /** `dropped`: the link was gone or its queue was full. */
  | ({ readonly type: 'sent'; readonly dropped?: true } & Frame)
  | ({ readonly type: 'received' } & Frame)
  /** A frame that was refused, and why. */
  | {
      readonly type: 'ignored'
      readonly peer: ReplicaId
      readonly kind: string
      readonly reason: string
    }
  | { readonly type: 'link'; readonly peer: ReplicaId; readonly up: boolean }
  | { readonly type: 'joined'; readonly group: GroupId }
  /** From now on this store accepts nothing below `ballot`. */
  | { readonly type: 'promised'; readonly ballot: Ballot }
  /** This store asks for promises, won them, or stepped down. */
  | {
      readonly type: 'role'
      readonly phase: 'follower' | 'preparing' | 'leading'
      readonly ballot: Ballot
    }
  /** Whom this store follows; undefined: nobody. */
  | { readonly type: 'leader'; readonly leader: ReplicaId | undefined; readonly ballot: Ballot }
  /** The first `end` entries are known here to be decided. */
  | { readonly type: 'decided'; readonly end: number }
  | { readonly type: 'voters'; readonly voters: readonly VoteId[] }
  | { readonly type: 'visibility'; readonly hidden: boolean }
  | { readonly type: 'closed' }
  | { readonly type: 'halted'; readonly why: string }

/** One moment of a replica's life. */
export type TraceEvent = TraceFact & {
  /** Counts the events of this replica since its start: what is missing between two was thrown away. */
  readonly seq: number
  /** Milliseconds since 1970, by this machine's clock. */
  readonly at: number
}
