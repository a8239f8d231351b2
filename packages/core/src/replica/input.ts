/** Everything that can happen to a replica. */
import type { Act } from '../protocol/ask-message.ts'
import type { Proposal } from '../protocol/entry.ts'
import type { Epoch, GroupId, Index, Millis, ReplicaId, WallMillis } from '../protocol/ids.ts'
import type { Fingerprint, Gossip, Message } from '../protocol/message.ts'
import type { Freshness } from '../protocol/reads.ts'
import type { Boxes, Rotation } from '../protocol/rotation.ts'
import type { Snapshot } from '../protocol/snapshot-state.ts'

/** A decoded message with the group that its sender is in; undefined: in none yet. */
export interface Frame {
  readonly group: GroupId | undefined
  readonly epoch: Epoch
  readonly message: Message
}

export type Input =
  | { readonly type: 'tick' }
  | { readonly type: 'received'; readonly from: ReplicaId; readonly frame: Frame }
  /** A neighbour tells of somebody whose word nothing vouches for here: it is passed on, not believed. */
  | { readonly type: 'rumour'; readonly from: ReplicaId; readonly gossip: Gossip }
  /** There is reason to think that this peer is gone; only a hint. */
  | { readonly type: 'suspected'; readonly peer: ReplicaId }
  /** From this replica to itself: everything before it is durable now. */
  | { readonly type: 'durable'; readonly message: Message }
  | { readonly type: 'link'; readonly peer: ReplicaId; readonly up: boolean }
  | { readonly type: 'proposed'; readonly proposal: Proposal }
  | { readonly type: 'withdrawn'; readonly seq: number }
  /** The application wants to read; `id` is told as readable once it may. */
  | { readonly type: 'read'; readonly id: number; readonly freshness: Freshness }
  /** Nobody waits for it any more. */
  | { readonly type: 'readEnded'; readonly id: number }
  /** The application's state was looked at. */
  | { readonly type: 'fingerprint'; readonly fingerprint: Fingerprint }
  /** The state of what is decided now shall be stored, whatever the log weighs. */
  | { readonly type: 'summarize' }
  /** The application's state after the first `end` entries, as it was asked for; undefined: it cannot be stored. */
  | { readonly type: 'captured'; readonly end: Index; readonly snapshot: Snapshot | undefined }
  /** A person wants something of the group; `id` is told as answered once it is so, or will not be. */
  | {
      readonly type: 'ask'
      readonly id: number
      readonly act: Act
      readonly about: ReplicaId
      /** With `rotate`: how often the secret was changed before; else 0. */
      readonly rotations: number
    }
  /** A secret was drawn, as it was asked for with `rotationDue`. */
  | { readonly type: 'rotate'; readonly rotation: Rotation; readonly boxes: Boxes }
  /** Nobody waits for it any more. */
  | { readonly type: 'askEnded'; readonly id: number }
  /** The room is ours to found in. */
  | { readonly type: 'found'; readonly nonce: string }
  | { readonly type: 'visibility'; readonly hidden: boolean }
  | { readonly type: 'storage'; readonly ok: boolean }
  /** What the others shall see of this member; at most `presenceBytesMax` bytes. */
  | { readonly type: 'show'; readonly shown: Uint8Array }
  /** The page is about to stand still for a while. */
  | { readonly type: 'freezing' }
  /** The application wants its vote out of the group. */
  | { readonly type: 'leave' }
  /** The page goes away now: hand over, say good-bye; nothing is sent afterwards. */
  | { readonly type: 'close' }
  /** All inputs that waited are in: append and send what they gathered. */
  | { readonly type: 'flush' }

/** When an input happens. */
export interface Instant {
  readonly now: Millis
  readonly wall: WallMillis
}
